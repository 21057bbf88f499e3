"""Where the audit chain's head is written down outside the database: lines `number mac`, only ever appended.

Whoever cuts the chain's tail or puts another chain in its place contradicts these lines.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tactful.config import Settings
from tactful.store.files import append_line

log = logging.getLogger(__name__)

_WHOLE = re.compile(rb"([1-9]\d*) ([0-9a-f]{64})")
_TORN = re.compile(rb"\d* ?[0-9a-f]{0,64}")  # what a crash in the middle of a line leaves


class AnchorDamaged(Exception):
    """A line that no append can have left."""


@dataclass(slots=True)
class Anchors:
    """The same lines in one or more files; put one on another machine's disk to be safe from this one's owner."""

    paths: Sequence[Path] = field(default_factory=list)

    @classmethod
    def of(cls, settings: Settings) -> "Anchors":
        """`audit.anchor` in the home, and the copy that is set."""
        copy = settings.audit_anchor_copy
        return cls([settings.home / "audit.anchor", *([copy] if copy else [])])

    def append(self, number: int, mac: bytes) -> None:
        """Write the head down, on disk before this returns. The entry is committed: a failure is logged, not raised."""
        line = f"{number} {mac.hex()}".encode()
        for path in self.paths:
            try:
                append_line(path, line)
            except OSError as error:
                log.error(
                    "the audit anchor could not be written (%s); the next entry will anchor this one", error.strerror
                )

    def missing(self) -> list[Path]:
        """Files that are not there."""
        return [path for path in self.paths if not path.exists()]

    def read(self) -> dict[int, set[str]]:
        """Number → the macs (hex) that were anchored for it: one, unless somebody meddled. Errors: `AnchorDamaged`."""
        known: dict[int, set[str]] = {}
        for path in self.paths:
            for line in path.read_bytes().split(b"\n") if path.exists() else ():
                if whole := _WHOLE.fullmatch(line):
                    known.setdefault(int(whole[1]), set()).add(whole[2].decode())
                elif not _TORN.fullmatch(line):
                    raise AnchorDamaged
        return known

    def renew(self, stamp: int) -> None:
        """Put the files aside, as `<name>.<stamp>`, so that new ones begin."""
        for path in self.paths:
            if path.exists():
                path.rename(path.with_name(f"{path.name}.{stamp}"))
