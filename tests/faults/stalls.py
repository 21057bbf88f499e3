"""Whether turns go on while door and engine both live, and what everybody does when they do not.

A test that kills somebody who did not get to his point would hide a door that no longer asks. So who waits long for a
point is told why: slow, because others are killed all the while, or a stall, which fails the test with the state of
every waiting turn and of all threads.
"""

import asyncio
import os
import signal
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from tactful.store.database import Database
from tactful.store.tables import conversations, messages
from tests.faults.pair import Pair

PATIENCE_S = 30  # longer than a lease of the dead, a put-off turn's longest wait and a turn's deadline together
LOOK_S = 1.0
MOST_TOLD = 40  # of the waiting conversations


class Stalled(AssertionError):
    """Nothing was answered although everybody lived."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Who lives, how many turns are done and how many wait."""

    door: int
    engine: int
    done: int
    waiting: int

    def stands(self, before: "Sight") -> bool:
        """Whether the same two were there, with something to do, and nothing was done."""
        same = bool(self.door and self.engine) and (self.door, self.engine) == (before.door, before.engine)
        return same and bool(self.waiting and before.waiting) and self.done == before.done


class Watch:
    """Looks on from beside a pair. `longest_s`: for how long nothing was done at worst while both lived."""

    def __init__(self, pair: Pair) -> None:
        self._pair, self._database = pair, Database(pair.settings.database)
        self._database.migrate()
        self.longest_s = 0.0

    async def run(self) -> None:
        """Until it is cancelled. Errors: `Stalled`."""
        before, since = self.sight(), time.monotonic()
        while True:
            await asyncio.sleep(LOOK_S)
            now = self.sight()
            if not now.stands(before):
                before, since = now, time.monotonic()
            stood = time.monotonic() - since
            self.longest_s = max(self.longest_s, stood)
            if stood > PATIENCE_S:
                raise Stalled(f"nothing was answered for {stood:.0f} s\n{await self.told()}")

    def sight(self) -> Sight:
        pair = self._pair
        with self._database.read() as tx:
            count = dict(tx.execute(select(messages.c.status, func.count()).group_by(messages.c.status)).all())
        return Sight(
            pair.door if pair.door_lives else 0,
            pair.engine.pid if pair.engine and pair.engine_lives else 0,
            count.get("answered", 0),
            count.get("pending", 0),
        )

    async def told(self) -> str:
        """The waiting turns with their leases, and what door and engine do: at the end of their logs."""
        for pid, number in self._whom():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        await asyncio.sleep(1)
        logs = [self._pair.log, self._pair.home / "engine.log"]
        ends = [f"--- {log.name}\n{log.read_text(errors='replace')[-12_000:]}" for log in logs if log.exists()]
        return "\n".join([str(self.sight()), *self._turns(), *ends])

    def _whom(self) -> list[tuple[int, int]]:
        now = self.sight()
        asked = [(now.door, signal.SIGUSR1), (now.door, signal.SIGUSR2), (now.engine, signal.SIGUSR1)]
        return [(pid, number) for pid, number in asked if pid]

    def _turns(self) -> list[str]:
        """The first waiting turn of each conversation: how often it was tried, who holds the lease and how long yet."""
        now = time.time() * 1000
        first = (
            select(messages.c.conversation_id, func.min(messages.c.seq).label("seq"), func.count().label("waiting"))
            .where(messages.c.status == "pending")
            .group_by(messages.c.conversation_id)
            .subquery()
        )
        with self._database.read() as tx:
            rows = tx.execute(
                select(
                    *(messages.c[name] for name in ("conversation_id", "seq", "kind", "created_at", "attempts")),
                    *(conversations.c[name] for name in ("lease_owner", "lease_fence", "lease_until")),
                    first.c.waiting,
                )
                .join(first, (first.c.conversation_id == messages.c.conversation_id) & (first.c.seq == messages.c.seq))
                .join(conversations, conversations.c.id == messages.c.conversation_id)
                .limit(MOST_TOLD)
            ).mappings()
            return [
                f"turn {row['seq']} of {row['conversation_id']}: {row['kind']}, {row['attempts']} tries, "
                f"waits {now - row['created_at']:.0f} ms with {row['waiting'] - 1} behind it; "
                f"lease of {row['lease_owner']}, fence {row['lease_fence']}, {row['lease_until'] - now:.0f} ms left"
                for row in rows
            ]

    def close(self) -> None:
        self._database.close()
