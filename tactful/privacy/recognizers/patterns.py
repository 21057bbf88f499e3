"""A recognizer from patterns: a match is a finding, whether its check digits are right or not.

Presidio's own `PatternRecognizer` drops what fails a checksum (a card number with a typing mistake is still personal),
reads a text against every pattern whatever it holds, and looks back for words at every place where a value may begin.
Here a pattern begins with the word that names the value, and its group `value` is the finding: linear, and fast.
"""

import re
from collections.abc import Iterator, Sequence

from tactful.privacy.recognizers.first_look import Needs
from tactful.privacy.spans import Span

FLAGS = re.IGNORECASE | re.MULTILINE


class Patterns:
    """Finds values of one entity type. In Presidio: `recognizers.presidio.ForPresidio`."""

    def __init__(
        self,
        name: str,
        entity: str,
        patterns: tuple[str, ...],
        *,
        score: float,
        digits: int,
        signs: Sequence[str],
        context: tuple[str, ...],
        flags: int,
    ) -> None:
        self.source = name
        self.entity, self.score, self.context_words = entity, score, context
        self.needs = Needs(digits, frozenset(signs))
        self._patterns = [re.compile(pattern, flags) for pattern in patterns]

    def read(self, text: str) -> Iterator[Span]:
        """Spans of the normalised `text`, which has what is needed; what named each value is its context."""
        for pattern in self._patterns:
            group = "value" if "value" in pattern.groupindex else 0
            for match in pattern.finditer(text):
                start, end = match.span(group)
                if end > start:
                    cue = " ".join(text[match.start() : start].split())
                    yield Span(start, end, self.entity, self.score, self.source, cue)


def recognizer(
    name: str,
    entity: str,
    *patterns: str,
    score: float = 0.8,
    digits: int = 0,
    signs: Sequence[str] = (),
    context: tuple[str, ...] = (),
    flags: int = FLAGS,
) -> Patterns:
    """A recognizer called `name` of one entity type.

    Each pattern's group `value`, or else its whole match, is the finding. A text with fewer than `digits` digits, or
    with none of `signs` (characters, or words in lower case), is not searched. A `score` below the detector's threshold counts only near one of the
    `context` words (lower case), or when the bot's question holds one.
    """
    return Patterns(name, entity, patterns, score=score, digits=digits, signs=signs, context=context, flags=flags)
