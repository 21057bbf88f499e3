"""Tombstones: who was erased, written down outside the database, so that a restored backup cannot bring them back.

Lines `pseudonym time`, only ever appended. The pseudonym is a keyed digest of the subject's id: the file names nobody.
"""

import hmac
import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from tactful.config import Settings
from tactful.store.crypto import KeyRing
from tactful.store.files import append_line

_WHOLE = re.compile(rb"[0-9a-f]{32} \d+")


class Tombstones:
    """The file of one installation, read by any number of processes."""

    def __init__(self, path: Path, key: bytes, clock: Callable[[], int]) -> None:
        self.path, self._key, self._clock = path, key, clock

    @classmethod
    def of(cls, settings: Settings, ring: KeyRing, clock: Callable[[], int]) -> "Tombstones":
        """`erased.tombstones` in the home, or the file that is set."""
        path = settings.tombstones or settings.home / "erased.tombstones"
        return cls(path, ring.derive("tombstones"), clock)

    def add(self, subject_id: str) -> None:
        """Note an erasure, on disk before this returns: call it before the commit, or a crash would lose it.

        Errors: `OSError`; the erasure must fail then, so that it is asked for again.
        """
        append_line(self.path, b"%s %d" % (self._pseudonym(subject_id), self._clock()))

    def take_in(self, other: Path) -> int:
        """Note whom another file of this installation names, too; how many were new. Errors: `OSError`."""
        new = _lines(other) - _lines(self.path)
        for line in sorted(new):
            append_line(self.path, line)
        return len(new)

    def named(self, subject_ids: Iterable[str]) -> list[str]:
        """Those of these subjects who were erased."""
        erased = self._erased()
        return [each for each in subject_ids if self._pseudonym(each) in erased] if erased else []

    def __len__(self) -> int:
        return len(self._erased())

    def _erased(self) -> set[bytes]:
        return {line.partition(b" ")[0] for line in _lines(self.path)}

    def _pseudonym(self, subject_id: str) -> bytes:
        return hmac.digest(self._key, subject_id.encode(), sha256)[:16].hex().encode()


def _lines(path: Path) -> set[bytes]:
    if not path.exists():
        return set()
    # What a crash left of a line was never committed; every other line counts.
    return {line for line in path.read_bytes().split(b"\n") if _WHOLE.fullmatch(line)}
