"""Tombstones: who was erased, written down outside the database, so that a restored backup cannot bring them back.

Lines `pseudonym time`, only ever appended. The pseudonym is a keyed digest of the subject's id: the file names nobody.
"""

import hmac
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from tactful.config import Settings
from tactful.store.crypto import KeyRing
from tactful.store.files import append_line
from tactful.store.tables import subjects

_WHOLE = re.compile(rb"([0-9a-f]{32}) \d+")


class Tombstones:
    """The file of one installation, read by any number of processes."""

    def __init__(self, path: Path, key: bytes, clock: Callable[[], int]) -> None:
        self._path, self._key, self._clock = path, key, clock

    @classmethod
    def of(cls, settings: Settings, ring: KeyRing, clock: Callable[[], int]) -> "Tombstones":
        """`erased.tombstones` in the home, or the file that is set."""
        path = settings.tombstones or settings.home / "erased.tombstones"
        return cls(path, ring.derive("tombstones"), clock)

    def add(self, subject_id: str) -> None:
        """Note an erasure, on disk before this returns: call it before the commit, or a crash would lose it.

        Errors: `OSError`; the erasure must fail then, so that it is asked for again.
        """
        append_line(self._path, b"%s %d" % (self._pseudonym(subject_id), self._clock()))

    def returned(self, tx: Connection) -> list[str]:
        """Subjects that were erased and are here again."""
        erased = self._erased()
        if not erased:
            return []
        there = tx.execute(select(subjects.c.id).where(subjects.c.erased_at.is_(None))).scalars()
        return [each for each in there if self._pseudonym(each) in erased]

    def __len__(self) -> int:
        return len(self._erased())

    def _erased(self) -> set[bytes]:
        if not self._path.exists():
            return set()
        # What a crash left of a line was never committed; every other line counts.
        return {whole[1] for line in self._path.read_bytes().split(b"\n") if (whole := _WHOLE.fullmatch(line))}

    def _pseudonym(self, subject_id: str) -> bytes:
        return hmac.digest(self._key, subject_id.encode(), sha256)[:16].hex().encode()
