"""Where the installation's keys come from: handed in by a setting or a file, or a key file of Tactful's own.

The root key, from which session tokens, indexes and the audit chain's key are derived, never changes: it is `root` in
the key file, and the last of the keys that were handed in.
"""

import base64
import binascii
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from tactful.config import Settings
from tactful.errors import SetupError
from tactful.store.files import sync_folder

KEY = 32  # bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """Key-encryption keys by id; new data keys are wrapped by `current`."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    root: bytes = field(repr=False)


class KeySource(Protocol):
    """Read at the start, and again when its stamp changes."""

    def stamp(self) -> object:
        """Another value whenever the keys may have changed. Errors: `SetupError`."""

    def read(self) -> Keys:
        """Errors: `SetupError`."""


def source_of(settings: Settings) -> KeySource:
    """Where these settings say that the keys are."""
    if settings.master_key_file:
        return MasterKeyFile(settings.master_key_file)
    if settings.master_key:
        return HandedIn(settings.master_key)
    return KeyFile(settings.home / "keys.json")


def of(*masters: bytes) -> Keys:
    """Keys that were handed in, newest first."""
    keys = {key_id(master): master for master in masters}
    return Keys(keys, key_id(masters[0]), masters[-1])


def key_id(master: bytes) -> str:
    """The same wherever the same key is handed in."""
    return sha256(b"tactful-key-id" + master).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Keys in base64, newest first, between commas."""

    text: str = field(repr=False)

    def stamp(self) -> object:
        return None

    def read(self) -> Keys:
        return of(*(_decode(part.strip()) for part in self.text.split(",")))


@dataclass(frozen=True, slots=True)
class MasterKeyFile:
    """The same in a file, as an orchestrator mounts a secret."""

    path: Path

    def stamp(self) -> object:
        return _stamp(self.path)

    def read(self) -> Keys:
        try:
            return HandedIn(self.path.read_text(encoding="ascii").strip()).read()
        except (OSError, UnicodeDecodeError):
            raise SetupError("TACTFUL_MASTER_KEY_FILE cannot be read.") from None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """`keys.json`: made at the first start, changed by `tactful keys`."""

    path: Path

    def stamp(self) -> object:
        return _stamp(self.path)

    def read(self) -> Keys:
        if not self.path.exists():
            self._create()
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            raise SetupError(f"Others can read {self.path}. Run: chmod 600 {self.path}")
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            keys = {key_id: _decode(key) for key_id, key in content["keys"].items()}
            found = Keys(keys, content["current"], _decode(content["root"]))
            found.keys[found.current]
        except (ValueError, KeyError, TypeError, AttributeError, SetupError):
            raise SetupError(
                f"{self.path} is damaged. Restore it from a backup: without it no value can be read."
            ) from None
        return found

    def add(self) -> Keys:
        """A new key, which becomes the current one."""
        with self._alone():
            before = self.read()
            new = os.urandom(4).hex()
            after = Keys({new: os.urandom(KEY), **before.keys}, new, before.root)
            os.replace(self._draft(after), self.path)
            sync_folder(self.path.parent)
        return after

    def remove(self, key_id: str) -> Keys:
        """The keys without this one. Errors: `KeyError`."""
        with self._alone():
            before = self.read()
            left = {name: key for name, key in before.keys.items() if name != key_id}
            if len(left) == len(before.keys):
                raise KeyError(key_id)
            after = Keys(left, before.current, before.root)
            os.replace(self._draft(after), self.path)
            sync_folder(self.path.parent)
        return after

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.path.with_name(f"{self.path.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        """Write a new ring; whoever comes second uses the first's."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = os.urandom(4).hex()
        draft = self._draft(Keys({name: os.urandom(KEY)}, name, os.urandom(KEY)))
        try:
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        sync_folder(self.path.parent)

    def _draft(self, keys: Keys) -> Path:
        """A file beside the real one that only its owner can read, on disk."""
        draft = self.path.with_name(f"{self.path.name}.{os.urandom(4).hex()}")
        content = {
            "current": keys.current,
            "keys": {name: base64.b64encode(key).decode() for name, key in keys.keys.items()},
            "root": base64.b64encode(keys.root).decode(),
        }
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        return draft


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        raise SetupError(f"{path} is gone. Restore it before anything restarts: the values need it.") from None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY:
        raise SetupError("A master key is 32 bytes in base64. Make one with: openssl rand -base64 32")
    return key
