"""Encryption of single values: AES-256-GCM under a key for each subject, which a key ring wraps.

Every ciphertext is bound to its table, column, row and subject: moved anywhere else, it does not open.
Destroying a subject's wrapped key makes every copy of their values unreadable, backups included.
"""

import base64
import binascii
import hmac
import json
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tactful.config import Settings
from tactful.errors import DecryptionFailed, SetupError

VERSION = b"\x01"
NONCE = 12  # bytes, random (NIST SP 800-38D, 8.2.2)
KEY = 32  # bytes
CACHED_KEYS = 1024


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A subject's data key, encrypted under the ring's key `key_id`."""

    key_id: str
    blob: bytes = field(repr=False)


class KeyRing:
    """The installation's key-encryption keys, newest first, and what is derived from the root key."""

    def __init__(self, keys: dict[str, bytes], current: str, root: bytes) -> None:
        self._keys, self.current, self._root = keys, current, root
        self._index_key = self.derive("blind-index")

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys)} keys)"

    @classmethod
    def from_settings(cls, settings: Settings) -> "KeyRing":
        """The ring that was handed in, or the one in the home's key file, made at the first start.

        Errors: `SetupError` when the key is malformed, or the file is damaged or readable by others.
        """
        handed_in = settings.master_key
        if settings.master_key_file:
            try:
                handed_in = settings.master_key_file.read_text(encoding="ascii").strip()
            except (OSError, UnicodeDecodeError):
                raise SetupError("TACTFUL_MASTER_KEY_FILE cannot be read.") from None
        if handed_in:
            return cls.of(_decode(handed_in))
        return cls._from_file(settings.home / "keys.json")

    @classmethod
    def of(cls, master: bytes) -> "KeyRing":
        """A ring of one 32-byte key."""
        key_id = sha256(b"tactful-key-id" + master).hexdigest()[:8]
        return cls({key_id: master}, key_id, master)

    @classmethod
    def _from_file(cls, path: Path) -> "KeyRing":
        if not path.exists():
            _create(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SetupError(f"Others can read {path}. Run: chmod 600 {path}")
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            keys = {key_id: _decode(key) for key_id, key in content["keys"].items()}
            return cls(keys, content["current"], _decode(content["root"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SetupError(f"{path} is damaged. Restore it from a backup: without it no value can be read.") from None

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same after every start (HKDF, RFC 5869)."""
        return HKDF(SHA256(), KEY, salt=None, info=b"tactful:" + purpose.encode()).derive(self._root)

    def blind_index(self, purpose: str, value: str) -> bytes:
        """32 bytes that find an equal value again without telling it."""
        return hmac.digest(self._index_key, _bound(purpose, value), sha256)

    def new_data_key(self, subject_id: str) -> WrappedKey:
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self._keys[self.current]).encrypt(nonce, os.urandom(KEY), _bound("data-key", subject_id))
        return WrappedKey(self.current, VERSION + nonce + sealed)

    def unwrap(self, wrapped: WrappedKey, subject_id: str) -> bytes:
        """The data key. Errors: `DecryptionFailed`."""
        if wrapped.key_id not in self._keys:
            raise DecryptionFailed("The key that wraps this subject's key is not in the key ring.")
        return _open(AESGCM(self._keys[wrapped.key_id]), wrapped.blob, _bound("data-key", subject_id))


class SubjectCipher:
    """Encrypts and decrypts values of subjects whose wrapped keys it is given."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._opened: OrderedDict[tuple[str, bytes], AESGCM] = OrderedDict()
        self._lock = Lock()

    def encrypt(self, value: str, key: WrappedKey, *, table: str, column: str, row: str, subject: str) -> bytes:
        nonce = os.urandom(NONCE)
        sealed = self._cipher(key, subject).encrypt(nonce, value.encode(), _bound(table, column, row, subject))
        return VERSION + nonce + sealed

    def decrypt(self, blob: bytes, key: WrappedKey, *, table: str, column: str, row: str, subject: str) -> str:
        """Errors: `DecryptionFailed` for a wrong key, a cut ciphertext, or one from another place."""
        return _open(self._cipher(key, subject), blob, _bound(table, column, row, subject)).decode()

    def _cipher(self, key: WrappedKey, subject: str) -> AESGCM:
        place = (subject, key.blob)
        with self._lock:
            if place in self._opened:
                self._opened.move_to_end(place)
                return self._opened[place]
        cipher = AESGCM(self._ring.unwrap(key, subject))
        with self._lock:
            self._opened[place] = cipher
            if len(self._opened) > CACHED_KEYS:
                self._opened.popitem(last=False)
        return cipher


def _open(cipher: AESGCM, blob: bytes, bound: bytes) -> bytes:
    if len(blob) <= 1 + NONCE or blob[:1] != VERSION:
        raise DecryptionFailed("A stored value is cut short or of an unknown version.")
    try:
        return cipher.decrypt(blob[1 : 1 + NONCE], blob[1 + NONCE :], bound)
    except InvalidTag:
        raise DecryptionFailed("A stored value does not open: wrong key, or it was changed or moved.") from None


def _bound(*parts: str) -> bytes:
    """The parts with their lengths, so that ("ab", "c") and ("a", "bc") differ."""
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY:
        raise SetupError("A master key is 32 bytes in base64. Make one with: openssl rand -base64 32")
    return key


def _create(path: Path) -> None:
    """Write a new ring that only its owner can read; whoever comes second uses the first's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_id = os.urandom(4).hex()
    content = {
        "current": key_id,
        "keys": {key_id: base64.b64encode(os.urandom(KEY)).decode()},
        "root": base64.b64encode(os.urandom(KEY)).decode(),
    }
    draft = path.with_name(f"{path.name}.{os.urandom(4).hex()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
