"""How the bot does, in figures about nobody: by week, model or tone. Everybody's turns are counted, none is shown."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, select

from tactful.console.missed import rate
from tactful.console.recording import FALLBACK
from tactful.store.database import Database
from tactful.store.tables import handovers, messages, turns

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
UNKNOWN = "unknown"


class By(StrEnum):
    """What the turns are divided by."""

    WEEK = "week"
    MODEL = "model"
    TONE = "tone"


@dataclass(slots=True)
class Group:
    """The turns of one week, model or tone; times in seconds."""

    name: str
    turns: int = 0
    fallbacks: int = 0
    confidences: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)  # accepted to answered, by the bot
    up: int = 0
    down: int = 0

    @property
    def fallback_rate(self) -> float | None:
        return self.fallbacks / self.turns if self.turns else None

    @property
    def confidence(self) -> float | None:
        return median(self.confidences) if self.confidences else None

    @property
    def wait(self) -> float | None:
        return median(self.waits) if self.waits else None

    @property
    def satisfied(self) -> float | None:
        return self.up / (self.up + self.down) if self.up + self.down else None


@dataclass(frozen=True, slots=True)
class Missed:
    """A week of the random sample: the share that was missed, and between what it lies at 95 % (Wilson)."""

    name: str
    share: float
    low: float
    high: float
    missed: int
    values: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts show."""

    groups: list[Group]
    intents: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    missed: list[Missed]
    handovers: int
    person_wait: float | None  # seconds from the question for a person to a person's first answer, median

    @property
    def turns(self) -> int:
        return sum(group.turns for group in self.groups)


class FigureBook:
    """Looks; changes nothing."""

    MOST = 12  # of intents and kinds

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database, self._clock = database, clock

    def days(self) -> list[tuple[str, str, str]]:
        """(what, in the last 24 hours, in the 24 before), in words."""
        now = self._clock()
        with self._database.read() as tx:
            last, before = (_day(tx, now - (ago + 1) * DAY_MS, now - ago * DAY_MS) for ago in (0, 1))
        return [(name, last[name], before[name]) for name in last]

    def figures(self, by: By, weeks: int) -> Figures:
        """Of the last `weeks` weeks, the present one included."""
        since = monday(self._clock()) - (weeks - 1) * WEEK_MS
        with self._database.read() as tx:
            rows = _turns(tx, since)
            thumbs, people = _thumbs(tx, since), _people(tx, since)
            waits = [row.answered_at - row.asked_at for row in people if row.answered_at]
            missed = [
                Missed(day(each.begins), each.rate.share, *each.rate.interval, each.rate.missed, each.rate.reviewed)
                for each in rate.by_week(tx)
                if each.rate and each.begins >= since
            ]
        return Figures(
            _grouped(rows, thumbs, by, since, weeks),
            Counter(row.intent for row in rows).most_common(self.MOST),
            Counter(kind for row in rows for kind in row.kinds.split()).most_common(self.MOST),
            missed,
            len(people),
            median(waits) / 1000 if waits else None,
        )


def _day(tx: Connection, since: int, until: int) -> dict[str, str]:
    within = (turns.c.at >= since) & (turns.c.at < until)
    replied = (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.reply_to == turns.c.seq)
    lost = func.count().filter(turns.c.intent.in_(FALLBACK))
    said, unclear = tx.execute(select(func.count(), lost).select_from(turns).where(within)).one()
    down = select(func.count()).select_from(turns).join(messages, replied).where(within, messages.c.rating < 0)
    asked = select(func.count()).select_from(handovers)
    asked = asked.where(handovers.c.asked_at >= since, handovers.c.asked_at < until, handovers.c.reason != "joined")
    return {
        "Messages answered": f"{said:,}",
        "Not understood": f"{unclear / said:.0%}" if said else "–",
        "Thumbs down": f"{tx.execute(down).scalar_one():,}",
        "Asked for a person": f"{tx.execute(asked).scalar_one():,}",
    }


def monday(at: int) -> int:
    """When the week began, in epoch milliseconds (UTC)."""
    midnight = datetime.fromtimestamp(at / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - timedelta(days=midnight.weekday())).timestamp() * 1000)


def day(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%-d %b}"


def _turns(tx: Connection, since: int) -> Sequence[Any]:
    said = (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq)
    query = select(
        turns.c.at, turns.c.intent, turns.c.confidence, turns.c.model, turns.c.tone, turns.c.kinds,
        (messages.c.answered_at - messages.c.created_at).label("wait"),
    ).outerjoin(messages, said).where(turns.c.at >= since)  # fmt: skip
    return tx.execute(query).all()


def _thumbs(tx: Connection, since: int) -> Sequence[Any]:
    replied = (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.reply_to == turns.c.seq)
    query = select(turns.c.at, turns.c.model, turns.c.tone, messages.c.rating).join(messages, replied)
    return tx.execute(query.where(turns.c.at >= since, messages.c.rating.is_not(None))).all()


def _people(tx: Connection, since: int) -> Sequence[Any]:
    query = select(handovers.c.asked_at, handovers.c.answered_at)
    return tx.execute(query.where(handovers.c.asked_at >= since, handovers.c.reason != "joined")).all()


def _grouped(rows: Sequence[Any], thumbs: Sequence[Any], by: By, since: int, weeks: int) -> list[Group]:
    def name(row: Any) -> str:
        return day(monday(row.at)) if by is By.WEEK else str(getattr(row, by.value) or UNKNOWN)

    groups: dict[str, Group] = {}
    if by is By.WEEK:  # a week without a turn is a week too
        names = [day(since + number * WEEK_MS) for number in range(weeks)]
        groups = {each: Group(each) for each in names}
    for row in rows:
        group = groups.setdefault(name(row), Group(name(row)))
        group.turns += 1
        group.fallbacks += row.intent in FALLBACK
        group.confidences.append(row.confidence)
        if row.wait is not None:
            group.waits.append(row.wait / 1000)
    for row in thumbs:
        group = groups.setdefault(name(row), Group(name(row)))
        group.up += row.rating > 0
        group.down += row.rating < 0
    return list(groups.values())
