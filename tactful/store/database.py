"""The database: SQLite (WAL, every commit on disk) or PostgreSQL, by URL."""

import json
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from tactful.errors import SetupError, StoreUnavailable
from tactful.store.places import is_sqlite
from tactful.store.tables import schema_floor

log = logging.getLogger(__name__)

BUSY_MS = 5_000  # how long a transaction waits for another, or for a server, before it is refused
# A migration that waits for a lock makes everybody else wait behind it: it gives up soon, and tries again. Sooner than
# PostgreSQL looks for deadlocks (1 s): where both have what the other wants, the work goes on and the migration yields.
LOCK_TIMEOUT_MS = 400
MIGRATING_S = 300.0
LOCK_NOT_AVAILABLE = "55P03"
TRIAL = 20_000  # bytes
MIGRATION_LOCK = 0x7AC7F01  # any number, the same for every door
FOLLOWING = "tactful-following"  # where a connection keeps what to do after its commit
UNAVAILABLE = (
    *("locked", "busy", "full", "disk i/o", "unable to open", "read-only", "readonly"),
    *("connect", "terminat", "starting up", "shutting down", "recovery", "lock timeout"),
)
DAMAGED = ("malformed", "not a database")


def sqlite_file(url: str) -> Path | None:
    """Where an SQLite database lies; None for one on a server."""
    file = make_url(url).database
    return Path(file) if file and is_sqlite(url) else None


class LockedOut(StoreUnavailable):
    """A lock was not to be had in time; nothing was done."""


class Database:
    """Transactions: `begin` to write, `read` to look. Both undo everything when an exception leaves them."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = is_sqlite(url)
        # Parameters hold personal ciphertexts and redacted words: neither belongs in an error's text.
        self.engine = create_engine(
            url,
            hide_parameters=True,
            json_serializer=partial(json.dumps, separators=(",", ":")),
            pool_pre_ping=not self.is_sqlite,
            pool_size=10,
            pool_timeout=BUSY_MS / 1000,
            connect_args={}
            if self.is_sqlite
            else {"connect_timeout": BUSY_MS // 1000, "tcp_user_timeout": 2 * BUSY_MS},
        )
        self._file, self._inode = sqlite_file(url), None  # type: Path | None, int | None
        # SQLite lets one write at a time, and who finds it busy sleeps for milliseconds before asking again.
        # The writers of this process wait in line instead.
        self._line = Lock()
        if self.is_sqlite:
            _speak_sqlite(self.engine)
        else:
            event.listen(self.engine, "connect", _wait_no_longer)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that may write. Errors: `StoreUnavailable` when the database is locked, away or full."""
        with _mapped(), self._writing(), self._connected() as connection:
            connection = connection.execution_options(tactful_writing=True)
            connection.info.pop(FOLLOWING, None)
            with connection.begin():
                yield connection
            following: dict[str, Callable[[], None]] = connection.info.pop(FOLLOWING, {})
        for act in following.values():
            act()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and changes nothing."""
        with _mapped(), self._connected() as connection:
            yield connection

    def _connected(self) -> Connection:
        """A connection to the file that is there now.

        SQLite goes on in a file that was moved away or replaced, and what is written there nobody finds again.
        Errors: `StoreUnavailable` when there is none.
        """
        if self._file:
            try:
                inode = os.stat(self._file).st_ino
            except OSError:
                inode = None
            if inode is None and self._inode is not None:
                raise StoreUnavailable(retry_after=2)
            if self._inode not in (None, inode):
                log.error("the database's file was replaced; going on with the new one")
                self.engine.dispose()
            self._inode = inode
        return self.engine.connect()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The turn to write, before a connection is taken: who waits must not keep readers from theirs."""
        if not self.is_sqlite:
            yield
            return
        if not self._line.acquire(timeout=BUSY_MS / 1000):
            raise StoreUnavailable(retry_after=2)
        try:
            yield
        finally:
            self._line.release()

    def migrate(self, patience_s: float = MIGRATING_S) -> None:
        """Bring the schema up to date, while others go on with their work; two doors at once wait for each other.

        A newer schema is left as it is, if it says that this version can work on it.

        Errors: `SetupError` when it is too new; `StoreUnavailable` when a lock was not to be had for `patience_s`.
        """
        if self._is_newer():
            return
        deadline = time.monotonic() + patience_s
        while True:
            try:
                return self._upgrade()
            except LockedOut:
                if time.monotonic() > deadline:
                    raise
                log.info("the migration waits for a lock")
                time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - so that several do not try in step

    def _upgrade(self) -> None:
        config = _alembic(self.engine)
        with self.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            before = MigrationContext.configure(connection).get_current_revision()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            head = ScriptDirectory.from_config(config).get_revision("head")
            if head and head.revision != before:
                # What does not say how old a version can work on it is for itself and newer ones.
                connection.execute(delete(schema_floor))
                connection.execute(
                    insert(schema_floor).values(oldest=getattr(head.module, "works_with", head.revision))
                )

    def _is_newer(self) -> bool:
        """Whether the schema is newer than this code, which can work on it. Errors: `SetupError` when it cannot."""
        known = {script.revision for script in ScriptDirectory.from_config(_alembic(self.engine)).walk_revisions()}
        with self.read() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if current is None or current in known:
                return False
            oldest = connection.execute(select(schema_floor.c.oldest)).scalar() if _has_floor(connection) else None
        if oldest not in known:
            raise SetupError(f"The database is at schema {current}, newer than this version of Tactful.")
        log.info("the database is at schema %s, newer than this version, which can work on it", current)
        return True

    def schema_version(self) -> str:
        """The schema's revision. Errors: `StoreUnavailable`; `SetupError` when there is no schema yet."""
        with self.read() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current is None:
            raise SetupError("The database has no schema yet. It is made at the first start: make run")
        return str(current)

    def check_schema(self) -> None:
        """Errors: `SetupError` unless the schema is the one of this code; `StoreUnavailable`."""
        head = ScriptDirectory.from_config(_alembic(self.engine)).get_current_head()
        if self.schema_version() != head and not self._is_newer():
            raise SetupError(
                "The database's schema is of another version. Start Tactful once, so that it is brought up to date."
            )

    def try_writing(self) -> None:
        """Write something and undo it. Errors: `StoreUnavailable` when it is locked, away, full or read-only."""
        with self.begin() as connection:
            if self.is_sqlite:
                # A page of its own, so that a full database says so; nothing of it reaches the disk.
                connection.execute(text(f"CREATE TABLE tactful_trial AS SELECT zeroblob({TRIAL}) AS filling"))
            elif connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
                raise StoreUnavailable("The database takes no writes.", retry_after=2)
            else:
                connection.execute(text("SELECT pg_current_xact_id()"))
            connection.rollback()

    def clear_journal(self) -> int:
        """Write SQLite's journal into the database and empty it: what was deleted stands in it no more; pages written.

        PostgreSQL's belongs to its server. Errors: `StoreUnavailable` while somebody reads from it.
        """
        if not self.is_sqlite:
            return 0
        with self._writing(), closing(self.engine.raw_connection()) as connection:
            # Past SQLAlchemy, which would begin a transaction first: in one, no journal can be emptied.
            busy, _, pages = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreUnavailable("The database's journal is being read. Try again in a moment.", retry_after=2)
        return int(pages)

    def close(self) -> None:
        self.engine.dispose()


