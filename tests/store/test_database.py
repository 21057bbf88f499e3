"""Transactions, failures and migrations, on SQLite and PostgreSQL."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import create_engine, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from tactful.chat.transcript import take_numbers
from tactful.errors import SetupError, StoreUnavailable
from tactful.store.database import LOCK_TIMEOUT_MS, MIGRATION_LOCK, Database
from tactful.store.tables import (
    PENDING,
    conversations,
    messages,
    metadata,
    queue_entries,
    schema_floor,
    subjects,
    turns,
)
from tests.conftest import ROOT

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
        """Not what is of each database's own kind: the search index, and how a repeated message is kept out."""
        apart = "search_words", "ix_search_words", "uq_messages_conversation_id", "ix_messages_conversation_id"
        return not str(name).startswith(apart)

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
        tx.execute(update(schema_floor).values(oldest="9998"))
    for refuses in (database.migrate, database.check_schema):
        with pytest.raises(SetupError, match="newer"):
            refuses()


def test_a_newer_database_that_this_version_can_work_on_is_left_as_it_is(database: Database) -> None:
    """A door of the old version that starts again in the middle of an upgrade."""
    ours = database.schema_version()
    with database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        tx.execute(update(schema_floor).values(oldest=ours))
    database.migrate()
    database.check_schema()
    assert database.schema_version() == "9999"


def test_a_migration_gives_way_to_work_that_is_under_way_and_tries_again(postgres: str) -> None:
    """It must not wait for a lock with everybody else behind it."""
    name = f"m{time.time_ns()}"
    with create_engine(postgres, isolation_level="AUTOCOMMIT").connect() as admin:
        admin.execute(text(f"CREATE DATABASE {name}"))
    database = Database(postgres.replace("/postgres?", f"/{name}?", 1))
    before_the_last(database)
    migrating = threading.Thread(target=database.migrate)
    with database.engine.connect() as other:
        other.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        with pytest.raises(StoreUnavailable):
            database.migrate(patience_s=0)
        migrating.start()
        time.sleep(2 * LOCK_TIMEOUT_MS / 1000)
        assert migrating.is_alive()
        other.execute(text(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
        other.commit()
    migrating.join(60)
    assert database.schema_version() == heads()[-1].revision
    database.close()


def heads() -> list[Script]:
    """Every migration, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "tactful/store/migrations"))
    return list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))


def before_the_last(database: Database, revision: str = "") -> None:
    """The schema as it was before the last migration, or at this one."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "tactful/store/migrations"))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision or heads()[-2].revision)


def test_what_a_migration_says_of_older_versions_is_true(url: str) -> None:
    """They find every table and column that they know, and may leave the new ones out (expand, then contract)."""
    last = heads()[-1]
    oldest = getattr(last.module, "works_with", last.revision)
    database = Database(url)
    before_the_last(database, oldest)
    before = {table: columns(database, table) for table in tables(database)}
    database.migrate()
    assert set(before) <= set(tables(database))
    for table, known in before.items():
        now = columns(database, table)
        assert known.items() <= now.items(), table
        assert all(optional for name, (_, optional) in now.items() if name not in known), table
    database.close()


def tables(database: Database) -> list[str]:
    names = inspect(database.engine).get_table_names()
    return [name for name in names if not name.startswith(("search_words", "alembic"))]


def columns(database: Database, table: str) -> dict[str, tuple[str, bool]]:
    """Name → (type, whether a row can be written without it)."""
    return {
        column["name"]: (str(column["type"]), column["nullable"] or column["default"] is not None)
        for column in inspect(database.engine).get_columns(table)
    }


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


MESSAGE = {"author": "customer", "kind": "text", "status": "pending", "text": "hi", "attempts": 0, "created_at": 1}
TURN = {
    "state": "open", "at": 1, "intent": "greet", "confidence": 0.9, "model": "m", "tone": "", "language": "",
    "channel": "", "length": 2, "kinds": "", "facts": "", "ranking": "[]", "doubts": "{}",
}  # fmt: skip


def test_less_a_turn_loses_no_row_and_no_words_that_people_may_read(url: str) -> None:
    """From 0011 to 0012, which on SQLite writes `messages` anew."""
    database = Database(url)
    before_the_last(database, "0011")
    conversation = a_conversation(database)
    rows = [{**MESSAGE, "conversation_id": conversation, "seq": seq, "rating": None} for seq in range(1, 5)]
    ids = {"client_message_id": "m1"}, {"client_message_id": "m2"}, {"client_message_id": None}, {}
    number = "rowid" if database.is_sqlite else "id"
    with database.begin() as tx:
        for row, more in zip(rows, ids, strict=True):
            tx.execute(insert(messages).values(row | more))
        for seq in (1, 2):
            named = {**TURN, "id": seq, "conversation_id": conversation, "subject_id": "s" * 32, "seq": seq}
            names = ", ".join(named)
            statement = text(f"INSERT INTO turns ({names}, readable) VALUES (:{', :'.join(named)}, :readable)")
            tx.execute(statement, named | {"readable": seq == 1})
            words = "'hello'" if database.is_sqlite else "to_tsvector('simple', 'hello')"
            tx.execute(text(f"INSERT INTO search_words ({number}, words) VALUES (:id, {words})"), {"id": seq})
        kept = tx.execute(text("SELECT * FROM messages ORDER BY seq")).all()
    database.migrate()
    with database.begin() as tx:
        assert tx.execute(text("SELECT * FROM messages ORDER BY seq")).all() == kept
        assert tx.execute(text(f"SELECT {number} FROM search_words")).all() == [(1,)]
        assert tx.execute(text("SELECT id, guesses FROM turns ORDER BY id")).all() == [(1, None), (2, None)]
    with pytest.raises(IntegrityError), database.begin() as tx:
        tx.execute(insert(messages).values(rows[0] | {"seq": 5, "client_message_id": "m2"}))
    database.close()


def test_sqlites_smaller_indexes_are_the_ones_that_are_used(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    database.migrate()
    asked = {
        "ix_messages_status_created_at": select(func.min(messages.c.created_at)).where(messages.c.status == PENDING),
        "ix_messages_conversation_id_client_message_id": select(messages.c.seq).where(
            messages.c.conversation_id == "c", messages.c.client_message_id == "m"
        ),
        "ix_turns_state_readable_id": select(turns.c.id)
        .where(turns.c.readable, turns.c.state == "open")
        .order_by(turns.c.id.desc()),
        "ix_turns_readable_id": select(turns.c.id).where(turns.c.readable).order_by(turns.c.id.desc()),
        "ix_queue_entries_bulk_id": select(queue_entries.c.turn_id).where(queue_entries.c.bulk_id == "b"),
    }
    with database.read() as tx:
        for index, query in asked.items():
            compiled = query.compile(tx.engine)
            values = tuple(compiled.params[name] for name in compiled.positiontup or ())
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
            assert any(f"{index} " in row[-1] or row[-1].endswith(index) for row in plan), (index, plan)
