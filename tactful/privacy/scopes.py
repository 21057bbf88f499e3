"""Where a value is the same person's: one conversation, or one line that belongs to none."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tactful.privacy.placeholders import LITERAL, normalise, redact
from tactful.privacy.spans import Span

_WORD = re.compile(r"\w{2,}")


class Scope(Protocol):
    """Replaces values consistently, and remembers them."""

    @property
    def known(self) -> list[tuple[str, str]]:
        """(value, type) of all that it has replaced."""
        ...

    def may_hold(self, text: str) -> bool:
        """Whether a word of a known value stands in `text`, so that it is worth looking for the whole."""
        ...

    def kind_of(self, text: str) -> str | None:
        """The type of the known value that `text` is, if it is nothing but one."""
        ...

    def replace(self, text: str, spans: Sequence[Span]) -> str:
        """`text` with something else in place of `spans` (sorted, apart from each other)."""
        ...


class Memory:
    """What a scope has seen; its repr tells nothing."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], tuple[str, str]] = {}
        self._words: set[str] = set()
        self._kinds: dict[str, str] = {}

    @property
    def known(self) -> list[tuple[str, str]]:
        return list(self._values.values())

    def may_hold(self, text: str) -> bool:
        return bool(self._words) and not self._words.isdisjoint(_words(text))

    def kind_of(self, text: str) -> str | None:
        return self._kinds.get(normalise("", text))

    def learn(self, type: str, value: str) -> None:
        if type != LITERAL:
            self._values.setdefault((type, normalise(type, value)), (value, type))
            self._kinds.setdefault(normalise("", value), type)
            self._words |= _words(value)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(normalise("", text)))


class Placeholders(Memory):
    """`PERSON_1`, numbered on by type; what looks like one already stays as it is, and its number is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._given: dict[tuple[str, str], str] = {}

    def replace(self, text: str, spans: Sequence[Span]) -> str:
        for span in spans:
            if span.type == LITERAL:
                self._given[LITERAL, text[span.start : span.end]] = text[span.start : span.end]
        done = redact(text, spans, self._given)
        for each in done.new:
            self._given[each.type, normalise(each.type, each.value)] = each.placeholder
            self.learn(each.type, each.value)
        return done.text


class Scopes:
    """A scope for each conversation, made by `make(conversation)` when it is first asked for."""

    def __init__(self, make: Callable[[str], Scope]) -> None:
        self._make = make
        self._kept: dict[str, Scope] = {}

    def of(self, conversation: str) -> Scope:
        """The conversation's own, the same each time."""
        if conversation not in self._kept:
            self._kept[conversation] = self._make(conversation)
        return self._kept[conversation]

    def line(self, number: int) -> Scope:
        """A new one for a line that belongs to no conversation."""
        return self._make(f"line {number}")


def conversation_of(row: Mapping[str, object], field: str) -> str | None:
    """The conversation that a row names, if it names one."""
    named = row.get(field)
    return str(named) if isinstance(named, str | int) and not isinstance(named, bool) else None
