"""A value found again: written in any case, spaced in any way, as a whole word; and hidden where it is found."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tactful.privacy.known import again
from tactful.privacy.normalise import normalised
from tactful.privacy.placeholders import PLACEHOLDER, Replacement, normalise, redact
from tactful.privacy.spans import Span
from tactful.store.vault import VaultEntry

_RUN = re.compile(r"[0-9A-Za-z]{2,}")
_NOT_WORDS = frozenset({"id"})  # of buttons and cards: what the door minted


class Same:
    """Where one value stands; `whole`: not where only a part of a name does. Its repr tells nothing."""

    def __init__(self, value: str, kind: str, *, whole: bool) -> None:
        self._known = [(value, kind)]
        self._whole = whole
        self.run = max(_RUN.findall(normalised(value).text), key=len, default=None) if whole else None

    def spans(self, text: str) -> list[Span]:
        """Spans of `text`, sorted and apart, none of them in a placeholder."""
        plain = normalised(text)
        taken = [found.span() for found in PLACEHOLDER.finditer(plain.text)]
        return [
            Span(*plain.original(span.start, span.end), span.type, span.score, span.source)
            for span in again(plain.text, self._known, whole=self._whole)
            if not any(start < span.end and span.start < end for start, end in taken)
        ]


class Hiding:
    """Puts placeholders in the place of a value in one conversation; `known` as in `placeholders.redact`."""

    def __init__(self, same: Same, known: Mapping[tuple[str, str], str]) -> None:
        self._same, self._known = same, dict(known)
        self.new: list[Replacement] = []
        self.places = 0
        self.last = ""  # the placeholder given last

    def text(self, text: str) -> str:
        return self.spans(text, self._same.spans(text))

    def spans(self, text: str, spans: list[Span]) -> str:
        """`text` with placeholders in place of `spans`."""
        done = redact(text, spans, self._known)
        for each in done.new:
            self._known[each.type, normalise(each.type, each.value)] = each.placeholder
        self.new += done.new
        self.places += len(spans)
        if spans:
            last = text[spans[-1].start : spans[-1].end]
            self.last = self._known[spans[-1].type, normalise(spans[-1].type, last)]
        return done.text

    def content(self, content: Any) -> Any:
        """The same in every text of a JSON value."""
        return mapped(content, self.text)


def restored(text: str, entry: VaultEntry) -> str:
    """The text with one placeholder's value put back."""
    return PLACEHOLDER.sub(lambda found: entry.value if found[0] == entry.placeholder else found[0], text)


def mapped(content: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it changed; ids stay, and what a payload carries is changed inside of it."""
    match content:
        case str() if content.startswith("/") and "{" in content:
            return _payload(content, change)
        case str():
            return change(content)
        case list():
            return [mapped(each, change) for each in content]
        case dict():
            return {key: each if key in _NOT_WORDS else mapped(each, change) for key, each in content.items()}
        case _:
            return content


def _payload(payload: str, change: Callable[[str], str]) -> str:
    """`/intent{"entity": "value"}`."""
    intent, brace, rest = payload.partition("{")
    try:
        carried = json.loads(brace + rest)
    except ValueError:
        return change(payload)
    new = mapped(carried, change)
    return payload if new == carried else change(intent) + json.dumps(new, ensure_ascii=False)
