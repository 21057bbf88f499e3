"""JSON lines: the named fields are redacted, `id` and what is to be kept stay as they are, all else is dropped."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from tactful.bulk.documents import LARGEST_ROW, Document, Options, Reason, Text, Withheld
from tactful.bulk.index import Entry, Index
from tactful.privacy.redactor import Redacted, span_row
from tactful.privacy.scopes import conversation_of

ID = "id"


class JsonLines:
    """One object a line, UTF-8."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._options = path, options

    def header(self) -> str:
        return ""

    def plan(self, index: Index) -> None:
        with self._path.open("rb") as file:
            for number, (offset, length, line) in enumerate(_lines(file, index), 1):
                if line.strip():
                    row = parsed(line)
                    named = conversation_of(row, self._options.conversation) if isinstance(row, dict) else None
                    index.add(Entry(number, offset, length), named)

    def documents(self, entries: Sequence[Entry]) -> Iterator[Document | Withheld]:
        with self._path.open("rb") as file:
            for entry in entries:
                file.seek(entry.offset)
                row = parsed(file.read(min(entry.length, LARGEST_ROW + 1)))
                yield Withheld(entry.row, row) if isinstance(row, Reason) else self._document(entry.row, row)

    def _document(self, number: int, row: dict[str, Any]) -> Document | Withheld:
        name = row.get(ID) if isinstance(row.get(ID), str | int) else None
        fields = [each for each in self._options.fields if row.get(each) is not None]
        if not fields:
            return Withheld(number, Reason.NO_TEXT, name)
        texts = [as_text(row[each]) for each in fields]
        if any(text is None for text in texts):
            return Withheld(number, Reason.NOT_TEXT, name)

        def write(redacted: Sequence[Redacted | None]) -> str | Reason:
            return self._line(row, dict(zip(fields, redacted, strict=True)))

        found = [Text(text) for text in texts if text is not None]
        return Document(number, found, write, conversation_of(row, self._options.conversation), name)

    def _line(self, row: Mapping[str, Any], redacted: Mapping[str, Redacted | None]) -> str | Reason:
        kept = {name: row[name] for name in (ID, *self._options.keep) if name in row and name not in redacted}
        spans: list[dict[str, Any]] = []
        for name, each in redacted.items():
            if each is None:
                return Reason.UNREAD
            # A number in which nothing was found stays a number.
            kept[name] = each.text if each.spans else row[name]
            named = {"field": name} if len(self._options.fields) > 1 else {}
            spans += [span_row(span, self._options.explain) | named for span in each.spans]
        return json.dumps(kept | {"spans": spans}, ensure_ascii=False)


def _lines(file: BinaryIO, index: Index) -> Iterator[tuple[int, int, bytes]]:
    """Where each line begins, how long it is, and what is in it, or at least in its first `LARGEST_ROW` + 1 bytes."""
    offset = 0
    while line := file.readline(LARGEST_ROW + 1):
        index.read(line)
        length, rest = len(line), line
        while not rest.endswith(b"\n") and (rest := file.readline(LARGEST_ROW)):
            index.read(rest)
            length += len(rest)
        yield offset, length, line
        offset += length


def parsed(line: bytes) -> dict[str, Any] | Reason:
    """The object in the line, or why there is none."""
    if len(line) > LARGEST_ROW:
        return Reason.TOO_LONG
    try:
        row = json.loads(line.decode())
        if b"\\u" in line:
            json.dumps(row, ensure_ascii=False).encode()  # half of a character is no text
    except UnicodeError:
        return Reason.NOT_UTF8
    except (ValueError, RecursionError):
        return Reason.NOT_JSON
    return row if isinstance(row, dict) else Reason.NOT_JSON


def as_text(value: object) -> str | None:
    """What there is to read in a field: text, or a number as it is written."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None
