"""Rasa's own tracker store, seen from outside: conversations are counted in it and erased from it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, inspect, text

from tactful.config import Settings
from tactful.store.places import is_sqlite, tracker_database


class Trackers:
    """The `events` table that Rasa's stock SQL store writes; placeholders only."""

    def __init__(self, settings: Settings) -> None:
        self._here = is_sqlite(settings.tracker_database)
        self._url = f"sqlite:///{tracker_database(settings)}" if self._here else settings.tracker_database
        self._engine: Engine | None = None

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many. 0 when the engine has stored nothing yet."""
        count = self._each("DELETE FROM events WHERE sender_id = :id", conversation_ids, lambda done: done.rowcount)
        self._clear_journal()
        return count

    def events(self, conversation_id: str) -> list[tuple[int, dict[str, Any]]]:
        """(row, event) of a conversation, in order."""
        with self._begin() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                text("SELECT id, data FROM events WHERE sender_id = :id ORDER BY id"), {"id": conversation_id}
            )
            return [(row, json.loads(data)) for row, data in rows]

    def put(self, conversation_id: str, events: Mapping[int, dict[str, Any]]) -> int:
        """Store events in the place of those in these rows; how many. What stood there is overwritten in the file.

        Whoever keeps the conversation in memory must be told before.
        """
        statement = text("UPDATE events SET data = :data WHERE id = :id AND sender_id = :whose")
        with self._begin() as connection:
            if connection is None:
                return 0
            count = sum(
                connection.execute(statement, {"data": json.dumps(event), "id": row, "whose": conversation_id}).rowcount
                for row, event in events.items()
            )
        self._clear_journal()
        return count

    def _clear_journal(self) -> None:
        """Rasa's journal would hold what was deleted until it is next written back."""
        if self._here and self._engine:
            with closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def count(self, conversation_ids: Sequence[str]) -> int:
        """How many events `forget` would delete."""
        return self._each(
            "SELECT count(*) FROM events WHERE sender_id = :id", conversation_ids, lambda done: done.scalar_one()
        )

    def conversations(self) -> list[str]:
        """Every conversation of which there are events."""
        with self._begin() as connection:
            if connection is None:
                return []
            return list(connection.execute(text("SELECT DISTINCT sender_id FROM events")).scalars())

    def _each(self, statement: str, ids: Sequence[str], number: Callable[[CursorResult[Any]], int]) -> int:
        if not ids:
            return 0
        with self._begin() as connection:
            if connection is None:
                return 0
            return sum(number(connection.execute(text(statement), {"id": each})) for each in ids)

    @contextmanager
    def _begin(self) -> Iterator[Connection | None]:
        """A transaction; None when the engine has stored nothing yet."""
        self._engine = self._engine or self._connected()
        with self._engine.begin() as connection:
            yield connection if inspect(connection).has_table("events") else None

    def _connected(self) -> Engine:
        engine = create_engine(self._url, hide_parameters=True)
        if self._here:
            event.listen(engine, "connect", _overwrite)
        return engine


def _overwrite(connection: Any, _: Any) -> None:
    """What is deleted from the file is overwritten in it."""
    connection.execute("PRAGMA secure_delete = ON")
