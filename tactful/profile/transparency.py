"""The figures of the public page `/privacy`: sums over everybody, none so small that it could point at somebody."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import Connection, String, cast, func, select

from tactful.store.audit import Act, Role
from tactful.store.database import Database
from tactful.store.tables import audit, messages, subjects

FEWEST = 5  # a smaller count is not told
FRESH_MS = 300_000
Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class MissRate:
    """Share of personal data that a reviewed sample shows as not hidden, with its 95 % interval (Wilson 1927)."""

    missed: int
    reviewed: int

    @property
    def share(self) -> float:
        return self.missed / self.reviewed

    @property
    def interval(self) -> tuple[float, float]:
        n, z2 = self.reviewed, Z * Z
        middle = (self.share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z * sqrt(self.share * (1 - self.share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows; `as_of` in epoch milliseconds. `missed` is None while nobody reviewed a sample."""

    as_of: int
    hidden: Mapping[str, int]
    erasures: int
    human_reads: int
    missed: MissRate | None


def miss_rate(found: int, missed: int) -> MissRate | None:
    """Of a reviewed sample: values that the detector found, and those marked as missed; None without either."""
    return MissRate(missed, found + missed) if found + missed else None


def hidden_by_kind(tx: Connection) -> Counter[str]:
    """Entity type → how often the detector found it, in the messages that are still kept."""
    kinds = cast(messages.c.entity_types, String)  # JSON as such cannot be grouped by on every database
    rows = tx.execute(select(kinds, func.count()).where(messages.c.entity_types.is_not(None)).group_by(kinds))
    total: Counter[str] = Counter()
    for text, times in rows:
        for kind, count in (json.loads(text) or {}).items():
            total[kind] += count * times
    return total


def erasures(tx: Connection) -> int:
    """How many customers were erased."""
    return int(tx.execute(select(func.count()).where(subjects.c.erased_at.is_not(None))).scalar_one())


def human_reads(tx: Connection) -> int:
    """How many conversations staff opened; each opening is in the audit log."""
    read = select(func.count()).where(audit.c.act == Act.TRANSCRIPT_READ.value, audit.c.role == Role.AGENT.value)
    return int(tx.execute(read).scalar_one())


def told(count: int) -> str:
    """A count as the page tells it."""
    return f"{count:,}" if count >= FEWEST else f"fewer than {FEWEST}"


class Transparency:
    """The figures, counted anew when they are five minutes old.

    `reviewed` gives what a reviewed sample showed, as (found, missed), or None while there is none.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        reviewed: Callable[[Connection], tuple[int, int] | None] = lambda tx: None,
    ) -> None:
        self._database, self._clock, self._reviewed = database, clock, reviewed
        self._kept: Figures | None = None

    def figures(self) -> Figures:
        now = self._clock()
        if self._kept is None or now - self._kept.as_of > FRESH_MS:
            with self._database.read() as tx:
                sample = self._reviewed(tx)
                self._kept = Figures(
                    now,
                    hidden_by_kind(tx),
                    erasures(tx),
                    human_reads(tx),
                    miss_rate(*sample) if sample else None,
                )
        return self._kept
