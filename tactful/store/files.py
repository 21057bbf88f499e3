"""Small files that are never seen half written, and files that are on disk before the next step."""

import os
from pathlib import Path

LEAST_FREE = 100_000_000  # bytes on the disk: with fewer nothing can be accepted soon


def exchange(path: Path, text: str, *, durable: bool = False) -> None:
    """Put a small file, readable by the owner only, in the place of another in one step; its folder is there after.

    `durable`: it is on disk when this returns. One writer at a time. Errors: `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    beside.replace(path)
    if durable:
        sync_folder(path.parent)


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
