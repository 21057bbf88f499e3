"""What is known of single words: how common one is in English, whether it is a first name, a last name, a place.

Made from public lists by `ner/lexicon.py`, which leaves a third of the rarer names out on purpose: what reads it must
also tell a name that stands in no list.
"""

import gzip
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

LEXICON = Path(__file__).parent / "ner" / "lexicon.txt.gz"


class Known(NamedTuple):
    """`word`: 0 no English word, 1 everybody's, 2 common, 3 rare; `first`, `last`: 0 no name, 1 one, 2 a common one."""

    word: int
    first: int
    last: int
    place: bool


UNKNOWN = Known(0, 0, 0, False)


def encode(known: Known) -> int:
    """One number for what is known of a word; never 0, which means nothing."""
    return 1 + known.word + 4 * known.first + 12 * known.last + 36 * known.place


def decode(code: int) -> Known:
    """The way back."""
    if not code:
        return UNKNOWN
    code -= 1
    return Known(code % 4, code // 4 % 3, code // 12 % 3, bool(code // 36))


_DECODED = [decode(code) for code in range(73)]


@cache
def codes() -> Mapping[str, int]:
    """Folded word → number. A file of a line for each number: the number, then its words."""
    with gzip.open(LEXICON, "rt", encoding="utf-8") as lines:
        return {word: int(code) for code, *words in map(str.split, lines) for word in words}


def known(word: str) -> Known:
    """What is known of a word, written in any case, with or without accents."""
    return _DECODED[codes().get(folded(word), 0)]


def folded(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
