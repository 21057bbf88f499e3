"""The turn runner: takes accepted messages to the engine, one conversation at a time, until each is answered.

A message is answered in the same transaction that ends its turn, under the fence of its lease. So a door that
dies in between leaves it pending, and whoever comes next asks the engine again; the engine knows the message's
id and does not run it twice.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from tactful.chat import handovers, leases, replies, transcript
from tactful.chat.bell import Bell
from tactful.chat.engine import Engine, EngineFailed, EngineGarbled, Outcome
from tactful.chat.leases import Lease
from tactful.chat.transcript import Reply
from tactful.errors import EngineUnavailable, StoreUnavailable, TactfulError
from tactful.logs.line import place_of
from tactful.metrics import Metrics
from tactful.store.database import Database
from tactful.store.tables import conversations, messages, outbox
from tactful.telemetry.stages import ANSWERED, GAVE_UP, Course

log = logging.getLogger(__name__)

KEEP_TRYING_S = 30.0  # to store an answer that is there, while the database is away
TRY_AGAIN_S = 0.25
SWEEP_S = 1.0
LONGEST_WAIT_S = 4.0

# Asked twice in every turn: building a statement costs as much as running it.
_NEXT = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("conversation"), messages.c.status == "pending")
    .order_by(messages.c.seq)
    .limit(1)
)

_ANSWERED = (
    update(messages)
    .where(
        messages.c.conversation_id == bindparam("conversation"),
        messages.c.seq == bindparam("number"),
        messages.c.status == "pending",
    )
    .values(status="answered", answered_at=bindparam("now"), intent=bindparam("meant"), confidence=bindparam("sure"))
)

Remember = Callable[[Connection, str, str, Outcome], None]
Record = Callable[[Connection, RowMapping, Outcome], None]
AfterTurn = Callable[[str, Outcome], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Work:
    """A message to answer, and the lease under which it may be answered."""

    lease: Lease
    message: RowMapping

    @property
    def id(self) -> str:
        """What the engine knows the message by."""
        return f"{self.lease.conversation_id}:{self.message['seq']}"

    @property
    def forced(self) -> str | None:
        forced: str | None = self.message["forced"]
        return forced

    @property
    def is_event(self) -> bool:
        return bool(self.message["kind"] == "event")


class TurnRunner:
    """Runs turns in `workers` conversations at once.

    `remember(tx, conversation_id, kind, outcome)` stores what a turn taught, within the turn's transaction;
    `record(tx, message, outcome)` notes it for those who review, in the same; `after_turn` runs once it is committed.
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
        self._database, self._engine, self._bell, self._clock = database, engine, bell, clock
        self._owner, self._workers = owner, workers
        self._remember, self._after_turn, self._metrics = remember, after_turn, metrics
        self._record = record
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()
        self._backoff: dict[str, float] = {}
        self._failures: Counter[str] = Counter()  # message → how often in a row it was the engine's own failure
        self._sleeping: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None]] = set()
        self._closing = False

    def wake(self, conversation_id: str) -> None:
        """There is something to answer in this conversation."""
        if conversation_id not in self._queued:
            self._queued.add(conversation_id)
            self._queue.put_nowait(conversation_id)

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def close(self, patience_s: float = 0.0) -> None:
        """Begin no more turns; those under way may take so long to end. What is cut off is free for others at once."""
        self._closing = True
        for task in self._tasks:
            if task not in self._busy:
                task.cancel()
        if self._busy:
            await asyncio.wait(self._busy, timeout=patience_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _sweep(self) -> None:
        """Find what other doors, or an earlier life of this one, left unanswered."""
        while True:
            with suppress(TactfulError):
                for conversation_id in await to_thread.run_sync(self._unanswered):
                    if conversation_id not in self._sleeping:
                        self.wake(conversation_id)
            await asyncio.sleep(SWEEP_S)

    async def _work(self) -> None:
        task = asyncio.current_task()
        assert task
        while not self._closing:
            conversation_id = await self._queue.get()
            self._queued.discard(conversation_id)
            self._busy.add(task)
            try:
                await self._serve(conversation_id)
            except TactfulError as error:
                log.warning("turn put off: %s", error.code)
                self._later(conversation_id)
            except Exception as error:  # the loop must survive; a stack trace could quote a message
                log.error("turn failed: %s in %s", type(error).__name__, place_of(error))
                self._later(conversation_id)
            finally:
                self._busy.discard(task)

    async def _serve(self, conversation_id: str) -> None:
        work = await to_thread.run_sync(self._take, conversation_id)
        while work:
            waited = self._clock() - work.message["created_at"]
            with self._metrics.stages.answering(conversation_id, work.message["seq"], waited) as turn:
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
            with suppress(TactfulError):
                await to_thread.run_sync(self._release, work.lease)
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
        heartbeat = asyncio.create_task(self._keep(work.lease))
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
        finally:
            heartbeat.cancel()
        self._metrics.engine_up.set(1)
        return outcome

    async def _committed(self, work: Work, outcome: Outcome | None) -> Work | None:
        """End the turn, as soon as the store lets us: who comes next would wait for this lease to run out.

        Errors: `StoreUnavailable` when it was away for long.
        """
        heartbeat = asyncio.create_task(self._keep(work.lease))
        try:
            async with asyncio.timeout(KEEP_TRYING_S):
                while True:
                    try:
                        return await to_thread.run_sync(partial(self._commit, work, outcome))
                    except StoreUnavailable:
                        await asyncio.sleep(TRY_AGAIN_S)
        except TimeoutError:
            raise StoreUnavailable from None
        finally:
            heartbeat.cancel()

    async def _keep(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(leases.RENEW_S)
            with suppress(TactfulError):
                await to_thread.run_sync(self._renew, lease)

    async def _put_off(self, work: Work) -> None:
        await to_thread.run_sync(self._note_attempt, work)
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

    # What follows runs in threads, each a transaction.

    def _unanswered(self) -> Sequence[str]:
        with self._database.read() as tx:
            return list(
                tx.execute(
                    select(messages.c.conversation_id)
                    .join(conversations, conversations.c.id == messages.c.conversation_id)
                    .where(
                        messages.c.status == "pending",
                        leases.run_out(self._clock()),
                        conversations.c.state != "agent",
                    )
                    .group_by(messages.c.conversation_id)
                    .order_by(func.min(messages.c.created_at))
                    .limit(1000)
                ).scalars()
            )

    def _take(self, conversation_id: str) -> Work | None:
        with self._database.begin() as tx:
            lease = leases.acquire(tx, conversation_id, self._owner, self._clock())
            return self._next(tx, lease) if lease else None

    def _next(self, tx: Connection, lease: Lease) -> Work | None:
        row = tx.execute(_NEXT, {"conversation": lease.conversation_id}).mappings().first()
        if row is None or self._closing:
            leases.release(tx, lease)
            return None
        return Work(lease, row)

    def _renew(self, lease: Lease) -> None:
        with self._database.begin() as tx:
            leases.renew(tx, lease, self._clock())

    def _release(self, lease: Lease) -> None:
        with self._database.begin() as tx:
            leases.release(tx, lease)

    def _note_attempt(self, work: Work) -> None:
        with self._database.begin() as tx:
            if leases.release(tx, work.lease):
                tx.execute(update(messages).where(*_this(work)).values(attempts=messages.c.attempts + 1))

    def _commit(self, work: Work, outcome: Outcome | None) -> Work | None:
        """End the turn: replies, what it taught, events for others, the lease. All or nothing."""
        now, lease = self._clock(), work.lease
        with self._database.begin() as tx:
            if not leases.renew(tx, lease, now):
                return None  # somebody else took over; his answer counts
            intent = outcome.intent if outcome else None
            changed = tx.execute(
                _ANSWERED,
                {
                    "conversation": lease.conversation_id,
                    "number": work.message["seq"],
                    "now": now,
                    "meant": intent.name if intent else None,
                    "sure": intent.confidence if intent else None,
                },
            )
            if not changed.rowcount:
                return self._next(tx, lease)  # an earlier try was stored, though its end was not heard
            transcript.add_replies(tx, lease.conversation_id, _replies(work, outcome), work.message["seq"], now)
            if outcome:
                self._remember(tx, lease.conversation_id, work.message["kind"], outcome)
                _hand_over(tx, lease.conversation_id, outcome, now)
                self._record(tx, work.message, outcome)
            _announce(tx, work, now)
            return self._next(tx, lease)


def _this(work: Work) -> tuple[Any, Any]:
    return messages.c.conversation_id == work.lease.conversation_id, messages.c.seq == work.message["seq"]


def _replies(work: Work, outcome: Outcome | None) -> list[Reply]:
    if work.is_event and (outcome is None or not outcome.messages):
        return []
    if work.forced == "/profile_changed":
        return []
    return replies.replies_of(outcome) if outcome else [Reply(replies.GAVE_UP)]


def _hand_over(tx: Connection, conversation_id: str, outcome: Outcome, now: int) -> None:
    wanted = replies.asked_for(outcome, "handover")
    if wanted is None:
        return
    reason = wanted.get("reason", "asked") if isinstance(wanted, dict) else "asked"
    handovers.ask(tx, conversation_id, reason, now)
    _post(tx, conversation_id, "handover_requested", {"reason": reason}, now)


def _announce(tx: Connection, work: Work, now: int) -> None:
    if not work.is_event:
        _post(tx, work.lease.conversation_id, "turn_answered", {"seq": work.message["seq"]}, now)


def _post(tx: Connection, conversation_id: str, kind: str, payload: dict[str, Any], now: int) -> None:
    row = {"conversation_id": conversation_id, "kind": kind, "payload": payload, "created_at": now}
    tx.execute(insert(outbox), row)
