"""From a door to its supervisor: lines that the door's wall has read carry a mark, so that they are not read twice.

Everything else that a program prints, a library's own words or the interpreter's, is read by the supervisor's wall.
"""

import json
import logging
import re
import secrets
import time
from typing import Any

from tactful.logs.line import Line

VARIABLE = "TACTFUL_LOG_MARK"

# Rasa's libraries tell at each start what is out of date in them (sanic turns that on); the second line is source.
NOISE = re.compile(r"\S+\.py:\d+: \w*DeprecationWarning: |Implementing implicit namespace packages ")
# What Rasa says at every start: reading it would take a detector while everything else starts.
KNOWN = re.compile(
    r"[\d: -]{19} INFO +[\w.]+ +- "
    r"(Starting Rasa server on http://[\d.]+:\d+|Loading model [\w./-]+\.tar\.gz\.\.\.|"
    r"Rasa server is up and running\.)"
)


class Marked(logging.Formatter):
    """The record as JSON behind the mark."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def format(self, record: logging.LogRecord) -> str:
        content = {
            "created": record.created,
            "level": record.levelno,
            "logger": record.name,
            "where": getattr(record, "where", ""),
            "text": record.msg,
            "ids": getattr(record, "ids", {}),
            "fields": getattr(record, "fields", {}),
        }
        return f"{self._mark} {json.dumps(content)}"


def new_mark() -> str:
    """Nobody who only prints can know it."""
    return secrets.token_hex(16)


class Hearing:
    """Makes of what programs print what the supervisor's wall takes."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._noisy: set[str] = set()  # programs whose last line was noise

    def line(self, program: str, printed: str) -> Line | None:
        """A program's line; None for what nobody needs."""
        if NOISE.match(printed) or (program in self._noisy and printed.startswith("  ")):
            self._noisy.add(program)
            return None
        self._noisy.discard(program)
        if printed.startswith(f"{self._mark} "):
            try:
                content: dict[str, Any] = json.loads(printed.removeprefix(f"{self._mark} "))
                return Line(known=True, checked=True, **content)
            except (ValueError, TypeError):
                printed, known = "a line came through damaged", True
        else:
            said = KNOWN.fullmatch(printed)
            printed, known = (said[1], True) if said else (printed, False)
        return Line(time.time(), logging.INFO, f"tactful.{program}", "", printed, known, named=True)
