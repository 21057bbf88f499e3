"""Rasa's own tracker store, seen from outside: conversations are counted in it and erased from it."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text

from tactful.config import Settings
from tactful.store.database import is_sqlite


def tracker_database(settings: Settings) -> Path:
    """Rasa's own store on one machine."""
    return settings.home / "engine.db"


class Trackers:
    """The `events` table that Rasa's stock SQL store writes; placeholders only."""

    def __init__(self, settings: Settings) -> None:
        self._here = is_sqlite(settings.database)
        self._url = f"sqlite:///{tracker_database(settings)}" if self._here else settings.database
        self._engine: Engine | None = None

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many. 0 when the engine has stored nothing yet."""
        self._engine = self._engine or self._connected()
        with self._engine.begin() as connection:
            if not inspect(connection).has_table("events"):
                return 0
            count = sum(
                connection.execute(text("DELETE FROM events WHERE sender_id = :id"), {"id": each}).rowcount
                for each in conversation_ids
            )
        if self._here:
            # Rasa's journal would hold them until it is next written back.
            with closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def _connected(self) -> Engine:
        engine = create_engine(self._url, hide_parameters=True)
        if self._here:
            event.listen(engine, "connect", _overwrite)
        return engine


def _overwrite(connection: Any, _: Any) -> None:
    """What is deleted from the file is overwritten in it."""
    connection.execute("PRAGMA secure_delete = ON")
