"""CSV with a header: the named columns are redacted, those to be kept stay as they are, all others are dropped."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from tactful.bulk.documents import LARGEST_ROW, Document, Options, Reason, Text, Withheld
from tactful.bulk.index import Entry, Index
from tactful.errors import SetupError
from tactful.privacy.redactor import Redacted

DELIMITERS = ",;\t|"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a program at the start of a cell
BOM = b"\xef\xbb\xbf"
csv.field_size_limit(LARGEST_ROW)


class Table:
    """UTF-8, quoted as RFC 4180 says; the delimiter is the one that the header has most of."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._options = path, options
        with path.open("rb") as file:
            first = file.readline(LARGEST_ROW)
        self._begins = len(BOM) if first.startswith(BOM) else 0
        try:
            head = first[self._begins :].decode()
        except UnicodeDecodeError:
            raise SetupError(f"{path.name}: its header is not UTF-8.") from None
        self._ends = "\r\n" if head.endswith("\r\n") else "\n"
        self._delimiter = max(DELIMITERS, key=head.count)
        self._names = next(csv.reader([head], delimiter=self._delimiter), [])
        self._redacted = self._places(options.columns)
        self._kept = sorted({*self._redacted, *self._places(options.keep)})
        self._conversation = self._names.index(options.conversation) if options.conversation in self._names else None
        if not self._redacted:
            raise SetupError(f"{path.name}: name the columns to redact with --column; it has {', '.join(self._names)}.")

    def header(self) -> str:
        return self._line([self._names[place] for place in self._kept]) + "\n"

    def plan(self, index: Index) -> None:
        with self._path.open("rb") as file:
            lines = _Lines(file, index)
            reader = csv.reader(lines, delimiter=self._delimiter)
            number = 0
            while True:
                begins = lines.offset
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error:
                    row = []
                if number and (row or lines.offset > begins):
                    self._add(index, Entry(number, begins, lines.offset - begins), row)
                number += 1

    def _add(self, index: Index, entry: Entry, row: Sequence[str]) -> None:
        named = self._conversation is not None and len(row) == len(self._names)
        index.add(entry, row[self._conversation] if named and self._conversation is not None else None)

    def documents(self, entries: Sequence[Entry]) -> Iterator[Document | Withheld]:
        with self._path.open("rb") as file:
            for entry in entries:
                file.seek(entry.offset)
                found = self._document(entry.row, file.read(entry.length))
                if found:
                    yield found

    def _document(self, number: int, raw: bytes) -> Document | Withheld | None:
        if len(raw) > LARGEST_ROW:
            return Withheld(number, Reason.TOO_LONG)
        try:
            rows = list(csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=self._delimiter))
        except UnicodeDecodeError:
            return Withheld(number, Reason.NOT_UTF8)
        except csv.Error:
            return Withheld(number, Reason.COLUMNS)
        if rows in ([], [[]]):
            return None  # an empty line
        if len(rows) != 1 or len(rows[0]) != len(self._names):
            return Withheld(number, Reason.COLUMNS)
        (row,) = rows

        def write(redacted: Sequence[Redacted | None]) -> str | Reason:
            done = dict(zip(self._redacted, redacted, strict=True))
            if None in done.values():
                return Reason.UNREAD
            texts = {place: each.text for place, each in done.items() if each}
            return self._line([texts.get(place, row[place]) for place in self._kept])

        conversation = None if self._conversation is None else row[self._conversation]
        return Document(number, [Text(row[place]) for place in self._redacted], write, conversation)

    def _line(self, cells: Sequence[str]) -> str:
        if self._options.escape_formulas:
            cells = [f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells]
        out = io.StringIO()
        csv.writer(out, delimiter=self._delimiter, lineterminator="\r\n").writerow(cells)
        return out.getvalue().removesuffix("\r\n") + self._ends.removesuffix("\n")

    def _places(self, names: Sequence[str]) -> list[int]:
        for name in names:
            if self._names.count(name) != 1:
                raise SetupError(f"{self._path.name} has not one column {name}; it has {', '.join(self._names)}.")
        return [self._names.index(name) for name in names]


class _Lines:
    """The lines of a file as csv reads them; `offset` is behind the last that it took."""

    def __init__(self, file: io.BufferedReader, index: Index) -> None:
        self._file, self._index = file, index
        self.offset = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LARGEST_ROW)
        if not line:
            raise StopIteration
        self._index.read(line)
        begins = len(BOM) if self.offset == 0 and line.startswith(BOM) else 0
        self.offset += len(line)
        return line[begins:].decode(errors="replace")
