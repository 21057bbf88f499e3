"""The turn runner: takes accepted messages to the engine, one conversation at a time, until each is answered.

A message is answered in the same transaction that ends its turn, under the fence of its lease. So a door that
dies in between leaves it pending, and whoever comes next asks the engine again; the engine knows the message's
id and does not run it twice.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from anyio import to_thread
from sqlalchemy import Connection

from tactful.chat import leases
from tactful.chat.bell import Bell
from tactful.chat.ending import Ending, Record, Remember
from tactful.chat.engine import Engine, EngineFailed, EngineGarbled, Outcome
from tactful.chat.leases import Lease
from tactful.chat.taking import Taking, Work
from tactful.errors import EngineUnavailable, StoreUnavailable, TactfulError
from tactful.logs.line import place_of
from tactful.metrics import Metrics
from tactful.store.database import Database
from tactful.telemetry.stages import ANSWERED, GAVE_UP, Course

log = logging.getLogger(__name__)

KEEP_TRYING_S = 30.0  # to store an answer that is there, while the database is away
TRY_AGAIN_S = 0.25
SWEEP_S = 1.0
LONGEST_WAIT_S = 4.0

AfterTurn = Callable[[str, Outcome], Awaitable[None]]


class TurnRunner:
    """Runs turns in `workers` conversations at once.

    `remember` and `record` as in `Ending`; `after_turn` runs once a turn is committed.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        bell: Bell,
        clock: Callable[[], int],
        *,
        owner: str,
        workers: int,
        remember: Remember,
        after_turn: AfterTurn,
        metrics: Metrics,
        record: Record = lambda *_: None,
    ) -> None:
        self._engine, self._bell, self._clock = engine, bell, clock
        self._workers, self._after_turn, self._metrics = workers, after_turn, metrics
        self._taking = Taking(database, clock, owner)
        self._ending = Ending(database, self._taking, clock, remember, record)
        self._queue: asyncio.Queue[str | Work] = asyncio.Queue()
        self._queued: set[str] = set()
        self._backoff: dict[str, float] = {}
        self._failures: Counter[str] = Counter()  # message → how often in a row it was the engine's own failure
        self._sleeping: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None]] = set()

    def wake(self, conversation_id: str) -> None:
        """There is something to answer in this conversation."""
        if conversation_id not in self._queued:
            self._queued.add(conversation_id)
            self._queue.put_nowait(conversation_id)

    def take_in(self, tx: Connection, conversation_id: str) -> Work | None:
        """Take up a conversation in the transaction that accepts its message, if somebody here is free to serve it.

        What comes of it is for `hand`, once the transaction is committed. From any thread.
        """
        free = len(self._busy) + self._queue.qsize() < self._workers
        running = bool(self._tasks) and not self._taking.closing
        return self._taking.take_in(tx, conversation_id) if free and running else None

    def hand(self, work: Work) -> None:
        """This has been taken up and is to be answered."""
        self._queue.put_nowait(work)

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def close(self, patience_s: float = 0.0) -> None:
        """Begin no more turns; those under way may take so long to end. What is cut off is free for others at once."""
        self._taking.closing = True
        for task in self._tasks:
            if task not in self._busy:
                task.cancel()
        if self._busy:
            await asyncio.wait(self._busy, timeout=patience_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._queue.empty():
            if isinstance(waiting := self._queue.get_nowait(), Work):
                await self._let_go(waiting.lease)

    async def _sweep(self) -> None:
        """Find what other doors, or an earlier life of this one, left unanswered."""
        while True:
            with suppress(TactfulError):
                for conversation_id in await to_thread.run_sync(self._taking.unanswered):
                    if conversation_id not in self._sleeping:
                        self.wake(conversation_id)
            await asyncio.sleep(SWEEP_S)

    async def _work(self) -> None:
        task = asyncio.current_task()
        assert task
        while not self._taking.closing:
            found = await self._queue.get()
            conversation_id = found.lease.conversation_id if isinstance(found, Work) else found
            self._busy.add(task)
            try:
                if isinstance(found, Work):
                    await self._serve(found)
                else:
                    self._queued.discard(conversation_id)
                    await self._serve(await to_thread.run_sync(self._taking.take, conversation_id))
            except TactfulError as error:
                log.warning("turn put off: %s", error.code)
                self._later(conversation_id)
            except Exception as error:  # the loop must survive; a stack trace could quote a message
                log.error("turn failed: %s in %s", type(error).__name__, place_of(error))
                self._later(conversation_id)
            finally:
                self._busy.discard(task)

    async def _serve(self, work: Work | None) -> None:
        """Answer what was taken up, and what came meanwhile in the same conversation, under one lease."""
        if work is None:
            return
        async with self._held(work.lease):
            while work:
                waited = self._clock() - work.message["created_at"]
                with self._metrics.stages.answering(work.lease.conversation_id, work.message["seq"], waited) as turn:
                    work = await self._answer(work, turn)

    async def _answer(self, work: Work, turn: Course) -> Work | None:
        """Answer a message, or put it off; what is to be answered next in this conversation."""
        conversation_id = work.lease.conversation_id
        try:
            outcome = await self._ask(work)
        except EngineFailed as failure:
            self._failures[work.id] += 1
            if self._failures[work.id] <= failure.patience:
                await self._put_off(work)
                return None
            outcome = None
        except EngineUnavailable:  # that there is none is nobody's fault: the turn waits as long as it takes
            await self._put_off(work)
            return None
        except asyncio.CancelledError:
            await self._let_go(work.lease)
            raise
        with self._metrics.stage("commit"):
            following = await self._committed(work, outcome)
        self._backoff.pop(conversation_id, None)
        self._failures.pop(work.id, None)
        self._bell.ring(conversation_id)
        turn.outcome = ANSWERED if outcome else GAVE_UP
        if outcome:
            await self._after_turn(conversation_id, outcome)
        return following

    async def _ask(self, work: Work) -> Outcome:
        row = work.message
        try:
            with self._metrics.stage("engine"):
                outcome = await self._engine.turn(
                    work.lease.conversation_id,
                    work.id,
                    work.forced or row["text"],
                    forced=work.forced is not None,
                )
        except EngineUnavailable as error:
            self._metrics.engine_up.set(isinstance(error, EngineFailed) and not isinstance(error, EngineGarbled))
            raise
        self._metrics.engine_up.set(1)
        return outcome

    async def _committed(self, work: Work, outcome: Outcome | None) -> Work | None:
        """End the turn, as soon as the store lets us: who comes next would wait for this lease to run out.

        Errors: `StoreUnavailable` when it was away for long.
        """
        deadline = asyncio.get_running_loop().time() + KEEP_TRYING_S
        while True:
            try:
                return await to_thread.run_sync(self._ending.commit, work, outcome)
            except StoreUnavailable:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)

    @asynccontextmanager
    async def _held(self, lease: Lease) -> AsyncIterator[None]:
        """Prolong the lease again and again meanwhile."""
        heartbeat = asyncio.create_task(self._keep(lease))
        try:
            yield
        finally:
            heartbeat.cancel()

    async def _keep(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(leases.RENEW_S)
            with suppress(TactfulError):
                await to_thread.run_sync(self._taking.renew, lease)

    async def _let_go(self, lease: Lease) -> None:
        with suppress(TactfulError):
            await to_thread.run_sync(self._taking.release, lease)

    async def _put_off(self, work: Work) -> None:
        await to_thread.run_sync(self._taking.put_off, work)
        self._bell.ring(work.lease.conversation_id)
        self._later(work.lease.conversation_id)

    def _later(self, conversation_id: str) -> None:
        wait = min(LONGEST_WAIT_S, 2 * self._backoff.get(conversation_id, 0.125))
        self._backoff[conversation_id] = wait
        self._sleeping.add(conversation_id)
        asyncio.get_running_loop().call_later(wait, self._again, conversation_id)

    def _again(self, conversation_id: str) -> None:
        self._sleeping.discard(conversation_id)
        self.wake(conversation_id)
