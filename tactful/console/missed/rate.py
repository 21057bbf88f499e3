"""How much the detector misses: told from the random sample alone, since only chance chose what is in it.

A turn counts once it is reviewed. Personal are the values that were hidden when it came, without those that turned out
to be nothing personal, and those that reviewers marked as missed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from tactful.console.missed.corrections import ACTIVE, KEPT, MISSED
from tactful.console.queues import Queue
from tactful.privacy.placeholders import LITERAL
from tactful.profile.transparency import MissRate, miss_rate
from tactful.store.tables import corrections, messages, queue_entries, turns


@dataclass(frozen=True, slots=True)
class Week:
    """A week's messages; `begins` on its Monday, in epoch milliseconds (UTC). `turns` were reviewed."""

    begins: int
    turns: int
    rate: MissRate | None


@dataclass(frozen=True, slots=True)
class _Reviewed:
    at: int
    found: int
    missed: int


def sampled(tx: Connection) -> tuple[int, int] | None:
    """(found, missed) in the whole sample as far as it is reviewed; None while nothing of it is."""
    reviewed = list(_reviewed(tx))
    return (sum(each.found for each in reviewed), sum(each.missed for each in reviewed)) if reviewed else None


def by_week(tx: Connection) -> list[Week]:
    """The same by the week of the message, oldest first."""
    weeks: dict[int, list[_Reviewed]] = {}
    for each in _reviewed(tx):
        weeks.setdefault(_monday(each.at), []).append(each)
    return [
        Week(begins, len(some), miss_rate(sum(each.found for each in some), sum(each.missed for each in some)))
        for begins, some in sorted(weeks.items())
    ]


def _reviewed(tx: Connection) -> Iterator[_Reviewed]:
    missed, kept = _corrected(tx, MISSED), _corrected(tx, KEPT)
    rows = tx.execute(
        select(turns.c.conversation_id, turns.c.seq, turns.c.at, messages.c.entity_types)
        .join(queue_entries, queue_entries.c.turn_id == turns.c.id)
        .join(messages, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
        .where(queue_entries.c.queue == Queue.AUDIT.value, turns.c.state == "done")
    )
    for row in rows:
        place = row.conversation_id, row.seq
        hidden = sum(count for kind, count in (row.entity_types or {}).items() if kind != LITERAL)
        yield _Reviewed(row.at, max(0, hidden - kept[place]), missed[place])


def _corrected(tx: Connection, act: str) -> Counter[tuple[str, int]]:
    """(conversation, number of the message) → how many of its values were put right so."""
    count = func.sum(corrections.c.places) if act == MISSED else func.count()
    rows = tx.execute(
        select(corrections.c.conversation_id, corrections.c.seq, count)
        .where(corrections.c.act == act, corrections.c.state.in_(ACTIVE), corrections.c.seq.is_not(None))
        .group_by(corrections.c.conversation_id, corrections.c.seq)
    )
    return Counter({(conversation, seq): int(number) for conversation, seq, number in rows})


def _monday(at: int) -> int:
    day = datetime.fromtimestamp(at / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((day - timedelta(days=day.weekday())).timestamp() * 1000)
