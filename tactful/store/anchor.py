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

MEDDLED = "two macs"
_WHOLE = re.compile(r"^([1-9]\d*) ([0-9a-f]{64})$", re.MULTILINE | re.ASCII)
_SOUND = re.compile(r"\d* ?[0-9a-f]{0,64}", re.ASCII)  # a line, or what a crash in the middle of one leaves


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

    def read(self) -> dict[int, str]:
        """Number → the mac (hex) that was anchored for it, MEDDLED where there are two. Errors: `AnchorDamaged`."""
        known: dict[int, str] = {}
        for path in self.paths:
            text = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
            whole = _WHOLE.findall(text)
            if text.count("\n") != len(whole) and not all(_SOUND.fullmatch(line) for line in text.split("\n")):
                raise AnchorDamaged
            for number, mac in whole:
                if known.setdefault(int(number), mac) != mac:
                    known[int(number)] = MEDDLED
        return known

    def renew(self, stamp: int) -> None:
        """Put the files aside, as `<name>.<stamp>`, so that new ones begin."""
        for path in self.paths:
            if path.exists():
                path.rename(path.with_name(f"{path.name}.{stamp}"))
