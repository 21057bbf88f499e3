"""Which question comes next, and which are closed."""

from collections.abc import Mapping
from typing import Any

from tactful.assistant.attributes import SKIPPED

ORDINARY = ("level", "home", "budget", "pace", "interests", "companions", "season")
CONSENT = "consent_sensitive"
SENSITIVE = ("diet", "accessibility")


def open_questions(slots: Mapping[str, Any]) -> list[str]:
    """The questions never asked or never answered, in order; sensitive ones only with consent."""
    sensitive = SENSITIVE if slots.get(CONSENT) is True else ()
    return [name for name in (*ORDINARY, CONSENT, *sensitive) if slots.get(name) is None]


def reopened(slots: Mapping[str, Any]) -> dict[str, None]:
    """The skipped questions as open ones, for a customer who asks for the questions."""
    skipped = {name: None for name in (*ORDINARY, *SENSITIVE) if slots.get(name) == SKIPPED}
    return {**skipped, CONSENT: None} if slots.get(CONSENT) is False else skipped


def should_ask(slots: Mapping[str, Any]) -> bool:
    """Whether the bot may begin to ask of its own accord."""
    return not slots.get("onboarding_done") and not slots.get("neutral") and bool(open_questions(slots))
