"""What a shadow understood beside the model that answered: how often the same, and what it would have changed.

Turns whose customers asked that their data be restricted are left out. Nothing here holds words: who may read them sees
them in the console, under the conversation and message that are named.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from tactful.errors import NotFound
from tactful.learn.figures import wilson
from tactful.store.tables import conversations, shadow_turns, shadows, subjects

NAMED = 5  # messages named for each change


@dataclass(frozen=True, slots=True)
class Flip:
    """An intent that the shadow takes for another: how often, and in which (conversation, message), newest first."""

    live: str
    shadow: str
    count: int
    examples: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Language:
    """How often both understood the same in one language."""

    name: str
    turns: int
    agreed: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """A shadow's figures. `dropped`: it was behind; `failed`: it did not answer; `refused`: no consent to training."""

    model: str
    compared: int
    agreed: int
    low: float
    high: float
    surer: int  # of those that agree: the shadow is surer
    dropped: int
    failed: int
    refused: int
    flips: Sequence[Flip]
    languages: Sequence[Language]


def agreement(tx: Connection, shadow_id: str | None = None) -> Agreement:
    """Of a shadow, or of the newest. Errors: `NotFound` when it has not heard anything yet."""
    wanted = shadows.c.id == shadow_id if shadow_id else shadows.c.id.is_not(None)
    about = tx.execute(select(shadows).where(wanted).order_by(shadows.c.started_at.desc()).limit(1)).mappings().first()
    if about is None:
        raise NotFound("It has heard nothing yet.")
    rows = tx.execute(
        select(shadow_turns, conversations.c.language)
        .join(conversations, conversations.c.id == shadow_turns.c.conversation_id)
        .join(subjects, subjects.c.id == conversations.c.subject_id)
        .where(shadow_turns.c.shadow_id == about["id"], ~subjects.c.restricted)
        .order_by(shadow_turns.c.at.desc(), shadow_turns.c.conversation_id, shadow_turns.c.seq.desc())
    ).all()
    same = [row for row in rows if row.intent == row.live_intent]
    return Agreement(
        about["model"],
        len(rows),
        len(same),
        *_interval(len(same), len(rows)),
        sum(row.confidence > row.live_confidence for row in same),
        about["dropped"],
        about["failed"],
        about["refused"],
        _flips(rows),
        _languages(rows),
    )


def _flips(rows: Sequence[Any]) -> list[Flip]:
    where: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in rows:
        if row.intent != row.live_intent:
            where.setdefault((row.live_intent, row.intent), []).append((row.conversation_id, row.seq))
    ordered = sorted(where.items(), key=lambda each: (-len(each[1]), each[0]))
    return [Flip(live, shadow, len(turns), turns[:NAMED]) for (live, shadow), turns in ordered]


def _languages(rows: Sequence[Any]) -> list[Language]:
    turns = Counter(row.language or "unknown" for row in rows)
    agreed = Counter(row.language or "unknown" for row in rows if row.intent == row.live_intent)
    return [Language(name, n, agreed[name], *_interval(agreed[name], n)) for name, n in turns.most_common()]


def _interval(count: int, of: int) -> tuple[float, float]:
    return wilson(count, of) if of else (0.0, 1.0)
