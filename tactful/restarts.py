"""How often a supervisor has started its programs again: it writes the counts to a file, the door shows them."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tactful.store.files import exchange

PROGRAMS, REASONS = ("door", "engine"), ("ended", "hung")

Counts = Counter[tuple[str, str]]


def file_of(home: Path) -> Path:
    return home / "run" / "restarts.json"


class Restarts:
    """Counts since this supervisor was started. Several engines are one kind of program."""

    def __init__(self, path: Path) -> None:
        self._path, self._counts = path, Counts()
        self._write()

    def add(self, program: str, why: str) -> None:
        """One more; `why`: ended or hung."""
        self._counts[program.partition("-")[0], why] += 1
        self._write()

    def _write(self) -> None:
        exchange(self._path, json.dumps([[*key, count] for key, count in self._counts.items()]))


def read(path: Path) -> Iterable[tuple[str, str, int]]:
    """(program, why, how often) for every program and reason; nothing where no supervisor wrote any."""
    try:
        found = {(program, why): int(count) for program, why, count in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError):
        return []
    return [(program, why, found.get((program, why), 0)) for program in PROGRAMS for why in REASONS]
