"""Tells those who wait on a conversation, in this door and in others, that there is something new."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from tactful.store.notices import Notices

LOOK_S = 1.0  # where nobody carries the word from door to door: look at least this often
SELDOM_S = 3.0  # where doors tell each other


class Bell:
    """`ring` wakes every listener. For what nobody rings for, `Watch` looks every `look_s` seconds."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.others: Notices | None = None

    @property
    def look_s(self) -> float:
        return SELDOM_S if self.others and self.others.connected else LOOK_S

    def ring(self, conversation_id: str) -> None:
        """Wake who listens here, and in other doors."""
        self.heard(conversation_id)
        if self.others:
            self.others.tell(conversation_id)

    def heard(self, conversation_id: str) -> None:
        """Wake who listens here."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.set()

    def listeners(self, conversation_id: str) -> int:
        """How many listen to this conversation, in this process."""
        return len(self._listeners.get(conversation_id, ()))

    def listened(self) -> list[str]:
        """The conversations that somebody listens to, in this process."""
        return list(self._listeners)

    @contextmanager
    def listening(self, conversation_id: str) -> Iterator[asyncio.Event]:
        heard = asyncio.Event()
        self._listeners[conversation_id].add(heard)
        try:
            yield heard
        finally:
            self._listeners[conversation_id].discard(heard)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    def wake_all(self) -> None:
        """Every listener looks up: the door closes."""
        for conversation_id in list(self._listeners):
            self.heard(conversation_id)


async def heard_within(heard: asyncio.Event, seconds: float) -> bool:
    """Wait for the bell, at most so long; whether it rang."""
    try:
        await asyncio.wait_for(heard.wait(), seconds)
    except TimeoutError:
        return False
    heard.clear()
    return True
