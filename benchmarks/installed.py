"""A Tactful that a benchmark has started, where what it keeps lies, and whether it answered anything twice."""

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from installation import installation as alone
from measure import Played
from several import installation, postgresql, with_driver
from sqlalchemy import create_engine, text

from tactful.store.turn_rows import events_in


@dataclass(frozen=True, slots=True)
class Installed:
    """`home`: everything but a server's databases. `database`, `trackers`: URLs, the doors' and Rasa's.

    `environment`: with which a command finds all of it. `stop`: ends every process but the database's.
    """

    url: str
    home: Path
    database: str
    trackers: str
    environment: Mapping[str, str] = field(repr=False)
    stop: Callable[[], None]


@contextlib.contextmanager
def one(home: Path) -> Iterator[Installed]:
    """Tactful as `tactful up` starts it, with an empty home."""
    kept = {"TACTFUL_HOME": str(home), "DATABASE_URL": "", "TACTFUL_TRACKER_URL": ""}
    with contextlib.ExitStack() as started:
        url = started.enter_context(alone(home, TACTFUL_TRACKER_URL="")).url
        stores = (f"sqlite:///{home / name}" for name in ("tactful.db", "engine.db"))
        yield Installed(url, home, *stores, kept, started.close)


@contextlib.contextmanager
def several(home: Path) -> Iterator[Installed]:
    """Two doors and two engines over one PostgreSQL, behind nginx."""
    with postgresql() as server, installation(server, home) as machines:

        def stop() -> None:
            for machine in (machines.proxy, *machines.doors, *machines.engines):
                machine.end()

        kept = {
            "TACTFUL_HOME": str(home),
            "DATABASE_URL": machines.database,
            "TACTFUL_TRACKER_URL": machines.trackers,
        }
        stores = (with_driver(url) for url in (machines.database, machines.trackers))
        yield Installed(machines.url, home, *stores, kept, stop)


def answered_twice(installed: Installed, played: Sequence[Played]) -> list[str]:
    """What was said, stored, announced or learned more often than once, or is still waiting; one sentence each."""
    wrong = [f"{p.conversation} {p.seq}: heard twice" for p in played if p.heard_twice]
    mine = {p.conversation for p in played}
    store = create_engine(installed.database)
    with store.connect() as doors:
        for row in doors.execute(text("SELECT conversation_id, seq, status FROM messages WHERE author = 'customer'")):
            if row.conversation_id in mine and row.status not in ("answered", "withheld"):
                wrong.append(f"{row.conversation_id} {row.seq}: {row.status}")
        told = doors.execute(text("SELECT conversation_id, payload FROM outbox WHERE kind = 'turn_answered'"))
        announced = Counter((row.conversation_id, _parsed(row.payload)["seq"]) for row in told)
        wrong += [f"{each}: announced {times} times" for each, times in announced.items() if times > 1]
    store.dispose()
    wrong += [f"{each}: run {times} times" for each, times in Counter(_run(installed.trackers)).items() if times > 1]
    return wrong


def _run(trackers: str) -> Iterator[str]:
    """Ids of the messages in the engines' history.

    A long session goes on under a new start, with copies of its last turns that bear the start's time: left out here.
    """
    told = list(events_in(trackers.removeprefix("sqlite:///")) if trackers.startswith("sqlite") else _rows(trackers))
    starts = {(each["sender_id"], each["timestamp"]) for each in told if each["event"] == "session_started"}
    for each in told:
        if each["event"] == "user" and (each["sender_id"], each["timestamp"]) not in starts:
            yield str(each["message_id"])


def _rows(trackers: str) -> Iterator[dict[str, Any]]:
    """A server has a row for each event."""
    store = create_engine(trackers)
    with store.connect() as engines:
        for row in engines.execute(text("SELECT sender_id, timestamp, data FROM events ORDER BY id")):
            yield {**_parsed(row.data), "sender_id": row.sender_id, "timestamp": row.timestamp}
    store.dispose()


def _parsed(value: object) -> dict[str, Any]:
    """PostgreSQL's JSON comes parsed, SQLite's as text."""
    return dict(json.loads(value) if isinstance(value, str) else value)  # type: ignore[call-overload]
