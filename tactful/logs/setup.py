"""The log of a process: its wall, and what is behind it."""

import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.logs.formats import FORMATS
from tactful.logs.reader import Reader
from tactful.logs.wall import Wall

log = logging.getLogger(__name__)

QUIET = ("httpx", "httpx2", "httpcore", "authlib", "alembic", "rasa_sdk", "uvicorn.error")  # they tell of every call


@contextmanager
def writing(settings: Settings, behind: Sequence[logging.Handler]) -> Iterator[Wall]:
    """Whatever this process logs goes through a wall, and then to `behind`; what is waiting is written at the end."""
    wall = Wall(Reader(settings.project / "privacy.yml"), behind)
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    root.handlers[:] = [wall]
    root.setLevel(settings.log_level)
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # or a line that cannot be rendered is printed with what was to be in it
    logging.captureWarnings(True)
    threading.excepthook, sys.unraisablehook = _in_thread, _unraisable
    try:
        yield wall
    except TactfulError:
        raise  # its sentence is ours, and the command prints it
    except Exception:
        log.critical("the process ends", exc_info=True)
        raise SystemExit(1) from None  # or the interpreter prints the error with its text
    finally:
        threading.excepthook, sys.unraisablehook = threading.__excepthook__, sys.__unraisablehook__
        logging.captureWarnings(False)
        root.handlers[:] = before
        wall.close()


def standard_output(settings: Settings) -> logging.Handler:
    """What is to stand behind the wall of a process whose log somebody collects."""
    output = logging.StreamHandler(sys.stdout)
    output.setFormatter(FORMATS[settings.log_format]())
    return output


def _in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value:
        log.error("a thread ended", exc_info=(given.exc_type, given.exc_value, given.exc_traceback))


def _unraisable(given: "sys.UnraisableHookArgs") -> None:
    if given.exc_value:
        log.error("an error that nobody could take", exc_info=(given.exc_type, given.exc_value, given.exc_traceback))
