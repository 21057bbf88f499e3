"""The ledger of what customers asked for: which right, when, until when it is due, how far it got."""

import secrets
from calendar import monthrange
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from tactful.store.tables import requests
from tactful.times import iso

RIGHTS = (
    "access", "portability", "import", "rectification", "erasure", "restriction", "objection", "withdrawal", "merge",
)  # fmt: skip
OPEN, FAILED, DONE = "open", "failed", "done"


def due(asked_at: int) -> int:
    """One month after, in epoch milliseconds (GDPR art. 12(3)); a shorter month ends it earlier."""
    asked = datetime.fromtimestamp(asked_at / 1000, UTC)
    year, month = asked.year + asked.month // 12, asked.month % 12 + 1
    day = min(asked.day, monthrange(year, month)[1])
    return int(asked.replace(year=year, month=month, day=day).timestamp() * 1000)


def begin(tx: Connection, subject_id: str, right: str, via: str, now: int) -> str:
    """Enter a request; its id."""
    request_id = secrets.token_hex(16)
    tx.execute(
        insert(requests).values(
            id=request_id, subject_id=subject_id, right=right, via=via, status=OPEN,
            asked_at=now, due_at=due(now), steps=[],
        )
    )  # fmt: skip
    return request_id


def ask(tx: Connection, subject_id: str, right: str, via: str, now: int) -> str:
    """Enter a request, unless one for this right is not done yet; its id."""
    return unfinished(tx, subject_id, right) or begin(tx, subject_id, right, via, now)


def unfinished(tx: Connection, subject_id: str, right: str) -> str | None:
    """The newest request for this right that is not done."""
    found: str | None = tx.execute(
        select(requests.c.id)
        .where(requests.c.subject_id == subject_id, requests.c.right == right, requests.c.status != DONE)
        .order_by(requests.c.asked_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def note(tx: Connection, request_id: str, step: str, count: int, now: int) -> dict[str, Any]:
    """A step is done; the step. One done again, because the request was resumed, adds to what it did before."""
    before = steps(tx, request_id)
    others = [done for done in before if done["step"] != step]
    counted = sum(done["count"] for done in before if done["step"] == step) + count
    noted = {"step": step, "count": counted, "at": iso(now)}
    tx.execute(update(requests).where(requests.c.id == request_id).values(steps=[*others, noted]))
    return noted


def steps(tx: Connection, request_id: str) -> list[dict[str, Any]]:
    """The steps that are done: [{step, count, at}]."""
    return list(tx.execute(select(requests.c.steps).where(requests.c.id == request_id)).scalar_one())


def waiting(tx: Connection, right: str, before: int | None = None) -> list[str]:
    """Subjects whose request for this right is not done; those who failed, or asked before a time, if it is given."""
    late = () if before is None else (or_(requests.c.status == FAILED, requests.c.asked_at < before),)
    rows = tx.execute(select(requests.c.subject_id).where(requests.c.right == right, requests.c.status != DONE, *late))
    return list(dict.fromkeys(rows.scalars()))


def end(tx: Connection, request_id: str, status: str, now: int) -> None:
    """Done, or failed; what is done stays done."""
    done_at = now if status == DONE else None
    tx.execute(
        update(requests)
        .where(requests.c.id == request_id, requests.c.status != DONE)
        .values(status=status, done_at=done_at)
    )


def done(tx: Connection, subject_id: str, right: str, via: str, now: int) -> str:
    """Enter a request that was met at once; its id."""
    request_id = begin(tx, subject_id, right, via, now)
    end(tx, request_id, DONE, now)
    return request_id


def of(tx: Connection, subject_id: str, now: int) -> list[dict[str, Any]]:
    """The subject's requests, newest first."""
    return _shown(tx, now, requests.c.subject_id == subject_id)


def everyones(tx: Connection, now: int, *, overdue: bool = False) -> list[dict[str, Any]]:
    """All requests, or those not done in time, newest first, each with its subject's id."""
    late = (requests.c.status != DONE, requests.c.due_at < now) if overdue else ()
    return _shown(tx, now, *late, whose=True)


def _shown(tx: Connection, now: int, *where: Any, whose: bool = False) -> list[dict[str, Any]]:
    rows = tx.execute(select(requests).where(*where).order_by(requests.c.asked_at.desc(), requests.c.id))
    return [
        ({"subject": row.subject_id} if whose else {})
        | {
            "id": row.id,
            "right": row.right,
            "via": row.via,
            "status": row.status,
            "asked_at": iso(row.asked_at),
            "due_at": iso(row.due_at),
            "done_at": iso(row.done_at) if row.done_at is not None else None,
            "overdue": row.status != DONE and row.due_at < now,
            "steps": row.steps,
        }
        for row in rows
    ]
