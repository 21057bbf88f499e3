"""Sentences, predictions and comparisons made by hand, small enough to be checked with a pencil."""

from collections.abc import Sequence

from tactful.learn.comparison import Comparison, compare
from tactful.learn.gate import Checks
from tactful.learn.prediction import Example, Prediction, Run, Tested

CHECKED = Checks(conversations=3, scanned=9, leaked=0)
GOLDEN = [
    *(Example(f"where is invoice {n}", "billing_invoice") for n in range(5)),
    *(Example(f"401 from the api, {n}", "auth_error", tone="developer") for n in range(5)),
    *(Example(f"sing me song {n}", "out_of_scope", language="de") for n in range(5)),
]
TRUTH = [example.intent for example in GOLDEN]


def judged(
    said: Sequence[str], sure: float = 0.9, *, name: str = "new", p95: float = 5.0, peak: float = 500.0
) -> Tested:
    """A model that said this, each time as sure."""
    predictions = [Prediction(intent, sure, False, ((intent, sure), ("other", 1 - sure))) for intent in said]
    return Tested(name, name * 8, Run(predictions, 2.0, p95, peak, 2.8))


def compared(candidate: Tested, champion: Tested | None = None) -> Comparison:
    return compare(GOLDEN, candidate, champion, golden_sha256="0" * 64)


def but(wrong: dict[int, str]) -> list[str]:
    """The truth, but for some."""
    return [wrong.get(i, intent) for i, intent in enumerate(TRUTH)]
