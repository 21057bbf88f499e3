"""Makes the lexicon (see `tactful.privacy.lexicon`) from the lists.

A third of the rarer names is left out on purpose: the model must learn to tell a name that stands in no list.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

from ner.lists import Lists
from tactful.privacy.lexicon import LEXICON, Known, encode, folded

LEFT_OUT = 0.35


def codes(lists: Lists) -> dict[str, int]:
    """Folded word → number."""
    places = set(_words([*lists.cities, *lists.countries]))
    common_first, common_last = set(_words(lists.common_first)), set(_words(lists.common_last))
    first, last = set(_kept(_words(lists.first))), set(_kept(_words(lists.last)))
    levels = {folded(word): level for word, level in lists.words.items()}
    every = places | common_first | common_last | first | last | set(levels)
    return {
        word: encode(
            Known(
                levels.get(word, 0),
                2 if word in common_first else int(word in first),
                2 if word in common_last else int(word in last),
                word in places,
            )
        )
        for word in every
    }


def write(lists: Lists) -> None:
    """One line a number: the number, then its words."""
    by_code = defaultdict(list)
    for word, code in codes(lists).items():
        by_code[code].append(word)
    with gzip.GzipFile(LEXICON, "wb", mtime=0) as file:
        for code, words in sorted(by_code.items()):
            file.write(f"{code} {' '.join(sorted(words))}\n".encode())


def _words(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for word in name.replace("-", " ").split():
            if len(word) > 1:
                yield folded(word.strip(".'’"))


def _kept(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if sha256(word.encode()).digest()[0] / 256 >= LEFT_OUT)


if __name__ == "__main__":
    from ner.lists import load

    write(load())
