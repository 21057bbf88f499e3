"""A first look at a text, once for all recognizers: which of them can find anything in it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import ahocorasick

from tactful.privacy.spans import Span

_DIGIT = re.compile(r"\d")


class Needs(NamedTuple):
    """What a text must have: so many digits, and one of the signs (lower case), if any are named."""

    digits: int = 0
    signs: frozenset[str] = frozenset()


class Reader(Protocol):
    """What the detector asks of a recognizer: spans of a normalised text."""

    context_words: tuple[str, ...]
    needs: Needs

    def read(self, text: str) -> Iterator[Span]: ...


class FirstLook:
    """Spares a chat message most of the recognizers: one pass over its characters finds every sign that any needs."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = [(reader, *reader.needs) for reader in readers]
        self._signs = ahocorasick.Automaton()
        for sign in {sign for reader in readers for sign in reader.needs.signs}:
            self._signs.add_word(sign, sign)
        self._signs.make_automaton()

    def likely(self, text: str) -> Iterator[Reader]:
        """Those that can find something in the normalised `text`, in their order."""
        digits = len(_DIGIT.findall(text))
        # An automaton without a word cannot be asked.
        present = {sign for _, sign in self._signs.iter(text.lower())} if len(self._signs) else set()
        for reader, least, signs in self._readers:
            if digits >= least and (not signs or not signs.isdisjoint(present)):
                yield reader
