"""Refusals: what customers withdrew, objected to or had paused, written down outside the database, so that a restored
backup cannot use what they have forbidden since.

Lines of JSON: `who` (a keyed digest of the subject's id: the file names nobody), `at` (epoch ms),
`what`, `purpose`, `receipt` (signed, and without a person in it). A line `since` says from when on the file knows of
every refusal. A yes is not written down: one that a backup lacks is asked for again. What a later yes followed stays,
since a backup from before would bring back what the refusal had deleted.

Lines are appended, by any number of processes, until no backup is left that lacks them. Who shortens the file holds
its lock alone; who appends shares it.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from tactful.config import Settings
from tactful.store.crypto import KeyRing
from tactful.store.files import append_line, exchange

NAME = "withdrawn.refusals"


class What(StrEnum):
    """What was refused."""

    CONSENT = "consent"
    OBJECTION = "objection"
    RESTRICTION = "restriction"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One, as it was written down. `receipt`: of a consent's withdrawal, if there was one."""

    at: int  # epoch ms
    what: What
    purpose: str = ""
    receipt: Mapping[str, Any] | None = None


class Refusals:
    """The file of one installation, beside its tombstones, used by any number of processes."""

    def __init__(self, path: Path | None, key: bytes, clock: Callable[[], int]) -> None:
        self.path, self._key, self._clock = path, key, clock

    @classmethod
    def of(cls, settings: Settings, ring: KeyRing, clock: Callable[[], int]) -> "Refusals":
        return cls((settings.tombstones or settings.home / NAME).with_name(NAME), ring.derive("refusals"), clock)

    @classmethod
    def nowhere(cls) -> "Refusals":
        """Where nothing has to outlive the database."""
        return cls(None, b"", lambda: 0)

    def note(self, subject_id: str, refusal: Refusal) -> None:
        """Write one down, on disk before this returns: call it before the commit, or a crash would lose it.

        Errors: `OSError`; what was refused must fail then, so that it is asked for again.
        """
        if self.path:
            receipt = {"receipt": refusal.receipt} if refusal.receipt else {}
            line = {
                "who": self.pseudonym(subject_id),
                "at": refusal.at,
                "what": refusal.what,
                "purpose": refusal.purpose,
            }
            self._append(line | receipt)

    def withdrawn(self, subject_id: str, receipt: Mapping[str, Any]) -> None:
        """As `note`, for an answer that was given a receipt; nothing if it was a yes."""
        if not receipt["granted"]:
            at = round(datetime.fromisoformat(receipt["at"]).timestamp() * 1000)
            self.note(subject_id, Refusal(at, What.CONSENT, receipt["purpose"], receipt))

    def begin(self) -> None:
        """From now on every refusal is in the file, if there was none yet."""
        if self.path and not self._begun():
            self._append({"since": self._clock()})

    def knows_since(self, then: int) -> bool:
        """Whether the file knows of every refusal after this time (epoch ms)."""
        begun = self._begun()
        return bool(begun) and max(begun) <= then

    def _begun(self) -> list[int]:
        return [int(line["since"]) for line in _lines(self.path) if "since" in line]

    def take_in(self, other: Path, *, whole: bool) -> None:
        """Note what another file of this installation says, too. `whole`: it is today's. Errors: `OSError`."""
        assert self.path
        here = {_written(line) for line in _lines(self.path)}
        for line in _lines(other):
            if _written(line) not in here and (whole or "since" not in line):
                self._append(line)

    def shorten(self, gone: Container[str], oldest: int) -> int:
        """Forget what no backup can bring back: refusals of these pseudonyms, and those before `oldest` (epoch ms).

        Of what was before `oldest` the file knows nothing any more then, and says so. Returns how many were forgotten.
        Who writes one down waits meanwhile. Errors: `OSError`, also where the file's folder knows no locks.
        """
        if not self.path or not self.path.exists():
            return 0
        with _held(self.path, fcntl.LOCK_EX):
            lines = [line for line in _lines(self.path) if "who" in line]
            young = [line for line in lines if int(line["at"]) >= oldest]
            kept = [line for line in young if line["who"] not in gone]
            if len(kept) < len(lines):
                begun = [*self._begun(), *([oldest] if len(young) < len(lines) else [])]
                since = [{"since": max(begun)}] if self._begun() else []
                text = b"".join(_written(line) + b"\n" for line in [*since, *kept]).decode()
                exchange(self.path, text, durable=True)
        return len(lines) - len(kept)

    def _append(self, line: Mapping[str, Any]) -> None:
        assert self.path
        with _held(self.path, fcntl.LOCK_SH):
            append_line(self.path, _written(line))

    def by_pseudonym(self) -> dict[str, list[Refusal]]:
        """Each one's refusals, oldest first."""
        found: dict[str, list[Refusal]] = {}
        for line in sorted((each for each in _lines(self.path) if "who" in each), key=lambda each: int(each["at"])):
            refusal = Refusal(int(line["at"]), What(line["what"]), line["purpose"], line.get("receipt"))
            found.setdefault(line["who"], []).append(refusal)
        return found

    def pseudonym(self, subject_id: str) -> str:
        return hmac.digest(self._key, subject_id.encode(), sha256)[:16].hex()


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    """Hold the file's lock, which lies beside it. Where there are no locks, nobody shortens, and all may append."""
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, how)
        except OSError:
            if how == fcntl.LOCK_EX:
                raise
        yield
    finally:
        os.close(lock)


def _written(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode()


def _lines(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    # What a crash left of a line was never committed; every other line counts.
    return [line for each in path.read_bytes().split(b"\n") if (line := _read(each))]


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(read, dict) and ("since" in read or {"who", "at", "what", "purpose"} <= read.keys())
    return read if whole else None
