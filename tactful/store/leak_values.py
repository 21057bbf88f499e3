"""Values to look for, in every form in which they could lie about, and the search for all of them at once."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import ahocorasick

from tactful.errors import BadRequest
from tactful.store.leak_words import Window, stands_alone

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
SHORTEST = 2
DIGITS_OF_A_NUMBER = 6


class UnusableValues(BadRequest):
    """The file of values cannot be used; says which line, never what stands there."""

    code, message = "leakscan_values", "The file of values cannot be used."


@dataclass(frozen=True, slots=True)
class Value:
    """A value to look for, by the line of its file."""

    line: int
    text: str = field(repr=False)

    @property
    def masked(self) -> str:
        """The first letter and the length: "P…(6)"."""
        return f"{self.text[0]}…({len(self.text)})"


@dataclass(frozen=True, slots=True)
class Hit:
    """`start` and `end` are offsets in the searched bytes."""

    value: Value
    start: int
    end: int


def read_values(path: Path) -> list[Value]:
    """The values of a file: one a line, or JSONL with {"value"}; the first line of each counts.

    Errors: `UnusableValues` for a file that is missing, empty or no UTF-8, or a value of a single character.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableValues(f"{path} cannot be read: {_why(error)}.") from None
    values: dict[str, Value] = {}
    for number, line in enumerate(lines, 1):
        if text := _value(line.strip(), path, number):
            values.setdefault(text, Value(number, text))
    if not values:
        raise UnusableValues(f"{path} holds no values.")
    return list(values.values())


def _value(line: str, path: Path, number: int) -> str:
    text = line
    if line.startswith("{"):
        try:
            text = json.loads(line)["value"].strip()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UnusableValues(f'{path}, line {number}: is not {{"value": "…"}}.') from None
    if text and len(text) < SHORTEST:
        raise UnusableValues(f"{path}, line {number}: a single character would be found everywhere.")
    return text


def _why(error: Exception) -> str:
    return error.strerror or "no reason given" if isinstance(error, OSError) else "it is not UTF-8"


class Matcher:
    """Finds any of many values in bytes, in one pass (Aho-Corasick)."""

    def __init__(self, values: Sequence[Value], *, case_sensitive: bool = False) -> None:
        self.case_sensitive = case_sensitive
        forms: dict[str, list[tuple[Value, bytes]]] = {}
        for value in values:
            for form in _forms(value.text, case_sensitive):
                forms.setdefault(self._folded(form), []).append((value, form))
        self._automaton = ahocorasick.Automaton()
        for key, meant in forms.items():
            self._automaton.add_word(key, (len(key), tuple(dict.fromkeys(value for value, _ in meant))))
        self._automaton.make_automaton()
        self.longest = max(map(len, forms), default=0)

    def hits(self, data: bytes, *, text: bool, raw_table: bool = False) -> Iterator[Hit]:
        """Hits in order of their ends. `text`: all of it can be read; `raw_table`: cells stand side by side in it."""
        window = Window(data, text=text, raw_table=raw_table)
        for last, (length, values) in self._automaton.iter(self._folded(data)):
            end = last + 1
            for value in values:
                if stands_alone(window, end - length, end, value.text):
                    yield Hit(value, end - length, end)

    def _folded(self, data: bytes) -> str:
        # The automaton takes text: Latin-1 makes one character of each byte. Only ASCII is folded here, other
        # letters have forms of their own.
        return (data if self.case_sensitive else data.lower()).decode("latin-1")


def _forms(text: str, case_sensitive: bool) -> set[bytes]:
    """The bytes of a value: encodings, Unicode forms, escapes, and numbers without their separators."""
    cases = {text} if case_sensitive else {text, text.lower(), text.upper(), text.title(), text.casefold()}
    spellings = {unicodedata.normalize(form, case) for case in cases for form in ("NFC", "NFD")}
    if sum(map(str.isdigit, text)) >= DIGITS_OF_A_NUMBER:
        spellings.add(re.sub(r"[\s()./-]", "", text))
    forms: set[bytes] = set()
    for spelling in spellings:
        forms.update(written.encode() for written in _escaped(spelling))
        forms.update(spelling.encode(encoding) for encoding in WIDE)
        forms.add(spelling.encode("cp1252", "ignore") if _fits(spelling) else spelling.encode())
    return forms


def _escaped(text: str) -> Iterator[str]:
    yield text
    once = json.dumps(text)[1:-1]
    yield once
    yield once.replace("/", "\\/")
    yield json.dumps(once)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield text.encode("unicode_escape").decode()
    yield repr(text.encode())[2:-1]
    yield quote(text)
    yield quote_plus(text)
    yield html.escape(text)


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
