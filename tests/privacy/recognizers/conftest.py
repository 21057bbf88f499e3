"""What the recognizers of patterns find together, without names, bare answers and a conversation's memory."""

from collections.abc import Iterator
from dataclasses import replace

from tactful.privacy.context import CONTEXT_BOOST, THRESHOLD, nearby
from tactful.privacy.detector import merge
from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.spans import Span
from tests.privacy.conftest import marked


def found(text: str, question: str | None = None) -> list[tuple[str, str]]:
    """(words, type) of each finding."""
    return [(text[span.start : span.end], span.type) for span in merge(_counted(text, question))]


def wanted(sentence: str, kind: str) -> tuple[str, list[tuple[str, str]]]:
    """The sentence without its marks, and what `found` should give for it."""
    text, spans = marked(sentence)
    return text, [(text[start:end], kind) for start, end in spans]


def _counted(text: str, question: str | None) -> Iterator[Span]:
    for recognizer in RECOGNIZERS:
        for span in recognizer.read(text):
            if span.score >= THRESHOLD:
                yield span
            elif nearby(text, span, question, recognizer.context_words):
                yield replace(span, score=span.score + CONTEXT_BOOST)
