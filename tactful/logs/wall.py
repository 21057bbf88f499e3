"""The last wall before a log: nothing is written that was not read for personal data, or is known to be code.

What the detector finds is replaced by its kind. What could not be read, because the detector is away, slow or the line
is too long, is withheld: the line says when, where and how grave, and not what. Reading happens in a thread of its own,
so that nobody who logs waits for it, and lines keep their order.
"""

import logging
import queue
import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from tactful.errors import DetectorUnavailable
from tactful.logs.line import Line, level_name, taken
from tactful.privacy.spans import Span

MOST_WAITING = 10_000  # lines
LONGEST = 20_000  # characters
REMEMBERED = 1_000  # texts that were found clean
IDLE_S = 30.0  # after which the reader's process is ended
CLOSING_S = 5.0
ERROR = re.compile(r"Traceback|[A-Z][A-Za-z]*(?:Error|Exception|Warning|Timeout|Interrupt)")
WITHHELD = "withheld: it could not be read for personal data"


class Finds(Protocol):
    """What the wall needs of a reader."""

    @property
    def running(self) -> bool: ...

    def find(self, text: str) -> list[Span]: ...

    def end(self) -> None: ...


class Wall(logging.Handler):
    """Hands clean records to `behind`, the handlers that write. `counted` hears of each: passed, redacted, withheld."""

    def __init__(
        self, reader: Finds, behind: Sequence[logging.Handler], counted: Callable[[str], None] = lambda outcome: None
    ) -> None:
        super().__init__()
        self._reader, self._behind, self._counted = reader, behind, counted
        self._lines: queue.Queue[Line | None] = queue.Queue(MOST_WAITING)
        self._clean: OrderedDict[str, None] = OrderedDict()
        self._lost = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.take(taken(record))
        except Exception:  # logging's own way would print the record with all that is in it
            self._lost += 1

    def take(self, line: Line) -> None:
        """Put a line in the queue; one that finds it full is counted, and a later line says how many."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Write what is waiting; what would need a reader that is not there yet is withheld."""
        if not self._closing:
            self._closing = True
            try:
                self._lines.put(None, timeout=CLOSING_S)
            except queue.Full:
                pass
            self._thread.join(CLOSING_S)
            self._reader.end()
        super().close()

    def counted_by(self, counted: Callable[[str], None]) -> None:
        """From now on `counted` hears of each line."""
        self._counted = counted

    def _run(self) -> None:
        while True:
            try:
                line = self._lines.get(timeout=IDLE_S)
            except queue.Empty:
                self._reader.end()
                continue
            if line is None:
                return
            try:
                self._write(line)
            except Exception:  # a full disk, say: the thread must survive, and there is nobody to tell
                self._lost += 1

    def _write(self, line: Line) -> None:
        text, outcome = self._read(line)
        if self._lost:
            lost, self._lost = self._lost, 0
            text += f" ({lost} lines before it were lost)"
        self._counted(outcome)
        name = line.logger if outcome != "withheld" or line.named else "?"  # an unread name is a text, too
        clean = logging.makeLogRecord(
            {
                "name": name,
                "levelno": line.level,
                "levelname": level_name(line.level),
                "created": line.created,
                "msecs": (line.created % 1) * 1000,
                "msg": text,
                "where": line.where,
                "ids": line.ids,
                "fields": line.fields,
            }
        )
        for handler in self._behind:
            if clean.levelno >= handler.level:
                handler.handle(clean)

    def _read(self, line: Line) -> tuple[str, str]:
        """What may be written, and how it came about."""
        if line.checked or (line.known and not any(line.errors)):
            return _whole(line.text, line.errors, line.frames), "passed"
        try:
            if not line.named:
                # The name of a logger is a text of whoever logs, too.
                line.logger = self._hidden(line.logger)[:80]
            text = line.text if line.known else self._hidden(line.text)
            errors = [self._hidden(said) for said in line.errors]
        except DetectorUnavailable:
            return f"{WITHHELD} ({', '.join([line.where, *line.frames])})", "withheld"
        whole = _whole(text, errors, line.frames)
        return whole, "passed" if (text, errors) == (line.text, line.errors) else "redacted"

    def _hidden(self, text: str) -> str:
        """The text with every personal value replaced by its kind. Errors: `DetectorUnavailable`."""
        if not text or text in self._clean:
            return text
        if len(text) > LONGEST or (self._closing and not self._reader.running):
            raise DetectorUnavailable
        spans = [span for span in self._reader.find(text) if not _is_code(text[span.start : span.end])]
        if not spans:
            self._clean[text] = None
            if len(self._clean) > REMEMBERED:
                self._clean.popitem(last=False)
            return text
        for span in sorted(spans, key=lambda each: each.start, reverse=True):
            text = f"{text[: span.start]}[{span.type}]{text[span.end :]}"
        return text


def _is_code(found: str) -> bool:
    """Whether this is the name of a kind of error, which a detector made for messages takes for a person's."""
    *module, name = found.split(".")
    return bool(ERROR.fullmatch(name)) and (not module or module[0] in sys.modules)


def _whole(text: str, errors: Sequence[str], frames: Sequence[str]) -> str:
    raised = [f"{frame}: {said}" if said else frame for frame, said in zip(frames, errors, strict=True)]
    return " | ".join([text, *raised])
