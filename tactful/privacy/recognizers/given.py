"""Given names told by the words beside them, in any case ("when mike lets me know"), and the last names that follow them."""

import re
from collections.abc import Iterator

from tactful.privacy.lexicon import known
from tactful.privacy.recognizers.person import PLACE_AFTER
from tactful.privacy.recognizers.words import CHAT, PLACES, TIMES, TRADE
from tactful.privacy.spans import Span

DOES, SURNAME = "given name that does something", "given name and last name"
SCORE = 0.55

_WORD = r"[^\W\d_]{3,15}"
# What is said before people alone.
_BEFORE = re.compile(
    rf"\b(?:happy\sbirthday|birthday\sto|(?:call|text|word|letter|email)\sfrom|tell|told|asked|miss\syou|love\syou|shut\sup,?|hang\sout\swith|"
    rf"married\sto|dating|my\s(?:friend|wife|husband|son|daughter|brother|sister|mate|boss|cousin))[ ,]{{1,3}}(?P<name>{_WORD})(?![\w@/-])",
    re.IGNORECASE,
)
# What only people do.
_AFTER = re.compile(
    rf"(?<![\w@#/.-])(?P<name>{_WORD})\s(?:says?|said|thinks|thought|told|asked|lets|wants|wanted|knows|knew|called|texted|(?:'s|is|was)\s(?:coming|going|gonna|telling|asking|sleeping|working|laughing|crying))\b",
    re.IGNORECASE,
)
_TWO = re.compile(r"(?<![\w@#/.'’-])(?P<given>[A-Z][^\W\d_A-Z]{2,14})\s(?P<last>[A-Z][^\W\d_A-Z]{2,17})(?![\w@/])")
_NEVER = CHAT | TIMES | PLACES | TRADE
_NAMES_THAT_ARE_WORDS = frozenset("john mike sam dan ben joe tom jim tim ted bob harry jack josh".split())


def given(text: str) -> Iterator[Span]:
    """Spans of names in the normalised `text`."""
    for pattern in (_BEFORE, _AFTER):
        for found in pattern.finditer(text):
            if _given(found["name"]):
                yield Span(
                    found.start("name"),
                    found.end("name"),
                    "PERSON",
                    SCORE,
                    DOES,
                    found[0].replace(found["name"], "").strip().casefold(),
                )
    if any(word.islower() and len(word) > 3 for word in text.split()):  # else capitals say nothing
        for found in _TWO.finditer(text):
            if (
                _given(found["given"])
                and _may_follow(found["last"])
                and not PLACE_AFTER.match(text, found.end("given"))
            ):
                yield Span(found.start("given"), found.end("last"), "PERSON", SCORE, SURNAME)


def _given(word: str) -> bool:
    seen, plain = known(word), word.casefold()
    return seen.first == 2 and (seen.word in (0, 3) or plain in _NAMES_THAT_ARE_WORDS) and plain not in _NEVER


def _may_follow(word: str) -> bool:
    seen = known(word)
    return not seen.place and word.casefold() not in _NEVER and seen.word != 1
