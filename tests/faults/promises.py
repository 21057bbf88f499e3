"""What must be true once everything works again: each accepted message answered once, in order, nothing raw kept."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sqlalchemy import func, select

from tactful.bootstrap import build
from tactful.chat.engine import EngineGarbled
from tactful.config import Settings
from tactful.store import audit_check
from tactful.store.database import Database
from tactful.store.leak_values import Value
from tactful.store.leakscan import Scan
from tactful.store.tables import messages, outbox
from tactful.store.turn_rows import events_in
from tests.faults.crowd import Crowd, Customer

ANSWERED_S = 120


async def all_answered(settings: Settings, *, up_to: int | None = None) -> None:
    """Wait until nothing is pending, or until so many messages are answered while more come in."""
    database = Database(settings.database)
    try:
        async with asyncio.timeout(ANSWERED_S):
            while True:
                with database.read() as tx:
                    count = dict(tx.execute(select(messages.c.status, func.count()).group_by(messages.c.status)).all())
                if not count.get("pending") or (up_to is not None and count.get("answered", 0) >= up_to):
                    return
                await asyncio.sleep(0.1)
    finally:
        database.close()


def kept(settings: Settings, crowd: Crowd, *, says_back: bool, patience: int = EngineGarbled.patience) -> None:
    """Check every promise to every customer.

    `says_back`: the engine is the stand-in, whose answers are known; after `patience` tries a turn may be given up.
    """
    database = Database(settings.database)
    try:
        for customer in crowd.customers:
            with database.read() as tx:
                rows = (
                    tx.execute(
                        select(messages)
                        .where(messages.c.conversation_id == customer.conversation)
                        .order_by(messages.c.seq)
                    )
                    .mappings()
                    .all()
                )
                told = tx.execute(
                    select(outbox.c.payload)
                    .where(outbox.c.conversation_id == customer.conversation, outbox.c.kind == "turn_answered")
                    .order_by(outbox.c.id)
                ).scalars()
                announced = [payload["seq"] for payload in told]
            _in_order(rows)
            _each_once(customer, rows, says_back, patience)
            theirs = [row["seq"] for row in rows if row["author"] == "customer"]
            assert announced == theirs, "each turn is announced to other systems once, in order"
    finally:
        database.close()
    whole(settings)


def _in_order(rows: Sequence) -> None:
    """Numbers without a gap; replies in the order of what they answer, never interleaved."""
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    answered = [seq for seq, _ in groupby(row["reply_to"] for row in rows if row["author"] == "bot")]
    answered = [seq for seq in answered if seq is not None]
    assert answered == sorted(set(answered)), "replies interleave"


def _each_once(customer: Customer, rows: Sequence, says_back: bool, patience: int) -> None:
    theirs = {row["client_message_id"]: row for row in rows if row["author"] == "customer"}
    assert len(theirs) == sum(row["author"] == "customer" for row in rows), "a message is there twice"
    for identity, seq in customer.accepted.items():
        assert theirs[identity]["seq"] == seq, "an accepted message is lost"
    for row in theirs.values():
        assert row["status"] == "answered"
        replies = [reply["text"] for reply in rows if reply["reply_to"] == row["seq"]]
        assert replies, "an answered message without an answer"
        if says_back:
            wanted = [f"{part} of 2: {row['text']}" for part in (1, 2)]
            # What the engine failed at too often is given up: the customer is told so, once.
            given_up = row["attempts"] >= patience and len(replies) == 1
            assert replies == wanted or given_up, f"{row['text']} got {replies} after {row['attempts']} tries"
            assert row["text"] == f"note {row['client_message_id']} from PERSON_1"


def run_once(home: Path) -> int:
    """The stand-in ran every turn once; how many (its key says so, this says that it is whole)."""
    with sqlite3.connect(home / "stand_in.db") as engine:
        assert engine.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(engine.execute("SELECT count(*) FROM turns").fetchone()[0])


def rasa_heard_once(home: Path, accepted: int) -> None:
    """Rasa's own store is sound and holds each message once; at least so many.

    A long session goes on under a new start, with copies of its last turns that bear the start's time: left out here.
    """
    told = list(events_in(str(home / "engine.db")))
    starts = {(each["sender_id"], each["timestamp"]) for each in told if each["event"] == "session_started"}
    said = [each for each in told if each["event"] == "user" and (each["sender_id"], each["timestamp"]) not in starts]
    heard = Counter(str(each["message_id"]) for each in said)
    with sqlite3.connect(home / "engine.db") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [message for message, times in heard.items() if times > 1] == [], "Rasa's store holds a message twice"
    assert len(heard) >= accepted


def whole(settings: Settings) -> None:
    """The database is sound, and so is the audit chain."""
    services = build(settings)
    try:
        with services.database.read() as tx:
            if services.database.is_sqlite:
                assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
                assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            verdict = audit_check.verify(tx, services.audit.key, services.audit.anchors)
        assert verdict.bad is None, verdict.why
    finally:
        services.database.close()


def nothing_raw(settings: Settings, values: Sequence[str]) -> None:
    """None of these values stands in a byte of the home."""
    scan = Scan([Value(line, text) for line, text in enumerate(values, 1)])
    for path in sorted(settings.home.rglob("*")):
        if path.is_file():
            scan.file(path, str(path.relative_to(settings.home)))
    assert not scan.report.findings
    assert scan.report.files > 3
