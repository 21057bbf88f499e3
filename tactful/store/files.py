"""Files that are on disk before the next step: lines at the end of one, names in a folder."""

import os
from pathlib import Path


def append_line(path: Path, line: bytes) -> None:
    """Append one line, readable by the owner only, and wait for the disk. Errors: `OSError`.

    One write of less than a page at the file's end: lines of several processes do not mix. What a crash left of a
    line stays a line of its own.
    """
    new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(file).st_size
        torn = size and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(file)
    finally:
        os.close(file)
    if new:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """What was created or renamed in the folder is on disk when this returns."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
