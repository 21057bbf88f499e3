"""What the recognizers of patterns find together, without names, bare answers and a conversation's memory."""

from tactful.privacy.context import counted
from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.recognizers.first_look import FirstLook
from tactful.privacy.spans import merge
from tests.privacy.conftest import marked

LOOK = FirstLook(RECOGNIZERS)


def found(text: str, question: str | None = None) -> list[tuple[str, str]]:
    """(words, type) of each finding."""
    spans = [
        span
        for recognizer in LOOK.likely(text)
        for span in counted(text, recognizer.read(text), question, recognizer.context_words)
    ]
    return [(text[span.start : span.end], span.type) for span in merge(text, spans)]


def wanted(sentence: str, kind: str) -> tuple[str, list[tuple[str, str]]]:
    """The sentence without its marks, and what `found` should give for it."""
    text, spans = marked(sentence)
    return text, [(text[start:end], kind) for start, end in spans]
