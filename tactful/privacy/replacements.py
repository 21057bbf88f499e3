"""What stands in a text instead of a value: placeholders, or surrogates under a secret salt."""

import secrets
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from tactful.errors import SetupError
from tactful.privacy.scopes import Placeholders, Scope

SHORTEST_SALT = 16  # bytes


class Replacement(StrEnum):
    """How a value is replaced."""

    PLACEHOLDER = "placeholder"
    SURROGATE = "surrogate"


def read_salt(path: Path | None) -> bytes:
    """The secret in the file, or a new one that nobody keeps. Errors: `SetupError` for one too short to be secret."""
    if path is None:
        return secrets.token_bytes(32)
    try:
        salt = path.read_bytes().strip()
    except OSError:
        raise SetupError(f"{path} cannot be read.") from None
    if len(salt) < SHORTEST_SALT:
        raise SetupError(f"{path} must hold at least {SHORTEST_SALT} random bytes: head -c 32 /dev/urandom > {path}")
    return salt


def scope_maker(replacement: Replacement, salt: bytes) -> Callable[[str], Scope]:
    """Makes the scope of a conversation."""
    if replacement == Replacement.PLACEHOLDER:
        return lambda _: Placeholders()
    from tactful.privacy.surrogates import Surrogates  # Faker, which placeholders do without

    return lambda conversation: Surrogates(salt, conversation)
