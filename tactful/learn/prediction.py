"""What a model made of sentences whose intent is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of the golden set: redacted, with its true intent and the groups it counts in."""

    text: str
    intent: str
    tone: str = "plain"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model said to one sentence: its own first choice, and whether it was too unsure to act on it."""

    intent: str
    confidence: float
    fallback: bool = False
    ranking: Sequence[tuple[str, float]] = ()

    @property
    def out_of_scope(self) -> float:
        """How far the sentence is from everything the assistant can do: 0 to 1.

        One less the confidence of the best intent that is in scope, so that an unsure model counts as one that says so.
        """
        guesses = self.ranking or ((self.intent, self.confidence),)
        return 1.0 - max((sure for intent, sure in guesses if intent != OUT_OF_SCOPE), default=0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """A model's predictions of all sentences, in their order, and what they cost."""

    predictions: Sequence[Prediction]
    p50_ms: float
    p95_ms: float
    peak_mb: float
    size_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Tested:
    """A model by its name and hash, with what it said."""

    model: str
    sha256: str
    run: Run = field(repr=False)
