"""How far reviewers agree, beyond what chance alone would bring: Cohen's kappa (Cohen 1960), pair by pair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select

from tactful.store.database import Database
from tactful.store.tables import reviews, turns

NEWEST = 5000  # reviewed turns that count


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two reviewers over `items` that both judged. `kappa` is None where chance alone explains everything."""

    reviewers: tuple[str, str]
    items: int
    observed: float
    kappa: float | None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of pairs of judgements; None without any, or when both always said the same one thing."""
    total = len(pairs)
    if not total:
        return None
    observed = sum(one == other for one, other in pairs) / total
    ours, theirs = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    expected = sum(ours[each] * theirs[each] for each in ours) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


class Agreements:
    """Compares verdicts that were given blind; a resolver's do not count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pairs(self) -> list[Agreement]:
        """Every two reviewers who judged the same turns, those with the most first."""
        newest = select(turns.c.id).where(turns.c.readable, turns.c.state != "open").order_by(turns.c.id.desc())
        with self._database.read() as tx:
            rows = tx.execute(
                select(reviews.c.turn_id, reviews.c.reviewer, reviews.c.intent)
                .where(~reviews.c.resolves, reviews.c.turn_id.in_(newest.limit(NEWEST)))
                .order_by(reviews.c.turn_id, reviews.c.reviewer)
            ).all()
        judged: dict[int, list[tuple[str, str]]] = {}
        for turn_id, reviewer, intent in rows:
            judged.setdefault(turn_id, []).append((reviewer, intent))
        both: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for given in judged.values():
            for (one, said), (other, answered) in combinations(given, 2):
                both.setdefault((one, other), []).append((said, answered))
        found = [
            Agreement(who, len(each), sum(one == other for one, other in each) / len(each), kappa(each))
            for who, each in both.items()
        ]
        return sorted(found, key=lambda each: -each.items)


def overall(pairs: Sequence[Agreement]) -> float | None:
    """The mean kappa, each pair weighing as much as it judged."""
    counted = [each for each in pairs if each.kappa is not None]
    weight = sum(each.items for each in counted)
    return sum((each.kappa or 0.0) * each.items for each in counted) / weight if weight else None
