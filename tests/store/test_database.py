"""Transactions, failures and migrations, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, insert, select, text

from tactful.chat.transcript import take_numbers
from tactful.errors import SetupError, StoreUnavailable
from tactful.store.database import Database
from tactful.store.tables import conversations, metadata, subjects

SUBJECT = {"id": "s" * 32, "key_id": "k", "restricted": False, "created_at": 1}


def a_conversation(database: Database) -> str:
    with database.begin() as tx:
        tx.execute(insert(subjects).values(SUBJECT))
        tx.execute(insert(conversations).values(id="c" * 32, subject_id=SUBJECT["id"], created_at=1, expires_at=2))
    return "c" * 32


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as tx:
        tx.execute(insert(subjects).values(SUBJECT))
        raise RuntimeError
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(subjects)).scalar_one() == 0


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    def ours(_: object, name: str | None, *about: object) -> bool:
        """The search index is of each database's own kind: see `tactful.store.search`."""
        return not str(name).startswith(("search_words", "ix_search_words"))

    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = database.schema_version()
    database.migrate()
    assert database.schema_version() == before


def test_two_doors_may_migrate_at_once(url: str) -> None:
    doors = [Database(url), Database(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda door: door.migrate(), doors))
    assert doors[0].schema_version() == doors[1].schema_version()
    for door in doors:
        door.close()


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer"):
        database.migrate()


def test_two_threads_never_get_the_same_number(database: Database) -> None:
    conversation = a_conversation(database)

    def take(_: int) -> int:
        with database.begin() as tx:
            return take_numbers(tx, conversation)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(40))) == list(range(1, 41))


def test_sqlite_writes_every_commit_to_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.read() as tx:
        assert tx.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert tx.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert tx.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_locked_database_is_unavailable_and_says_when_to_retry(tmp_path: Path) -> None:
    one, other = (Database(f"sqlite:///{tmp_path / 'x.db'}") for _ in range(2))
    one.migrate()
    with other.read() as tx:
        tx.exec_driver_sql("PRAGMA busy_timeout = 50")
    with one.begin(), pytest.raises(StoreUnavailable) as refusal, other.begin():
        pass
    assert refusal.value.retry_after


def test_a_full_database_is_unavailable_and_keeps_what_it_had(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    database.migrate()
    with pytest.raises(StoreUnavailable), database.begin() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(5000):
            tx.execute(insert(subjects).values(SUBJECT | {"id": f"{number:032d}", "wrapped_key": b"x" * 200}))
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(subjects)).scalar_one() == 0


def test_an_error_does_not_quote_what_was_written(database: Database) -> None:
    a_conversation(database)
    with pytest.raises(Exception) as failure, database.begin() as tx:
        tx.execute(insert(subjects).values(SUBJECT | {"wrapped_key": b"planted-value"}))
    assert "planted-value" not in str(failure.value)
