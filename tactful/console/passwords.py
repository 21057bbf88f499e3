"""Passwords: Argon2id, and what is asked of one (NIST SP 800-63B-4: length, not composition)."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tactful.errors import BadRequest

SHORTEST, LONGEST = 12, 256  # characters
COMMON = ("password", "passwort", "123456789012", "qwertyuiop", "letmein", "administrator", "wayfare", "tactful")

_hasher = PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, three passes
_nobodys = _hasher.hash("the answer for an unknown name takes as long as for a known one")
_few = BoundedSemaphore(2)  # each verification takes 64 MiB and a core


def check(password: str, *personal: str) -> None:
    """Errors: `BadRequest` with what to do, for one that is short, common, or made of `personal` words."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        raise BadRequest(f"Use at least {SHORTEST} characters. A few words in a row are good.")
    if len(plain) > LONGEST:
        raise BadRequest(f"Use at most {LONGEST} characters.")
    for word in (*COMMON, *(each.casefold() for each in personal if len(each) > 2)):
        if word in plain and len(plain.replace(word, "").strip("0123456789 !.?-_")) < SHORTEST // 2:
            raise BadRequest("This password is easy to guess. Add other words.")
    if len(set(plain)) < SHORTEST // 2:
        raise BadRequest("This password repeats itself. Add other words.")


def digest(password: str) -> str:
    """What is stored of a password."""
    with _few:
        return _hasher.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the one that was stored; the same work is done when none is."""
    with _few:
        try:
            _hasher.verify(stored or _nobodys, _normal(password)[: 4 * LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _normal(password: str) -> str:
    """However a keyboard composes an accent, it is the same password."""
    return unicodedata.normalize("NFKC", password)
