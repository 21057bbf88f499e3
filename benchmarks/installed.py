"""A Tactful that a benchmark has started, where what it keeps lies, and whether it answered anything twice."""

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measure import ROOT, Played, free_port, running
from several import installation, postgresql, with_driver
from sqlalchemy import Connection, create_engine, text

UNHURRIED = {f"TACTFUL_RATE_{what}": "1000000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}


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
    port = free_port()
    kept = {"TACTFUL_HOME": str(home), "DATABASE_URL": "", "TACTFUL_TRACKER_URL": ""}
    environment = {**UNHURRIED, **kept, "TACTFUL_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    command = [str(ROOT / ".venv/bin/tactful"), "up"]
    with contextlib.ExitStack() as started:
        started.enter_context(running(command, ROOT, environment, f"{url}/readyz", home / "up.log"))
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
    store, trackers = create_engine(installed.database), create_engine(installed.trackers)
    with store.connect() as doors, trackers.connect() as engines:
        for row in doors.execute(text("SELECT conversation_id, seq, status FROM messages WHERE author = 'customer'")):
            if row.conversation_id in mine and row.status not in ("answered", "withheld"):
                wrong.append(f"{row.conversation_id} {row.seq}: {row.status}")
        told = doors.execute(text("SELECT conversation_id, payload FROM outbox WHERE kind = 'turn_answered'"))
        announced = Counter((row.conversation_id, _parsed(row.payload)["seq"]) for row in told)
        wrong += [f"{each}: announced {times} times" for each, times in announced.items() if times > 1]
        wrong += [f"{each}: run {times} times" for each, times in Counter(_run(engines)).items() if times > 1]
    store.dispose()
    trackers.dispose()
    return wrong


def _run(engines: Connection) -> Iterator[str]:
    """Ids of the messages in the engines' history.

    A long session goes on under a new start, with copies of its last turns that bear the start's time: left out here.
    """
    rows = engines.execute(
        text(
            "SELECT data FROM events e WHERE type_name = 'user' AND NOT EXISTS (SELECT 1 FROM events s WHERE "
            "s.sender_id = e.sender_id AND s.type_name = 'session_started' AND s.timestamp = e.timestamp)"
        )
    )
    for row in rows:
        yield str(_parsed(row.data).get("message_id"))


def _parsed(value: object) -> dict[str, object]:
    """PostgreSQL's JSON comes parsed, SQLite's as text."""
    return dict(json.loads(value) if isinstance(value, str) else value)  # type: ignore[call-overload]
