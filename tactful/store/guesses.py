"""What the engine took a turn for, as it is kept: the intent in columns of its own, the other guesses beside it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

MOST = 5  # guesses, the intent among them
LEAST = 0.01


def in_brief(intent: str, ranking: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The guesses besides the intent, best first, with three digits; none that is as good as impossible."""
    return {name: round(sure, 3) for name, sure in list(ranking)[:MOST] if name != intent and sure >= LEAST}


def ranking_of(turn: RowMapping) -> list[dict[str, Any]]:
    """{name, confidence} of every guess, best first. `turn`: intent, confidence, ranking, guesses."""
    if turn["guesses"] is None:
        return list(turn["ranking"])
    first = [{"name": turn["intent"], "confidence": turn["confidence"]}] if turn["intent"] else []
    return first + [{"name": name, "confidence": sure} for name, sure in turn["guesses"].items()]