def after_commit(tx: Connection, name: str, act: Callable[[], None]) -> None:
    """Run `act` once the transaction is committed and its locks are free; a later one of the same name replaces it."""
    tx.info.setdefault(FOLLOWING, {})[name] = act


def check_writing(tx: Connection) -> None:
    """Errors: `RuntimeError` in a transaction of `read`, which would lose what is written."""
    if not tx.get_execution_options().get("tactful_writing"):
        raise RuntimeError("this writes: it needs a transaction of Database.begin")


def _has_floor(connection: Connection) -> bool:
    return inspect(connection).has_table(schema_floor.name)


def _alembic(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _speak_sqlite(engine: Engine) -> None:
    """SQLAlchemy's recipe for real transactions: the driver's own are off, we say BEGIN ourselves."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_MS}",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # Taking the write lock at once avoids "locked" in the middle of a transaction.
        writing = connection.get_execution_options().get("tactful_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _wait_no_longer(connection: Any, _: Any) -> None:
    """A row or a table that somebody else holds for long is refused, as with SQLite, instead of waited for."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_MS}")
    connection.commit()


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise LockedOut(retry_after=2) from None
        raise StoreUnavailable(retry_after=2) from (None if _expected(error) else error)
    except PoolExhausted:
        raise StoreUnavailable(retry_after=2) from None
    except DBAPIError as error:
        if _says(error, DAMAGED):
            log.error("the database's file is damaged; restore a backup")
            raise StoreUnavailable(retry_after=30) from None
        if error.connection_invalidated:
            raise StoreUnavailable(retry_after=2) from None
        raise


def _expected(error: OperationalError) -> bool:
    return _says(error, UNAVAILABLE)


def _says(error: DBAPIError, words: tuple[str, ...]) -> bool:
    said = str(error.orig).lower()
    return any(word in said for word in words)
