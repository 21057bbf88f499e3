"""Which values an attribute may have. What does not fit is refused, never bent."""

from collections.abc import Callable, Mapping
from typing import Any

from tactful.errors import BadRequest

SKIPPED = "skipped"
LONGEST = 80  # characters of a text, or of each item of a list
MOST_ITEMS = 20


def _one_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and _is_unicode(value)


def _is_unicode(value: str) -> bool:
    """Half of a surrogate pair is no letter, and nothing can store it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _texts(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_ITEMS and all(_text(item) for item in value)


def _amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1_000_000


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "name": _text,
    "level": _one_of("new", "developer"),
    "tone": _one_of("plain", "developer"),
    "home": _text,
    "budget": _amount,
    "pace": _one_of("relaxed", "balanced", "packed"),
    "interests": _texts,
    "companions": _one_of("solo", "couple", "family", "friends"),
    "season": _one_of("spring", "summer", "autumn", "winter", "any", *MONTHS),
    "diet": _texts,
    "accessibility": _texts,
    "past_trips": _texts,
    "onboarding_done": lambda value: isinstance(value, bool),
}


def check(name: str, value: Any) -> None:
    """Errors: `BadRequest` for an unknown attribute or a value it cannot have; the value is not quoted."""
    if name not in ALLOWED:
        raise BadRequest("There is no such attribute in the profile.")
    if value != SKIPPED and not ALLOWED[name](value):
        raise BadRequest(f"This value does not fit {name}.")
