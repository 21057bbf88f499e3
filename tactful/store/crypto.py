"""Encryption of single values: AES-256-GCM under a key for each subject, which a key ring wraps.

Every ciphertext is bound to its table, column, row and subject: moved anywhere else, it does not open.
Destroying a subject's wrapped key makes every copy of their values unreadable, backups included.
"""

import hmac
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tactful.config import Settings
from tactful.errors import DecryptionFailed, SetupError
from tactful.store import keyring
from tactful.store.keyring import KEY, Keys, KeySource, source_of

VERSION = b"\x01"
NONCE = 12  # bytes, random (NIST SP 800-38D, 8.2.2)
CACHED_KEYS = 1024


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A subject's data key, encrypted under the ring's key `key_id`."""

    key_id: str
    blob: bytes = field(repr=False)


class KeyRing:
    """The installation's key-encryption keys, and what is derived from the root key.

    Made from a source, it learns of new keys while it is in use. A key that it knew it keeps: a value that was read
    before a rotation still opens after it.
    """

    def __init__(self, keys: Keys, source: KeySource | None = None) -> None:
        self._keys, self._source = keys, source
        self._stamp = source.stamp() if source else None
        self._index_key = self.derive("blind-index")

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys.keys)} keys)"

    @classmethod
    def from_settings(cls, settings: Settings) -> "KeyRing":
        """The ring that was handed in, or the one in the home's key file, made at the first start.

        Errors: `SetupError` when a key is malformed, or the file is damaged or readable by others.
        """
        source = source_of(settings)
        return cls(source.read(), source)

    @classmethod
    def of(cls, *masters: bytes) -> "KeyRing":
        """A ring of these 32-byte keys, newest first."""
        return cls(keyring.of(*masters))

    @property
    def current(self) -> str:
        """Id of the key that wraps new data keys."""
        return self._keys.current

    @property
    def ids(self) -> list[str]:
        """Of every key, newest first."""
        return list(self._keys.keys)

    def refresh(self) -> None:
        """Read the source again if it changed. Errors: `SetupError` when it is gone, damaged or another's."""
        if self._source is None or (stamp := self._source.stamp()) == self._stamp:
            return
        found = self._source.read()
        if not hmac.compare_digest(found.root, self._keys.root):
            raise SetupError("The keys were exchanged for another installation's while this one was running.")
        self._keys = Keys({**found.keys, **self._keys.keys}, found.current, found.root)
        self._stamp = stamp

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same after every start (HKDF, RFC 5869)."""
        return HKDF(SHA256(), KEY, salt=None, info=b"tactful:" + purpose.encode()).derive(self._keys.root)

    def blind_index(self, purpose: str, value: str) -> bytes:
        """32 bytes that find an equal value again without telling it."""
        return hmac.digest(self._index_key, _bound(purpose, value), sha256)

    def new_data_key(self, subject_id: str) -> WrappedKey:
        """A new data key for a subject. Errors: as `refresh`."""
        self.refresh()  # or it might be wrapped by a key that is about to be retired
        return self._wrap(os.urandom(KEY), subject_id)

    def rewrap(self, wrapped: WrappedKey, subject_id: str) -> WrappedKey:
        """The same data key, wrapped by the current key. Errors: `DecryptionFailed`."""
        return self._wrap(self.unwrap(wrapped, subject_id), subject_id)

    def unwrap(self, wrapped: WrappedKey, subject_id: str) -> bytes:
        """The data key. Errors: `DecryptionFailed`; as `refresh`."""
        if wrapped.key_id not in self._keys.keys:
            self.refresh()
        if wrapped.key_id not in self._keys.keys:
            raise DecryptionFailed(f"Key {wrapped.key_id}, which wraps this subject's key, is not in the key ring.")
        return _open(AESGCM(self._keys.keys[wrapped.key_id]), wrapped.blob, _bound("data-key", subject_id))

    def _wrap(self, data_key: bytes, subject_id: str) -> WrappedKey:
        keys, nonce = self._keys, os.urandom(NONCE)
        sealed = AESGCM(keys.keys[keys.current]).encrypt(nonce, data_key, _bound("data-key", subject_id))
        return WrappedKey(keys.current, VERSION + nonce + sealed)


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
