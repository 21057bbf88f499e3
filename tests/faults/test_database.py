"""SQLite's file is locked, full, moved away, replaced or damaged.

Invariant: what cannot be stored is refused with 503 and `Retry-After` within seconds, nothing is half written, and
everything goes on by itself when the file is well again.
"""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from tactful.config import Settings
from tactful.errors import StoreUnavailable
from tactful.privacy.policy import Policy
from tactful.store import database as databases
from tactful.store.database import Database
from tactful.store.tables import subjects
from tests.faults import promises
from tests.faults.mending import GENEROUS, answered, count, refused, seen, serving
from tests.web.conftest import Customer

IMPATIENT_MS = 300


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(databases, "BUSY_MS", IMPATIENT_MS)
    return Settings(home=tmp_path, engine_port=1, **GENEROUS)


def test_locked_it_refuses_and_goes_on(settings: Settings, policy: Policy) -> None:
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        with closing(sqlite3.connect(settings.home / "tactful.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused(customer, "again", "m2")
            assert seen(customer), "what is there can be read"
            assert count(services.database) == 1
        print(f"locked: {answered(customer, 'm2', 'again'):.2f} s until answered")
    promises.whole(settings)


def test_locked_while_many_write_all_are_refused_together_and_readers_read(settings: Settings, policy: Policy) -> None:
    """Nobody waits for those before him, one after the other, nor keeps a connection from who only reads."""
    database = Database(settings.database)
    database.migrate()
    refusals: list[float] = []

    def write() -> None:
        began = time.monotonic()
        with pytest.raises(StoreUnavailable), database.begin():
            pass
        refusals.append(time.monotonic() - began)

    with closing(sqlite3.connect(settings.home / "tactful.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        threads = [threading.Thread(target=write) for _ in range(40)]
        for thread in threads:
            thread.start()
        with database.read() as tx:
            tx.execute(select(subjects.c.id)).all()
        for thread in threads:
            thread.join()
    assert len(refusals) == 40
    # One after the other it would be twelve seconds.
    assert max(refusals) < 40 * IMPATIENT_MS / 1000 / 2
    database.close()


def test_full_it_refuses_and_goes_on(settings: Settings, policy: Policy) -> None:
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        room = Room(services.database)
        room.take()
        number = 2
        while customer.send("x" * 3000, client_message_id=f"m{number}").status_code == httpx.codes.ACCEPTED:
            number += 1
            assert number < 100
        before = count(services.database)
        refused(customer, "x" * 3000, f"m{number}")
        assert count(services.database) == before == number - 1
        room.give()
        print(f"full: {answered(customer, 'last', 'goodbye'):.2f} s until answered")
        assert count(services.database) == before + 1
        replies = [m["reply_to"] for m in seen(customer) if m["author"] == "bot" and m["reply_to"]]
        # One more than messages: the conversation's own start is answered, too.
        assert len(replies) == len(set(replies)) == count(services.database) + 1
    promises.whole(settings)


class Room:
    """How many pages SQLite's file may have, for every connection from now on."""

    def __init__(self, database: Database) -> None:
        self._database, self._most = database, 1_000_000
        event.listen(database.engine, "connect", self._limit)

    def _limit(self, connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._most}")

    def take(self) -> None:
        with self._database.read() as tx:
            self._most = tx.exec_driver_sql("PRAGMA page_count").scalar_one() + 4
        self._database.engine.dispose()

    def give(self) -> None:
        self._most = 1_000_000
        self._database.engine.dispose()


def test_moved_away_it_refuses_and_goes_on_when_it_is_back(settings: Settings, policy: Policy) -> None:
    """SQLite itself would write on into a file that no name leads to."""
    file, away = settings.home / "tactful.db", settings.home / "elsewhere.db"
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        services.database.clear_journal()
        file.rename(away)
        assert client.get("/readyz").json()["database"] is False, "told before anybody is refused"
        refused(customer, "again", "m2")
        assert client.get("/readyz").json()["database"] is False
        assert not file.exists(), "and makes no new, empty one"
        away.rename(file)
        print(f"away: {answered(customer, 'm2', 'again'):.2f} s until answered")
    promises.whole(settings)


def test_replaced_by_a_backup_it_is_the_backup_that_is_written_to(settings: Settings, policy: Policy) -> None:
    file, backup = settings.home / "tactful.db", settings.home / "backup.db"
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)
        answered(customer, "m2", "after the backup")
        services.database.clear_journal()
        backup.replace(file)
        answered(customer, "m3", "on the backup")
        assert count(services.database) == 2
    database = Database(settings.database)
    assert count(database) == 2
    database.close()


def test_damaged_it_refuses_and_says_so_to_the_operator(
    settings: Settings, policy: Policy, caplog: pytest.LogCaptureFixture
) -> None:
    file = settings.home / "tactful.db"
    with serving(settings, policy) as (client, services):
        customer = Customer(client)
        answered(customer, "m1", "hello")
        services.database.clear_journal()
        whole = file.read_bytes()
        services.database.engine.dispose()
        file.write_bytes(b"no database at all, by no means" * 1000)
        assert customer.send("again", client_message_id="m2").status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "restore a backup" in caplog.text
        file.write_bytes(whole)
