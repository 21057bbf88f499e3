"""A file that only its installation's keys open, and that says so when a byte of it was changed or its end is missing.

A line that says what it is, then parts of a megabyte, each sealed by AES-256-GCM under a key of this file alone, with
its number and whether it is the last one in the nonce (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár,
"Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
"""

import hmac
import io
import json
import os
from hashlib import sha256
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tactful.errors import BackupDamaged, SetupError

MAGIC = b"tactful backup 1 "
PART = 1_048_576  # bytes
TAG = 16  # bytes
LONGEST_HEAD = 1_000  # bytes


class SealedWriter(io.RawIOBase):
    """Seals what is written to `file`. `key`: 32 bytes of the ring's; each file gets a key of its own from it."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(16)
        about = {"salt": salt.hex(), "key": _fingerprint(key)}
        self._head = MAGIC + json.dumps(about).encode() + b"\n"
        self._file, self._cipher = file, _cipher(key, salt)
        self._buffer, self._number = bytearray(), 0
        file.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._buffer += content
        while len(self._buffer) > PART:  # never all of it: the last part must know that it is
            self._seal(bytes(self._buffer[:PART]), last=False)
            del self._buffer[:PART]
        return len(content)

    def finish(self) -> None:
        """Write the last part; without it the file does not open."""
        self._seal(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _seal(self, part: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), part, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens what `SealedWriter` wrote. Errors: `BackupDamaged`; `SetupError` for the keys of another installation."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._head = file, file.readline(LONGEST_HEAD)
        try:
            if not self._head.startswith(MAGIC):
                raise ValueError
            about = json.loads(self._head.removeprefix(MAGIC))
            salt, made_with = bytes.fromhex(about["salt"]), str(about["key"])
        except (ValueError, KeyError, TypeError):
            raise BackupDamaged("This is not a backup of Tactful's, or its beginning is damaged.") from None
        if not hmac.compare_digest(made_with, _fingerprint(key)):
            raise SetupError(
                "This backup was made with other keys. Put its installation's keys.json into TACTFUL_HOME first."
            )
        self._cipher, self._number, self._ended = _cipher(key, salt), 0, False
        self._next = file.read(PART + TAG)
        self._open = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._open and not self._ended:
            self._part()
        count = min(len(buffer), len(self._open))
        buffer[:count] = self._open[:count]
        del self._open[:count]
        return count

    def _part(self) -> None:
        part, self._next = self._next, self._file.read(PART + TAG)
        self._ended = not self._next
        try:
            self._open += self._cipher.decrypt(_nonce(self._number, self._ended), part, self._head)
        except (InvalidTag, ValueError):
            raise BackupDamaged(f"The backup is damaged or cut short (in megabyte {self._number + 1}).") from None
        self._number += 1


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"tactful:backup-file").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _fingerprint(key: bytes) -> str:
    """Tells keys apart, and nothing about them."""
    return hmac.digest(key, b"fingerprint", sha256)[:8].hex()
