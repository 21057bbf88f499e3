"""A detector with a time budget for each message, for programs that read many: batches, and fail closed."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from tactful.privacy.alarm import Alarm
from tactful.privacy.isolated import WARM_UP
from tactful.privacy.spans import Span

LARGEST_BATCH = 64

Known = Sequence[tuple[str, str]]


class Finder(Protocol):
    """A detector without limits. (Not `Detector` itself: who only asks another process does without its models.)"""

    def detect(self, text: str, *, question: str | None = None, known: Known = ()) -> list[Span]: ...

    def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]: ...


class BudgetedDetector:
    """Answers None where it could not tell: over the budget, or failed. Such a text must be withheld."""

    def __init__(self, detector: Finder, budget_ms: int) -> None:
        self._detector = detector
        self._alarm = Alarm(budget_ms)
        self._size = LARGEST_BATCH // 4
        with contextlib.suppress(Exception):  # what fails here fails again where it is told
            detector.detect(WARM_UP, question="What is your name?", known=[("Ana Berg", "PERSON")])

    def detect(self, text: str, question: str | None = None, known: Known = ()) -> list[Span] | None:
        """The spans of one text, or None."""
        try:
            return self._alarm.within(lambda: self._detector.detect(text, question=question, known=known))
        except Exception:  # whatever failed, the text was not read to its end
            return None

    def detect_all(self, texts: Sequence[str]) -> Iterator[list[Span] | None]:
        """The spans of each text, in order, each as soon as it is there.

        A batch has the budget of one message. When it is not enough, or one text breaks it, each is read alone and
        the next batch is half as large.
        """
        at = 0
        while at < len(texts):
            batch = texts[at : at + self._size]
            at += len(batch)
            yield from self._together(batch) or map(self.detect, batch)

    def _together(self, texts: Sequence[str]) -> list[list[Span]] | None:
        if len(texts) == 1:
            self._size = min(self._size * 2, LARGEST_BATCH)
            return None
        with contextlib.suppress(Exception):
            found = self._alarm.within(lambda: self._detector.detect_batch(texts))
            if len(found) == len(texts):
                self._size = min(self._size * 2, LARGEST_BATCH)
                return found
        self._size = max(self._size // 2, 1)
        return None
