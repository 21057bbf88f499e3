"""The detector: recognizers and a named-entity model, one message at a time, each finding with its reason.

Recognizers are called directly: Presidio's `AnalyzerEngine` adds a lemma-based context search (which needs a whole
spaCy pipeline) and its own de-duplication, both of which we do better knowing that this is a chat.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from tactful.privacy.context import counted
from tactful.privacy.known import again
from tactful.privacy.lists import Lists
from tactful.privacy.ner.model import EntityModel
from tactful.privacy.normalise import Normalised, normalised
from tactful.privacy.placeholders import LITERAL, PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.recognizers.answers import answered
from tactful.privacy.recognizers.first_look import FirstLook
from tactful.privacy.recognizers.given import given
from tactful.privacy.recognizers.person import before_the_rest, names, with_title
from tactful.privacy.spans import Span, merge
from tactful.privacy.tails import whole_addresses
from tactful.privacy.verdict import answers_something_else, believable, may_be


class Model(Protocol):
    """What the detector asks of a named-entity model: spans of normalised texts."""

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]: ...


class Detector:
    """Loads the model once; `detect` keeps nothing between messages. No network, ever.

    `lists` is what this installation's reviewers taught; it may be exchanged between two messages.
    """

    def __init__(self, policy: Policy, lists: Lists | None = None) -> None:
        self._policy = policy
        self.lists = lists or Lists()
        self.model: Model = EntityModel()
        self._look = FirstLook(RECOGNIZERS)

    def detect(
        self,
        text: str,
        *,
        question: str | None = None,
        known: Sequence[tuple[str, str]] = (),
        whose: str = "",
    ) -> list[Span]:
        """Spans of `text` that the policy does not keep readable: sorted, apart from each other.

        `question` is what the bot asked last, so that a bare answer is understood; `known` are (value, type)
        that this conversation has already shown; `whose` is the subject who speaks, if it is one.
        """
        plain = normalised(text)
        known = [(value, kind) for value, kind in known if not self._is_freed(value, kind, whose)]
        return self._judged(plain, self.model.read_batch([plain.text])[0], question, known, whose)

    def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        """The same as `detect` for each of `texts`, which do not know of each other; faster a text."""
        plain = [normalised(text) for text in texts]
        seen = self.model.read_batch([each.text for each in plain])
        return [self._judged(each, spans, None, (), "") for each, spans in zip(plain, seen, strict=True)]

    def _judged(
        self,
        plain: Normalised,
        seen: Iterable[Span],
        question: str | None,
        known: Sequence[tuple[str, str]],
        whose: str,
    ) -> list[Span]:
        text = plain.text
        found = [
            with_title(text, span)
            for span in (
                *answers_something_else(text, believable(text, seen), question),
                *self._find(text, question, known),
                *self.lists.find(text, whose),
            )
            if span.type == LITERAL or self._policy.treatment(span.type) != "keep"
        ]
        found = [span for span in found if not self._is_freed(text[span.start : span.end], span.type, whose)]
        whole = list(whole_addresses(text, [span for span in merge(text, found) if may_be(text, span)]))
        if whole and whole[0].type != "PERSON":
            whole = [*before_the_rest(text, whole[0].start), *whole]
        shown = [(text[span.start : span.end], span.type) for span in whole]
        return [
            replace(span, start=start, end=end)
            for span in _to_word_ends(text, merge(text, (*whole, *again(text, shown, besides=1))))
            for start, end in [plain.original(span.start, span.end)]
        ]

    def _is_freed(self, words: str, kind: str, whose: str) -> bool:
        """Whether a reviewer said that these words are not personal.

        That holds for every kind that one person may judge, and else for the one that two have judged.
        """
        kinds = self.lists.kinds_kept(words, whose)
        return kind in kinds or (bool(kinds) and kind != LITERAL and not self._policy.two_people(kind))

    def _find(self, text: str, question: str | None, known: Sequence[tuple[str, str]]) -> Iterator[Span]:
        if "_" in text:
            for literal in PLACEHOLDER.finditer(text):
                yield Span(*literal.span(), LITERAL, 1.0, "placeholder look-alike")
        for recognizer in self._look.likely(text):
            yield from counted(text, recognizer.read(text), question, recognizer.context_words)
        yield from names(text, question)
        yield from given(text)
        yield from answered(text, question)
        yield from again(text, known)


def _to_word_ends(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Spans widened over underscores that touch them: a placeholder must stand as a word of its own."""
    after = 0
    for span, following in zip(spans, [*(span.start for span in spans[1:]), len(text)], strict=False):
        start, end = span.start, span.end
        while start > after and text[start - 1] == "_":
            start -= 1
        while end < following and text[end] == "_":
            end += 1
        after = end
        yield replace(span, start=start, end=end)
