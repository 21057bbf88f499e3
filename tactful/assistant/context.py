"""What actions may read besides the conversation: the customer's profile."""

from collections.abc import Mapping
from typing import Protocol


class Context(Protocol):
    """Handed in by the door's bootstrap; a test hands in its own."""

    def profile(self, conversation_id: str) -> Mapping[str, object]:
        """The stored facts as slots: name → value, names as placeholders."""
        ...


class Stranger:
    """Nobody is known: what Rasa's own `rasa shell` and action server run with."""

    def profile(self, conversation_id: str) -> Mapping[str, object]:
        return {}


_context: Context = Stranger()


def current() -> Context:
    """The context in force."""
    return _context


def set_context(context: Context) -> None:
    """Put another context in force."""
    global _context
    _context = context
