"""Takes events out of the outbox and delivers them: at least once, those of a conversation in their order.

The next event of a conversation is sent only when the one before is confirmed; conversations do not
wait for each other.
What was confirmed and not yet marked when the relay or the database went away is sent again, with the same id.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import groupby
from typing import Protocol

from anyio import to_thread

from tactful.errors import Conflict, TactfulError
from tactful.store.outgoing import Event, Outgoing

log = logging.getLogger(__name__)

LOOK_S = 0.5  # between looks into an empty outbox
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0


class Place(Protocol):
    """Where events go."""

    async def deliver(self, event: Event) -> None: ...


class Relay:
    """Runs until it is cancelled. `connect` opens a place; `check` raises when another relay may be at work."""

    def __init__(
        self,
        outgoing: Outgoing,
        connect: Callable[[], AbstractAsyncContextManager[Place]],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._outgoing, self._connect, self._check = outgoing, connect, check
        self.delivered = 0

    async def run(self, *, once: bool = False) -> None:
        """With `once`, until the outbox is empty.

        Errors: `Conflict` when it is not alone; with `once`, whatever keeps it from delivering; else it tries again.
        """
        wait = FIRST_WAIT_S
        while True:
            before = self.delivered
            try:
                async with self._connect() as place:
                    await self._relay(place, once)
                    return
            except TactfulError as error:
                if once or isinstance(error, Conflict):
                    raise
                log.warning("nothing is delivered: %s Trying again.", error)
            wait = FIRST_WAIT_S if self.delivered > before else min(2 * wait, LONGEST_WAIT_S)
            await asyncio.sleep(wait)

    async def _relay(self, place: Place, once: bool) -> None:
        while True:
            await to_thread.run_sync(self._check)
            events = await to_thread.run_sync(self._outgoing.waiting)
            if not events:
                if once:
                    return
                await asyncio.sleep(LOOK_S)
                continue
            async with self._noting() as taken:
                await _all(place, events, taken)

    @asynccontextmanager
    async def _noting(self) -> AsyncIterator[list[int]]:
        """What was taken is marked, also when the rest was not."""
        taken: list[int] = []
        try:
            yield taken
        finally:
            await to_thread.run_sync(self._outgoing.delivered, taken)
            self.delivered += len(taken)


async def _all(place: Place, events: Sequence[Event], taken: list[int]) -> None:
    """Every conversation's events, one after the other; conversations side by side. Errors: the first one's."""

    async def one_by_one(line: Sequence[Event]) -> None:
        for event in line:
            await place.deliver(event)
            taken.append(event.id)

    whose = sorted(events, key=lambda event: (event.conversation_id or "", event.id))
    lines = [list(line) for _, line in groupby(whose, key=lambda event: event.conversation_id)]
    ended = await asyncio.gather(*(one_by_one(line) for line in lines), return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error
