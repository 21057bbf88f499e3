"""Tells those who wait on a conversation, in this process, that there is something new."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """`ring` wakes every listener. Listeners also look by themselves: another door may have written."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, conversation_id: str) -> None:
        for listener in self._listeners.get(conversation_id, ()):
            listener.set()

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


async def heard_within(heard: asyncio.Event, seconds: float) -> bool:
    """Wait for the bell, at most so long; whether it rang."""
    try:
        await asyncio.wait_for(heard.wait(), seconds)
    except TimeoutError:
        return False
    heard.clear()
    return True
