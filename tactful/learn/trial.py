"""A canary beside the champion: how both do in the conversations that began since, on real customers.

Counts only. Answering is what customers came for, so this asks no consent of theirs and reads none of their words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import Any

from sqlalchemy import Connection, func, select

from tactful.learn.figures import wilson
from tactful.store.tables import conversations, messages

FALLBACK = frozenset({"nlu_fallback", ""})
TWO_SIDED = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with its 95 % interval (Wilson)."""

    count: int
    of: int
    low: float
    high: float

    @classmethod
    def among(cls, count: int, of: int) -> "Share":
        return cls(count, of, *(wilson(count, of) if of else (0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Arm:
    """How one of both did. Times in ms from acceptance to answer; None where there is nothing to tell of."""

    model: str
    conversations: int
    turns: int
    fallbacks: Share
    confidence: float | None
    confidence_within: float | None  # half of its 95 % interval
    up: Share
    down: Share
    put_off: Share  # answered at a later attempt: the engine was away or refused
    given_up: Share
    p50_ms: float | None
    p95_ms: float | None


def arms(tx: Connection, models: Sequence[str], since: int) -> list[Arm]:
    """Each model in the conversations that were given to it since (epoch ms), in the order of `models`."""
    return [_arm(tx, model, since) for model in models]


def _arm(tx: Connection, model: str, since: int) -> Arm:
    theirs = (conversations.c.model == model) & (conversations.c.created_at >= since)
    counted = tx.execute(select(func.count()).select_from(conversations).where(theirs)).scalar_one()
    rows = tx.execute(
        select(
            messages.c.intent, messages.c.confidence, messages.c.attempts,
            (messages.c.answered_at - messages.c.created_at).label("ms"),
        )
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(theirs, messages.c.author == "customer", messages.c.kind == "text", messages.c.status == "answered")
    ).all()  # fmt: skip
    rated = tx.execute(
        select(messages.c.rating)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(theirs, messages.c.rating.is_not(None))
    ).scalars()
    return _told(model, int(counted), rows, list(rated))


def _told(model: str, counted: int, rows: Sequence[Any], ratings: Sequence[int]) -> Arm:
    answered = [row for row in rows if row.intent is not None]
    sure = [row.confidence for row in answered if row.confidence is not None]
    times = sorted(row.ms for row in rows if row.ms is not None)
    within = TWO_SIDED * stdev(sure) / len(sure) ** 0.5 if len(sure) > 1 else None
    return Arm(
        model,
        counted,
        len(rows),
        Share.among(sum(row.intent in FALLBACK for row in answered), len(answered)),
        fmean(sure) if sure else None,
        within,
        Share.among(sum(rating > 0 for rating in ratings), len(ratings)),
        Share.among(sum(rating < 0 for rating in ratings), len(ratings)),
        Share.among(sum(row.attempts > 0 for row in answered), len(rows)),
        Share.among(len(rows) - len(answered), len(rows)),
        _quantile(times, 0.50),
        _quantile(times, 0.95),
    )


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else None


def table(found: Sequence[Arm]) -> Iterator[tuple[str, list[str]]]:
    """(name, a cell for each arm) of every figure, as it is shown."""
    yield "conversations", [str(arm.conversations) for arm in found]
    yield "turns", [str(arm.turns) for arm in found]
    yield "not understood", [_share(arm.fallbacks) for arm in found]
    yield "mean confidence", [_mean(arm) for arm in found]
    yield "thumbs up", [_share(arm.up) for arm in found]
    yield "thumbs down", [_share(arm.down) for arm in found]
    yield "put off", [_share(arm.put_off) for arm in found]
    yield "given up", [_share(arm.given_up) for arm in found]
    yield "answered in, p50", [_ms(arm.p50_ms) for arm in found]
    yield "answered in, p95", [_ms(arm.p95_ms) for arm in found]


def _share(share: Share) -> str:
    if not share.of:
        return "–"
    return f"{share.count} = {share.count / share.of:.1%} ({share.low:.1%} to {share.high:.1%})"


def _mean(arm: Arm) -> str:
    if arm.confidence is None:
        return "–"
    return f"{arm.confidence:.3f}" + (f" ± {arm.confidence_within:.3f}" if arm.confidence_within is not None else "")


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"
