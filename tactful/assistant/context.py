"""What actions may read besides the conversation: the customer's profile, how it was learned, and what was before."""

from collections.abc import Mapping
from typing import Protocol

from tactful.profile.history import History
from tactful.profile.overview import NOTHING, Overview


class Context(Protocol):
    """Handed in by the door's bootstrap; a test hands in its own."""

    def profile(self, conversation_id: str) -> Mapping[str, object]:
        """The stored facts as slots: name → value, names as placeholders."""
        ...

    def learned(self, conversation_id: str) -> Mapping[str, str]:
        """How each stored fact was learned: name → told, chosen or inferred."""
        ...

    def history(self, conversation_id: str) -> History:
        """Earlier conversations of this customer; empty where it may not be used."""
        ...

    def overview(self, conversation_id: str) -> Overview:
        """Where what is known comes from, what for and until when; who looked; which models learned."""
        ...


class Stranger:
    """Nobody is known: what Rasa's own `rasa shell` and action server run with."""

    def profile(self, conversation_id: str) -> Mapping[str, object]:
        return {}

    def learned(self, conversation_id: str) -> Mapping[str, str]:
        return {}

    def history(self, conversation_id: str) -> History:
        return History()

    def overview(self, conversation_id: str) -> Overview:
        return NOTHING


_context: Context = Stranger()


def current() -> Context:
    """The context in force."""
    return _context


def set_context(context: Context) -> None:
    """Put another context in force."""
    global _context
    _context = context
