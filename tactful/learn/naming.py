"""Names for what customers are about: the words that many of them use and that otherwise are rare.

By the share of the group's customers who say a word, times how rare it is elsewhere (c-TF-IDF: Grootendorst, 2022). A
word that fewer than a few customers said is never shown, whatever it is: it could be somebody's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

from tactful.learn.stop_words import STOP_WORDS
from tactful.privacy.placeholders import PLACEHOLDER

WORDS = 3
_WORD = re.compile(r"[^\W\d_]{3,30}")


def words_of(text: str) -> set[str]:
    """The words of a text that can name something; no placeholders."""
    return set(_WORD.findall(PLACEHOLDER.sub(" ", text).casefold())) - STOP_WORDS


def rarity(texts: Iterable[str]) -> Mapping[str, float]:
    """How telling a word is by the sentences that it stands in; "" for one that stands in none."""
    count, total = Counter[str](), 0
    for text in texts:
        count.update(words_of(text))
        total += 1
    return {word: log((1 + total) / (1 + n)) for word, n in count.items()} | {"": log(1 + total) or 1.0}


def name(said: Mapping[str, Iterable[str]], rare: Mapping[str, float], customers: int) -> list[str]:
    """The best words for a group. `said`: customer → texts; `customers`: how many must have said a word."""
    count = Counter[str]()
    for texts in said.values():
        count.update(set().union(*map(words_of, texts)) if texts else ())
    scored = {word: n * rare.get(word, rare[""]) for word, n in count.items() if n >= customers}
    return [word for word, _ in sorted(scored.items(), key=lambda pair: (-pair[1], pair[0]))[:WORDS]]
