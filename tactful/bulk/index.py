"""Where every document of an archive stands, split into parts. A conversation's documents are all in one part."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

PART_BYTES = 32 << 10
MOST_PARTS = 200  # as many files are open at once when the parts are put together
HELD_ENTRIES = 100_000
_ENTRY = struct.Struct(">QQQ")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document: its number in the archive, and its bytes there (a database has no bytes)."""

    row: int
    offset: int = 0
    length: int = 0


class Index:
    """Written in one pass over an archive of about `size` bytes, in bounded memory; read part by part."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size = max(size, 1)
        self.parts = max(1, min(MOST_PARTS, -(-size // PART_BYTES)))
        self.documents = 0
        self._digest = sha256()
        self._held: dict[int, bytearray] = {}
        self._holding = 0
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.index"):
            old.unlink()

    def read(self, piece: bytes) -> None:
        """Some of the archive's content, in order: its digest tells whether it changed."""
        self._digest.update(piece)

    def add(self, entry: Entry, conversation: str | None = None, at: int | None = None) -> None:
        """A document; without a conversation it goes to the part of its neighbours (`at` of `size`)."""
        if conversation is None:
            part = min((entry.offset if at is None else at) * self.parts // self._size, self.parts - 1)
        else:
            hashed = blake2b(conversation.encode("utf-8", "replace"), digest_size=8).digest()
            part = int.from_bytes(hashed) % self.parts
        self._held.setdefault(part, bytearray()).extend(_ENTRY.pack(entry.row, entry.offset, entry.length))
        self.documents += 1
        self._holding += 1
        if self._holding >= HELD_ENTRIES:
            self._write()

    def close(self) -> str:
        """Write what is still held; the SHA-256 of the archive's content."""
        self._write()
        return self._digest.hexdigest()

    def _write(self) -> None:
        for part, entries in self._held.items():
            with index_file(self._folder, part).open("ab") as file:
                file.write(entries)
        self._held.clear()
        self._holding = 0


def index_file(folder: Path, part: int) -> Path:
    return folder / f"{part:04}.index"


def entries_of(folder: Path, part: int) -> Iterator[Entry]:
    """The documents of a part, in the order of the archive."""
    path = index_file(folder, part)
    if path.exists():
        yield from (Entry(*found) for found in _ENTRY.iter_unpack(path.read_bytes()))
