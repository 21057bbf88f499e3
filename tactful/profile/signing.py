"""Signatures that anyone can check: Ed25519 (RFC 8032) over a document's canonical JSON."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIGNATURE = "signature"


class Signer:
    """Signs with the key that `seed`, 32 bytes, stands for."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key()
        raw = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        # RFC 7638: the thumbprint of the key names it.
        thumbprint = sha256(canonical({"crv": "Ed25519", "kty": "OKP", "x": _text(raw)})).digest()
        self.public_key = {
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": _text(raw), "kid": _text(thumbprint),
        }  # fmt: skip

    def signed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with its signature: {"key_id", "value"}, over everything else in it."""
        content = {name: value for name, value in document.items() if name != SIGNATURE}
        value = _text(self._key.sign(canonical(content)))
        return content | {SIGNATURE: {"key_id": self.public_key["kid"], "value": value}}

    def is_valid(self, document: Mapping[str, Any]) -> bool:
        """Whether this installation signed exactly this document."""
        content = {name: value for name, value in document.items() if name != SIGNATURE}
        try:
            signature = document[SIGNATURE]["value"]
            self._public.verify(base64.urlsafe_b64decode(signature + "=="), canonical(content))
        except (InvalidSignature, KeyError, TypeError, ValueError):
            return False
        return True


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document as bytes that depend neither on spaces nor on the order of names (in the manner of RFC 8785)."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """900.0 as 900, which is how other programs write it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
