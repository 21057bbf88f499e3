"""Standard input redacted line by line: what is readable goes through together, and an answer never waits for more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TextIO

import typer

from tactful.privacy.redactor import Passage, Redacted, Redactor, span_row
from tactful.privacy.scopes import Scopes, conversation_of
from tactful.privacy.spans import Span

READ_BYTES = 1 << 16


class Lines(Protocol):
    """A format of lines: what each holds, and how its answer is written."""

    unreadable: str  # said of a line that is none
    in_its_place: str | None  # written for it

    def skips(self, line: bytes) -> bool: ...

    def parse(self, line: bytes) -> "Line | None": ...

    def answer(self, line: "Line", redacted: Redacted | None, explain: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line's text; `row` is what else its answer needs."""

    text: str = field(repr=False)
    row: dict[str, Any] = field(default_factory=dict, repr=False)


class JsonLines:
    """`{"id", "text"}` in, `{"id", "text", "spans"}` out."""

    unreadable = 'is not {"id", "text"} and was left out'
    in_its_place: str | None = None

    def skips(self, line: bytes) -> bool:
        return not line.strip()

    def parse(self, line: bytes) -> Line | None:
        try:
            row = json.loads(line)
            row["id"], row["text"].encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return Line(row["text"], row)

    def answer(self, line: Line, redacted: Redacted | None, explain: bool) -> str:
        if redacted is None:
            answer = {"text": "", "spans": [], "withheld": True}
        else:
            answer = {"text": redacted.text, "spans": [span_row(span, explain) for span in redacted.spans]}
        return json.dumps({"id": line.row["id"]} | answer, ensure_ascii=False)


class PlainLines:
    """Text in, text out."""

    unreadable = "is not UTF-8 and was withheld"
    in_its_place: str | None = "[withheld]"

    def skips(self, line: bytes) -> bool:
        return False

    def parse(self, line: bytes) -> Line | None:
        try:
            return Line(line.decode().rstrip("\r\n"))
        except UnicodeDecodeError:
            return None

    def answer(self, line: Line, redacted: Redacted | None, explain: bool) -> str:
        if redacted is None:
            return "[withheld]"
        return "\n".join([redacted.text, *map(explained, redacted.spans if explain else [])])


def explained(span: Span) -> str:
    """A span as a line of a table, without the value."""
    near = f'  near "{span.context}"' if span.context else ""
    return f"    {span.start:>4}–{span.end:<4} {span.type:<18} {span.score:.2f}  {span.source}{near}"


class LineRedactor:
    """Lines of one format through a redactor; counts what failed."""

    def __init__(self, redactor: Redactor, scopes: Scopes, lines: Lines, *, conversation: str, explain: bool) -> None:
        self._redactor, self._scopes, self._lines = redactor, scopes, lines
        self._conversation, self._explain = conversation, explain
        self.failed = 0

    def run(self, source: BinaryIO, target: TextIO) -> int:
        """Answer every line of `source`; how many could not be."""
        for batch in readable(source):
            lines = [(number, self._lines.parse(raw)) for number, raw in batch if not self._lines.skips(raw)]
            redactions = self._redactor.redact([self._passage(number, line) for number, line in lines if line])
            for number, line in lines:
                answer = self._answer(line, next(redactions)) if line else self._refused(number)
                if answer is not None:
                    target.write(answer + "\n")
                    target.flush()
        return self.failed

    def _passage(self, number: int, line: Line) -> Passage:
        named = conversation_of(line.row, self._conversation)
        return Passage(line.text, self._scopes.line(number) if named is None else self._scopes.of(named))

    def _answer(self, line: Line, redacted: Redacted | None) -> str:
        self.failed += redacted is None
        return self._lines.answer(line, redacted, self._explain)

    def _refused(self, number: int) -> str | None:
        self.failed += 1
        typer.echo(f"tactful: line {number} {self._lines.unreadable}.", err=True)
        return self._lines.in_its_place


def readable(source: BinaryIO, at_once: int = READ_BYTES) -> Iterator[Sequence[tuple[int, bytes]]]:
    """Numbered lines, as many at a time as one read of `source` completes: a pipe that pauses holds nothing back."""
    number, pieces = 0, list[bytes]()
    while chunk := source.read1(at_once):  # type: ignore[attr-defined]
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            pieces.append(chunk)
            continue
        lines = b"".join([*pieces, head]).split(b"\n")
        yield list(enumerate(lines, number + 1))
        number, pieces = number + len(lines), [tail] if tail else []
    if pieces:
        yield [(number + 1, b"".join(pieces))]
