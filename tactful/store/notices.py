"""What one door tells the others through PostgreSQL's NOTIFY: in which conversations there is something new.

A notice is a hint: whoever misses one looks by itself a little later. So notices are sent apart from the transactions
that they are about, many at once: PostgreSQL lets one transaction with a NOTIFY commit at a time.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence

from psycopg import AsyncConnection, Error
from sqlalchemy import make_url

log = logging.getLogger(__name__)

CHANNEL = "tactful"
LARGEST = 7_900  # bytes; PostgreSQL takes just under 8,000
GATHER_S = 0.005  # what is told within this time travels together
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0


class Notices:
    """Tells other doors, and calls `heard` for what they tell."""

    def __init__(self, url: str, heard: Callable[[str], None]) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._waiting: dict[str, None] = {}  # in order, each once
        self._something = asyncio.Event()
        self.connected = False

    def tell(self, conversation_id: str) -> None:
        """Say so to the other doors, soon. Nobody waits for it; while the database is away it is dropped."""
        if self.connected:
            self._waiting[conversation_id] = None
            self._something.set()

    async def run(self) -> None:
        """Until it is cancelled; connects again by itself."""
        wait = FIRST_WAIT_S
        while True:
            try:
                async with (
                    await AsyncConnection.connect(self._address, autocommit=True) as listening,
                    await AsyncConnection.connect(self._address, autocommit=True) as telling,
                ):
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self.connected, wait = True, FIRST_WAIT_S
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._listen(listening, telling.info.backend_pid))
                        both.create_task(self._send(telling))
            except* (Error, OSError) as errors:
                # An error's text may hold the address with its password.
                log.warning("no notices between doors (%s)", type(errors.exceptions[0]).__name__)
            finally:
                self.connected = False
                self._waiting.clear()
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    async def _listen(self, connection: AsyncConnection, own: int) -> None:
        async for notice in connection.notifies():
            if notice.pid != own:
                for conversation_id in notice.payload.split():
                    self._heard(conversation_id)

    async def _send(self, connection: AsyncConnection) -> None:
        while True:
            await self._something.wait()
            await asyncio.sleep(GATHER_S)
            self._something.clear()
            told, self._waiting = list(self._waiting), {}
            for payload in payloads(told):
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


def payloads(conversation_ids: Sequence[str]) -> Iterator[str]:
    """Ids with spaces between, in as few pieces as fit."""
    piece = ""
    for conversation_id in conversation_ids:
        if len(piece) + len(conversation_id) + 1 > LARGEST:
            yield piece
            piece = ""
        piece = f"{piece} {conversation_id}" if piece else conversation_id
    if piece:
        yield piece
