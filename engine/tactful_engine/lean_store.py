"""Rasa's SQL tracker store with less to do and to keep for each turn, and safe with several engines.

What Rasa reads back is the same. On SQLite a row is a turn (see `turn_rows`), on PostgreSQL an event, since an engine
of the version before may be at work on the same store, which reads no others. Both kinds are read everywhere.
"""

import json
from itertools import islice
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Query, Session, sessionmaker
from sqlalchemy.pool import NullPool, QueuePool

from tactful_engine.dictionary import dictionary_of
from tactful_engine.turn_rows import (
    DICTIONARIES,
    SESSION,
    TURN,
    compressor,
    dictionary_needed,
    number_of,
    packed,
    text_of,
    unpacked,
)

MARK, BASED_ON = "tactful_stored_events", "tactful_based_on"

_EVENT = SQLTrackerStore.SQLEvent
LAST = (
    select(_EVENT.id, _EVENT.timestamp)
    .where(_EVENT.sender_id == bindparam("conversation"))
    .order_by(_EVENT.id.desc())
    .limit(1)
)

RANKED, LEAST = 5, 0.01  # intents of a message that are kept, with three digits of their confidence

INSERT = SQLTrackerStore.SQLEvent.__table__.insert()
KNOWN = sa.text("SELECT id, data FROM dictionaries")
LEARN = sa.text("INSERT OR IGNORE INTO dictionaries (id, data) VALUES (:id, :data)")
ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
# What an event's JSON need not hold: it is the same in every row, or stands in it twice.
EVERYWHERE = {"model_id", "assistant_id"}
NEEDLESS = {"policy", "confidence", "hide_rule_turn", "action_text"}
PARSED = ("intent", "entities", "intent_ranking")


class Overtaken(Exception):
    """Another engine has saved something in this conversation since it was read here; nothing was saved."""


def mark_stored(tracker: DialogueStateTracker, events: Optional[int] = None) -> None:
    """The first `events` of the tracker, or all, are in the store."""
    setattr(tracker, MARK, len(tracker.events) if events is None else events)


def mark_based_on(tracker: DialogueStateTracker, row: Optional[int]) -> None:
    """The tracker was read when this was the last row of its conversation (None: no row); else it is not saved."""
    setattr(tracker, BASED_ON, row)


def gone_on(new: DialogueStateTracker, tracker: DialogueStateTracker) -> DialogueStateTracker:
    """`new` goes on where `tracker` was, with all of its own events yet to be stored."""
    mark_stored(new, 0)
    if hasattr(tracker, BASED_ON):
        mark_based_on(new, getattr(tracker, BASED_ON))
    return new


def lean(store: object) -> None:
    """Make a store lean, once. Others than Rasa's SQL store are left alone.

    SQLite: Rasa opens and closes the file several times a turn; here one connection stays open, with a write-ahead log.
    """
    if not isinstance(store, SQLTrackerStore) or isinstance(store, _Lean):
        return
    if store.engine.dialect.name == "sqlite" and isinstance(store.engine.pool, NullPool):
        store.engine = sa.create_engine(
            store.engine.url, poolclass=QueuePool, connect_args={"check_same_thread": False}
        )
        sa.event.listen(store.engine, "connect", _write_ahead)
        store.sessionmaker = sessionmaker(bind=store.engine)
    store.dictionaries, store.compress = {}, None
    if store.engine.dialect.name == "sqlite":
        dictionary = dictionary_of(store.domain)
        with store.engine.begin() as connection:
            connection.exec_driver_sql(DICTIONARIES)
            connection.execute(LEARN, {"id": number_of(dictionary), "data": dictionary})
        store.compress = compressor(dictionary)
    store.__class__ = _Lean


