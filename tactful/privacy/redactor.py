"""Passages of text in, redacted passages out: detection in batches, memory by conversation, fail closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tactful.privacy.policy import Policy
from tactful.privacy.scopes import Scope
from tactful.privacy.spans import Span

KNOWN_SCORE = 0.9


class Reader(Protocol):
    """A detector that answers None where it could not tell."""

    def detect(
        self, text: str, question: str | None = None, known: Sequence[tuple[str, str]] = ()
    ) -> list[Span] | None: ...

    def detect_all(self, texts: Sequence[str]) -> Iterator[list[Span] | None]: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, where its values belong, and what the bot had asked; its repr does not tell the text."""

    text: str = field(repr=False)
    scope: Scope = field(repr=False)
    question: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Redacted:
    """What may be passed on; `spans` have offsets into the original."""

    text: str
    spans: list[Span]


class Redactor:
    """Redacts passages in order. None in place of one that must be withheld."""

    def __init__(self, reader: Reader, policy: Policy) -> None:
        self._reader = reader
        self._policy = policy

    def redact(self, passages: Sequence[Passage]) -> Iterator[Redacted | None]:
        """Each passage's redaction, as soon as it is there."""
        alone = self._reader.detect_all([passage.text for passage in passages if not passage.question])
        for passage in passages:
            spans = None if passage.question else next(alone)
            if passage.question or (spans is not None and passage.scope.may_hold(passage.text)):
                spans = self._reader.detect(passage.text, passage.question, passage.scope.known)
            if spans == [] and (kind := passage.scope.kind_of(passage.text)):
                spans = [Span(0, len(passage.text), kind, KNOWN_SCORE, "known in this conversation")]
            yield self._replaced(passage, spans)

    def _replaced(self, passage: Passage, spans: list[Span] | None) -> Redacted | None:
        if spans is None or any(self._policy.treatment(span.type) == "withhold" for span in spans):
            return None
        return Redacted(passage.scope.replace(passage.text, spans), spans)


def span_row(span: Span, explain: bool = False) -> dict[str, Any]:
    """A span as JSON; `explain` adds who found it, how sure and by which words."""
    row: dict[str, Any] = {"start": span.start, "end": span.end, "type": span.type}
    if explain:
        row |= {"score": round(span.score, 2), "recognizer": span.source, "context": span.context}
    return row
