"""Context: a value without a shape of its own counts when a word near it, or the bot's question, names it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tactful.privacy.spans import Span

THRESHOLD = 0.5  # a finding below it counts only with its context
CONTEXT_BOOST = 0.4
BEFORE, AFTER = 60, 30  # characters in which a context word is looked for
_WORD = re.compile(r"[^\W\d_]+")


def counted(text: str, spans: Iterable[Span], question: str | None, words: tuple[str, ...]) -> Iterator[Span]:
    """The spans that count: those sure enough by themselves, and others raised by one of `words` near them."""
    for span in spans:
        if span.score >= THRESHOLD:
            yield span
        elif cue := nearby(text, span, question, words):
            yield replace(span, score=span.score + CONTEXT_BOOST, context=cue)


def nearby(text: str, span: Span, question: str | None, words: tuple[str, ...]) -> str:
    """The first of `words` (lower case) that stands near the span or in the question; empty when none does."""
    if not words:
        return ""
    around = text[max(0, span.start - BEFORE) : span.start], text[span.end : span.end + AFTER], question or ""
    present = {word.casefold() for part in around for word in _WORD.findall(part)}
    return next((word for word in words if word in present), "")
