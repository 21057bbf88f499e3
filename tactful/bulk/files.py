"""Files that are there as a whole or not at all, whenever the power goes."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

UNFINISHED = ".unfinished"


@contextmanager
def whole(path: Path, mode: int = 0o644) -> Iterator[TextIO]:
    """Write to a file beside `path` that takes its place at the end, flushed to the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}{UNFINISHED}")
    try:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
