"""A log record as the wall takes it: what was said, apart from what is known to be code."""

import builtins
import logging
import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from tactful.errors import TactfulError
from tactful.logs import ids

DEEPEST = 12  # frames, and exceptions in a chain, that are shown
LARGEST_NUMBER = 10_000_000  # a longer one could be somebody's: a card, a telephone
_ID = re.compile(r"[0-9a-f]{32}(:\d{1,7})?")
_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


class Place(str):
    """Files, lines and functions that an error came through: code, and nothing else."""


def place_of(error: BaseException) -> Place:
    """Where it was raised, innermost first, without its words or a line of source: both could quote somebody."""
    return Place(" < ".join(reversed(_path(error.__traceback__).split(" > "))))


@dataclass(slots=True)
class Line:
    """`text` and `errors` may be anything, the rest is ours. `known`: the text is code and numbers."""

    created: float
    level: int
    logger: str
    where: str  # file:line
    text: str
    known: bool
    errors: list[str] = field(default_factory=list)  # what exceptions said, outermost first
    frames: list[str] = field(default_factory=list)  # for each of them: its type, and where it was raised
    ids: dict[str, str] = field(default_factory=dict)
    fields: dict[str, float] = field(default_factory=dict)  # numbers by name, milliseconds mostly
    checked: bool = False  # another wall has read it
    named: bool = False  # the logger's name is code


def taken(record: logging.LogRecord) -> Line:
    """The record in parts. Never fails: what cannot be rendered says so."""
    try:
        text = record.getMessage()
    except Exception:
        text = "a line that could not be put together"
    errors, frames = _errors(record.exc_info[1] if record.exc_info else None)
    if record.exc_text and not errors:
        errors, frames = [record.exc_text], ["Error"]
    if record.stack_info:
        errors, frames = [*errors, record.stack_info], [*frames, "Stack"]
    fields = getattr(record, "fields", None)
    return Line(
        record.created,
        record.levelno,
        record.name,
        f"{record.filename}:{record.lineno}",
        text,
        _known(record),
        errors,
        frames,
        ids.now(),
        {name: value for name, value in fields.items() if _is_number(value)} if isinstance(fields, dict) else {},
        named=_is_named_in_code(record),
    )


def level_name(level: int) -> str:
    return _LEVELS.get(level, f"LEVEL {level}")


def _known(record: logging.LogRecord) -> bool:
    """Whether everything that is printed stands in the code that logged it, but for numbers, ids and words of ours."""
    args = record.args.values() if isinstance(record.args, dict) else record.args or ()
    return (
        isinstance(record.msg, str)
        and all(_harmless(arg) for arg in args)
        and _stands_in(record.pathname, record.msg)
        and _is_named_in_code(record)
    )


def _is_named_in_code(record: logging.LogRecord) -> bool:
    """Whether the logger's name is no text of the moment: ours, a module's, or one that the logging file has in it."""
    return record.name.startswith("tactful.") or record.name in sys.modules or _stands_in(record.pathname, record.name)


def _harmless(arg: Any) -> bool:
    if type(arg) is Place:
        return True
    if isinstance(arg, str):
        return arg in _words() or bool(_ID.fullmatch(arg))
    return arg is None or _is_number(arg)


def _is_number(value: Any) -> bool:
    return type(value) in (bool, int, float) and abs(value) < LARGEST_NUMBER


@lru_cache(maxsize=2000)
def _stands_in(path: str, constant: str) -> bool:
    """Whether the source file has this text as a constant. What was put together at run time has no such place."""
    try:
        source = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return f'"{constant}"' in source or f"'{constant}'" in source


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Words that may stand in a line as they are: programs, kinds of errors and their codes."""
    kinds = [*_tree(TactfulError), *(each for each in vars(builtins).values() if _is_error(each))]
    codes = {kind.code for kind in kinds if issubclass(kind, TactfulError)}
    return frozenset({"engine", "door", "slow", "failed", *codes, *(kind.__name__ for kind in kinds)})


def _tree(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _tree(each))]


def _is_error(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseException)


def _errors(error: BaseException | None) -> tuple[list[str], list[str]]:
    """What each exception of a chain said, and its type with the places it came through; no line of source."""
    said: list[str] = []
    frames: list[str] = []
    while error is not None and len(said) < DEEPEST:
        try:
            said.append(str(error))
        except Exception:
            said.append("")
        frames.append(f"{type(error).__name__} in {_path(error.__traceback__)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return said, frames


def _path(trace: TracebackType | None) -> str:
    places: list[str] = []
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-DEEPEST:]) or "?"
