"""Rasa's SQL tracker store with less to do for each turn; what it stores is the same."""

from itertools import islice
from typing import Any, Iterator

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool, QueuePool

MARK = "tactful_stored_events"


def mark_stored(tracker: DialogueStateTracker) -> None:
    """Everything that the tracker holds now is in the store."""
    setattr(tracker, MARK, len(tracker.events))


def lean(store: object) -> None:
    """Make a store lean, once. Others than Rasa's SQL store are left alone.

    SQLite: Rasa opens and closes the file several times a turn; here one connection stays open, with a write-ahead log.
    """
    if not isinstance(store, SQLTrackerStore) or isinstance(store, _Lean):
        return
    if store.engine.dialect.name == "sqlite" and isinstance(store.engine.pool, NullPool):
        store.engine = sa.create_engine(store.engine.url, poolclass=QueuePool)
        sa.event.listen(store.engine, "connect", _write_ahead)
        store.sessionmaker = sessionmaker(bind=store.engine)
    store.__class__ = _Lean


def _write_ahead(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


class _Lean(SQLTrackerStore):
    """Knows what is stored of a tracker that bears the mark; Rasa counts rows before each save."""

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator:
        stored = getattr(tracker, MARK, None)
        if stored is None:
            return super()._additional_events(session, tracker)
        return islice(tracker.events, stored, None)
