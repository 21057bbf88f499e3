"""Rasa's own tracker store, seen from outside: conversations are counted in it and erased from it."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text

from tactful.config import Settings
from tactful.store.database import is_sqlite


def tracker_database(settings: Settings) -> Path:
    """Rasa's own store on one machine."""
    return settings.home / "engine.db"


class Trackers:
    """The `events` table that Rasa's stock SQL store writes; placeholders only."""

    def __init__(self, settings: Settings) -> None:
        here = is_sqlite(settings.database)
        self._url = f"sqlite:///{tracker_database(settings)}" if here else settings.database
        self._engine: Engine | None = None

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many. 0 when the engine has stored nothing yet."""
        self._engine = self._engine or create_engine(self._url, hide_parameters=True)
        with self._engine.begin() as connection:
            if not inspect(connection).has_table("events"):
                return 0
            return sum(
                connection.execute(text("DELETE FROM events WHERE sender_id = :id"), {"id": each}).rowcount
                for each in conversation_ids
            )
