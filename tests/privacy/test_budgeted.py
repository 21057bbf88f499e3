"""Many texts, each with a budget: one that takes too long or breaks is None, and costs the others nothing."""

import re
import time
from collections.abc import Sequence
from typing import Any

from tactful.privacy.budgeted import LARGEST_BATCH, BudgetedDetector
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span

CATASTROPHE = re.compile(r"(x+x+)+y")


class Whole(Detector):
    """Finds whole texts, with a recognizer that runs away on a row of x."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def detect(self, text: str, **_: Any) -> list[Span]:
        if text == "break":
            raise ValueError(text)
        CATASTROPHE.search(text)
        return [Span(0, len(text), "PERSON", 1.0)]

    def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        self.batches.append(len(texts))
        return [self.detect(text) for text in texts]


def test_the_culprits_are_none_and_every_other_text_has_its_own_spans() -> None:
    texts = ["a" * n for n in range(1, 200)]
    texts[20], texts[130] = "break", "x" * 64
    began = time.monotonic()
    found = list(BudgetedDetector(Whole(), 100).detect_all(texts))
    assert time.monotonic() - began < 10
    assert [n for n, spans in enumerate(found) if spans is None] == [20, 130]
    assert all(spans and spans[0].end == len(text) for text, spans in zip(texts, found, strict=True) if spans)


def test_batches_grow_to_the_largest_and_shrink_when_one_is_too_much() -> None:
    whole = Whole()
    reader = BudgetedDetector(whole, 100)
    list(reader.detect_all(["hello"] * 300))
    assert whole.batches[-1] == LARGEST_BATCH or LARGEST_BATCH in whole.batches
    before = len(whole.batches)
    list(reader.detect_all([*["hello"] * 30, "x" * 64, *["hello"] * 40]))
    assert min(whole.batches[before:]) < LARGEST_BATCH


def test_a_batch_of_the_wrong_length_is_not_believed() -> None:
    """Spans of one text laid over another would leave a value standing."""

    class Short(Whole):
        def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]:
            return super().detect_batch(texts)[1:]

    found = list(BudgetedDetector(Short(), 1_000).detect_all(["a", "bb", "ccc"]))
    assert [spans[0].end for spans in found if spans] == [1, 2, 3]


def test_the_real_detector_finds_the_same_in_a_batch_as_alone(policy: Policy) -> None:
    reader = BudgetedDetector(Detector(policy), 20_000)
    texts = [
        "my name is Ana Berg",
        "",
        "mail ana@example.com 👩‍👩‍👧 now",
        "thanks",
        "call +1 415 555 0100",
        "PERSON_1?",
    ]
    assert list(reader.detect_all(texts)) == [reader.detect(text) for text in texts]
