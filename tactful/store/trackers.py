"""Rasa's own tracker store, seen from outside: conversations are counted in it and erased from it, words exchanged.

A row is an event, as Rasa writes it, or a turn (see `turn_rows`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, inspect, text

from tactful.config import Settings
from tactful.store.places import is_sqlite, tracker_database
from tactful.store.turn_rows import compressor, dictionary_needed, packed, text_of, unpacked


class Trackers:
    """The `events` table of Rasa's SQL store; placeholders only."""

    def __init__(self, settings: Settings) -> None:
        self._here = is_sqlite(settings.tracker_database)
        self._url = f"sqlite:///{tracker_database(settings)}" if self._here else settings.tracker_database
        self._engine: Engine | None = None

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many rows. 0 when the engine has stored nothing yet."""
        count = self._each("DELETE FROM events WHERE sender_id = :id", conversation_ids, lambda done: done.rowcount)
        self._clear_journal()
        return count

    def events(self, conversation_id: str) -> list[tuple[str, dict[str, Any]]]:
        """(name, event) of a conversation, in order: `12`, a row of its own, or `12.3`, the third of row 12's turn."""
        with self._begin() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                text("SELECT id, timestamp, data FROM events WHERE sender_id = :id ORDER BY id"),
                {"id": conversation_id},
            ).all()
            known = _dictionaries(connection)
        return [
            (f"{row}.{place}" if _is_turn(words) else str(row), event)
            for row, at, data in rows
            for words in (text_of(data, known),)
            for place, event in enumerate(unpacked(words, conversation_id, at), 1)
        ]

    def put(self, conversation_id: str, events: Mapping[str, dict[str, Any]]) -> int:
        """Store events in the place of those of these names; how many. What stood there is overwritten in the file.

        Whoever keeps the conversation in memory must be told before.
        """
        rows = defaultdict[int, dict[int, dict[str, Any]]](dict)
        for name, new in events.items():
            row, _, place = name.partition(".")
            rows[int(row)][int(place or 0)] = new
        with self._begin() as connection:
            if connection is None:
                return 0
            known = _dictionaries(connection)
            count = sum(_put(connection, conversation_id, row, new, known) for row, new in rows.items())
        self._clear_journal()
        return count

    def _clear_journal(self) -> None:
        """Rasa's journal would hold what was deleted until it is next written back."""
        if self._here and self._engine:
            with closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def count(self, conversation_ids: Sequence[str]) -> int:
        """How many rows `forget` would delete."""
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


def _is_turn(words: str) -> bool:
    return words.startswith("[")


def _dictionaries(connection: Connection) -> dict[int, bytes]:
    """What turns are compressed with; nothing where they are not."""
    if not inspect(connection).has_table("dictionaries"):
        return {}
    return {number: bytes(data) for number, data in connection.execute(text("SELECT id, data FROM dictionaries"))}


def _put(
    connection: Connection, whose: str, row: int, new: Mapping[int, dict[str, Any]], known: Mapping[int, bytes]
) -> int:
    """Exchange some events of a row; how many."""
    found = connection.execute(
        text("SELECT timestamp, data FROM events WHERE id = :id AND sender_id = :whose"), {"id": row, "whose": whose}
    ).first()
    if found is None:
        return 0
    words = text_of(found.data, known)
    if _is_turn(words):
        held = unpacked(words, whose, found.timestamp)
        words = packed([new.get(place, event) for place, event in enumerate(held, 1)], whose)
    else:
        words = json.dumps(new[0])
    compress = compressor(known[dictionary_needed(found.data)]) if isinstance(found.data, bytes) else str
    statement = text("UPDATE events SET data = :data WHERE id = :id AND sender_id = :whose")
    connection.execute(statement, {"data": compress(words), "id": row, "whose": whose})
    return len(new)
