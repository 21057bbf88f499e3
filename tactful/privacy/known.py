"""What a conversation has shown once is known for all of it: values found before, wherever they stand again."""

import re
from collections.abc import Iterator, Sequence

from tactful.privacy.normalise import normalised
from tactful.privacy.placeholders import LITERAL
from tactful.privacy.recognizers.words import is_word
from tactful.privacy.spans import Span

SCORE, SOURCE = 0.9, "known in this conversation"
SHORTEST = 3  # letters and digits: a shorter value is found again only by what stands around it
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.,;:()/-]+")


def again(text: str, known: Sequence[tuple[str, str]], *, besides: int = 0, whole: bool = False) -> Iterator[Span]:
    """Spans of known (value, type) in the normalised `text`; of a name also its parts, unless they are plain words.

    `whole`: no parts of names.
    `besides`: how often a value is known to stand in this text already; only more than that is worth a search.
    """
    wanted: dict[str, str] = {}
    folded = text.casefold()
    for value, kind in known:
        if kind != LITERAL:
            for form in _forms(normalised(value).text.strip(), kind, whole):
                form = form.casefold()
                if folded.count(_SEPARATORS.split(form, maxsplit=1)[0]) > besides:
                    wanted.setdefault(form, kind)
    if not wanted:
        return
    longest_first = sorted(wanted, key=len, reverse=True)
    alternatives = "|".join(_loosely(value, wanted[value]) for value in longest_first)
    pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(text):
        kind = wanted.get(match[0].casefold()) or wanted[_closest(match[0], wanted)]
        yield Span(match.start(), match.end(), kind, SCORE, SOURCE)


def _forms(value: str, kind: str, whole: bool) -> Iterator[str]:
    value = _POSSESSIVE.sub("", value)
    if _signs(value) >= SHORTEST:
        yield value
    if kind == "PERSON" and not whole:
        parts = value.replace(",", " ").split()
        if len(parts) > 1:
            yield from (part for part in parts if _signs(part) >= SHORTEST and not is_word(part))


def _signs(value: str) -> int:
    return sum(character.isalnum() for character in value)


def _loosely(value: str, kind: str) -> str:
    """The value with any separators where it had some: "8497 RT" is "8497-RT", and but for names "8497RT" too."""
    between = r"[\s.,;:()/-]{1,4}" if kind == "PERSON" else r"[\s.,;:()/-]{0,4}"
    return between.join(re.escape(part) for part in _SEPARATORS.split(value) if part)


def _closest(found: str, wanted: dict[str, str]) -> str:
    bare = _SEPARATORS.sub("", found.casefold())
    return next(value for value in wanted if _SEPARATORS.sub("", value) == bare)
