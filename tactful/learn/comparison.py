"""A candidate beside the champion, on the same sentences: what is better, what is worse, and what is only chance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from tactful.learn import figures
from tactful.learn.prediction import OUT_OF_SCOPE, Example, Prediction, Tested

SEED = 7
FEWEST = 4  # sentences of an intent or group below which its figure says nothing


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """How one intent is told from all others."""

    intent: str
    sentences: int
    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Accuracy on a part of the sentences."""

    of: str  # tone or language
    name: str
    sentences: int
    accuracy: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Side:
    """All figures of one model."""

    model: str
    sha256: str
    accuracy: float
    low: float
    high: float
    macro_f1: float
    calibration_error: float
    out_of_scope_auroc: float | None
    fallbacks: int
    intents: list[IntentFigures]
    groups: list[Group]
    confusion: list[tuple[str, str, int]]  # true intent, said intent, sentences; only what is wrong, most first
    reliability: list[tuple[float, float, int]]
    p50_ms: float
    p95_ms: float
    peak_mb: float
    size_mb: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A sentence that the models take differently, at least one of them wrongly."""

    text: str
    intent: str
    champion: str
    champion_confidence: float
    candidate: str
    candidate_confidence: float
    change: str  # gained | lost | still wrong


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report tells. Without a champion there is only the candidate's side."""

    golden_sha256: str
    sentences: int
    candidate: Side
    champion: Side | None
    gained: int = 0
    lost: int = 0
    p_value: float = 1.0
    flips: list[Flip] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compare(
    examples: Sequence[Example],
    candidate: Tested,
    champion: Tested | None,
    *,
    golden_sha256: str,
    seed: int = SEED,
) -> Comparison:
    """Both models' figures and what is between them. Errors: `ValueError` when a model left sentences out."""
    mine = _side(examples, candidate, seed)
    if champion is None:
        return Comparison(golden_sha256, len(examples), mine, None)
    flips = list(_flips(examples, champion.run.predictions, candidate.run.predictions))
    kinds = Counter(flip.change for flip in flips)
    gained, lost = kinds["gained"], kinds["lost"]
    return Comparison(
        golden_sha256,
        len(examples),
        mine,
        _side(examples, champion, seed),
        gained,
        lost,
        figures.mcnemar(gained, lost),
        flips,
    )


def _side(examples: Sequence[Example], tested: Tested, seed: int) -> Side:
    run = tested.run
    if len(run.predictions) != len(examples):
        raise ValueError(f"{len(run.predictions)} predictions of {len(examples)} sentences")
    said = [each.intent for each in run.predictions]
    right = np.array([each.intent for each in examples]) == np.array(said)
    confidence = np.array([each.confidence for each in run.predictions])
    intents = _intents(examples, said, seed)
    return Side(
        tested.model,
        tested.sha256,
        float(right.mean()),
        *figures.wilson(int(right.sum()), len(right)),
        float(np.mean([each.f1 for each in intents])),
        figures.calibration_error(confidence, right),
        _out_of_scope(examples, run.predictions),
        sum(each.fallback for each in run.predictions),
        intents,
        list(_groups(examples, right)),
        _confusion(examples, said),
        figures.reliability(confidence, right),
        run.p50_ms,
        run.p95_ms,
        run.peak_mb,
        run.size_mb,
    )


def _intents(examples: Sequence[Example], said: Sequence[str], seed: int) -> list[IntentFigures]:
    true = [each.intent for each in examples]
    counts = Counter(true)
    names = sorted(counts)
    scores = figures.f1(true, said, names)
    low, high = figures.f1_intervals(true, said, names, seed)
    return [
        IntentFigures(name, counts[name], float(scores[i]), float(low[i]), float(high[i]))
        for i, name in enumerate(names)
    ]


def _groups(examples: Sequence[Example], right: figures.Bools) -> Iterable[Group]:
    for of in ("tone", "language"):
        names = np.array([getattr(each, of) for each in examples])
        for name in sorted(set(names.tolist())):
            these = right[names == name]
            yield Group(
                of, name, len(these), float(these.mean()), *figures.wilson(int(these.sum()), len(these))
            )  # fmt: skip


def _confusion(examples: Sequence[Example], said: Sequence[str]) -> list[tuple[str, str, int]]:
    wrong = Counter((each.intent, guess) for each, guess in zip(examples, said, strict=True) if each.intent != guess)
    return [(true, guess, n) for (true, guess), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))]


def _out_of_scope(examples: Sequence[Example], said: Sequence[Prediction]) -> float | None:
    scores = np.array([each.out_of_scope for each in said])
    outside = np.array([each.intent == OUT_OF_SCOPE for each in examples], dtype=bool)
    return figures.auroc(scores[outside], scores[~outside])


def _flips(
    examples: Sequence[Example], champion: Sequence[Prediction], candidate: Sequence[Prediction]
) -> Iterable[Flip]:
    for example, before, after in zip(examples, champion, candidate, strict=True):
        if before.intent != after.intent:
            change = {before.intent: "lost", after.intent: "gained"}.get(example.intent, "still wrong")
            yield Flip(
                example.text, example.intent,
                before.intent, before.confidence, after.intent, after.confidence, change,
            )  # fmt: skip
