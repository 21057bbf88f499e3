"""Turns of the engine's, opened for a search: in their cells, and wherever else one lies in a file, as in a journal."""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tactful.store.turn_rows import MARK, NUMBERED, dictionaries_of, dictionary_needed

PIECE = 64  # bytes inflated at a time: of a turn that was cut off or overwritten, what can be read is
LONGEST = 1 << 16  # bytes looked at of one


def dictionaries_at(database: Path) -> dict[int, bytes]:
    """What the turns of a database, which need not be one, are compressed with."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=5)) as opened:
            return dictionaries_of(opened)
    except sqlite3.Error:
        return {}


def opened(cell: bytes, known: Mapping[int, bytes]) -> bytes | None:
    """The words of a turn; None for what is none."""
    if not cell.startswith(MARK) or (number := dictionary_needed(cell)) not in known:
        return None
    return _inflated(cell[NUMBERED:], known[number])


def lying_in(data: bytes, before: int, known: Mapping[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """(place, words) of every turn that begins before this place."""
    for number, dictionary in known.items():
        begins = MARK + number.to_bytes(4, "big")
        place = data.find(begins)
        while 0 <= place < before:
            yield place, _inflated(data[place + NUMBERED : place + LONGEST], dictionary)
            place = data.find(begins, place + 1)


def _inflated(data: bytes, dictionary: bytes) -> bytes:
    """As far as it goes."""
    found, inflating = b"", zlib.decompressobj(-15, zdict=dictionary)
    try:
        for start in range(0, len(data), PIECE):
            if inflating.eof:
                break
            found += inflating.decompress(data[start : start + PIECE])
    except zlib.error:
        pass
    return found