def _write_ahead(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


class _Lean(SQLTrackerStore):
    """Knows what is stored of a tracker that bears the mark; Rasa counts rows before each save."""

    dictionaries: Dict[int, bytes]
    compress: Optional[Callable[[str], bytes]]  # a turn a row, if there is one

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new of a tracker, in one statement."""
        await self.stream_events(tracker)
        with self.engine.connect() as connection, connection.begin():
            if hasattr(tracker, BASED_ON):
                self._check_alone(connection, tracker.sender_id, getattr(tracker, BASED_ON))
            rows = self._rows(tracker.sender_id, self._new_events(connection, tracker))
            if rows:
                connection.execute(INSERT, rows)

    def _rows(self, conversation: str, events: Iterable[Event]) -> List[Dict[str, Any]]:
        return turn_of(conversation, events, self.compress) if self.compress else rows_of(conversation, events)

    def _new_events(self, connection: Connection, tracker: DialogueStateTracker) -> Iterator[Event]:
        stored = getattr(tracker, MARK, None)
        if stored is None:
            with self.sessionmaker(bind=connection) as session:
                stored = len(self._read(session, tracker.sender_id, False))
        return islice(tracker.events, stored, None)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        with self.session_scope() as session:
            events = self._read(session, sender_id, fetch_events_from_all_sessions)
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    def _read(self, session: Session, sender_id: str, all_sessions: bool) -> List[Dict[str, Any]]:
        """Events of a conversation, since its last session start or all."""
        events: List[Dict[str, Any]] = []
        for row in self._event_query(session, sender_id, all_sessions).all():
            events += unpacked(self._text(session, row.data), sender_id, row.timestamp)
        starts = [place for place, event in enumerate(events) if event["event"] == SessionStarted.type_name]
        return events if all_sessions or not starts else events[starts[-1] :]

    def _text(self, session: Session, data: Any) -> str:
        if isinstance(data, bytes) and dictionary_needed(data) not in self.dictionaries:
            self.dictionaries = dict(session.execute(KNOWN).all())
        return text_of(data, self.dictionaries)

    def _check_alone(self, connection: Connection, conversation: str, based_on: Optional[int]) -> None:
        """Hold the conversation until the end of the transaction. Errors: `Overtaken`.

        A door that gave a turn up, or died, leaves an engine at work; the next door may ask another engine.
        """
        if self.engine.dialect.name == "postgresql":
            connection.execute(ALONE, {"key": conversation})
        elif self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        row = connection.execute(LAST, {"conversation": conversation}).first()
        if (row.id if row else None) != based_on:
            raise Overtaken

    def _event_query(self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool) -> Query:
        """As Rasa's, with the session's begin found by its row.

        Engines' clocks differ: by time, Rasa would leave out what an engine stored whose clock is behind.
        """
        query = session.query(_EVENT).filter(_EVENT.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            started = (
                session.query(sa.func.max(_EVENT.id).label("row"))
                .filter(_EVENT.sender_id == sender_id, _EVENT.type_name.in_((SessionStarted.type_name, SESSION)))
                .subquery()
            )
            query = query.filter(sa.or_(_EVENT.id >= started.c.row, started.c.row.is_(None)))
        return query.order_by(_EVENT.id)


def rows_of(conversation: str, events: Iterable[Event]) -> List[Dict[str, Any]]:
    """A row of the table for each event."""
    return [
        {
            "sender_id": conversation,
            "type_name": event.type_name,
            "timestamp": data["timestamp"],
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data, separators=(",", ":"), ensure_ascii=False),
        }
        for event in events
        for data in (slim(event.as_dict()),)
    ]


def turn_of(conversation: str, events: Iterable[Event], compress: Callable[[str], bytes]) -> List[Dict[str, Any]]:
    """One row for all of them; none for no events."""
    told = [slim(event.as_dict()) for event in events]
    if not told:
        return []
    began = any(event["event"] == SessionStarted.type_name for event in told)
    row = {"sender_id": conversation, "type_name": SESSION if began else TURN, "timestamp": told[-1]["timestamp"]}
    return [{**row, "data": compress(packed(told, conversation))}]


def slim(event: Dict[str, Any]) -> Dict[str, Any]:
    """An event's JSON without what is empty, what is the same in every row and what it says twice."""
    kept = {name: value for name, value in event.items() if value is not None and name not in NEEDLESS}
    kept["metadata"] = {name: value for name, value in event.get("metadata", {}).items() if name not in EVERYWHERE}
    if not kept["metadata"]:
        del kept["metadata"]
    if event["event"] == "slot":
        kept["value"] = event.get("value")  # an empty one is a value
    if isinstance(event.get("data"), dict):
        kept["data"] = {name: value for name, value in event["data"].items() if value is not None}
        if not kept["data"]:
            del kept["data"]
    if parsed := event.get("parse_data"):
        kept["parse_data"] = {name: parsed[name] for name in PARSED if parsed.get(name)}
        if ranking := kept["parse_data"].get("intent_ranking"):
            likely = [guess for guess in ranking[:RANKED] if guess["confidence"] >= LEAST]
            kept["parse_data"]["intent_ranking"] = [_rounded(guess) for guess in likely or ranking[:1]]
    return kept


def _rounded(guess: Dict[str, Any]) -> Dict[str, Any]:
    return {"name": guess["name"], "confidence": round(guess["confidence"], 3)}
