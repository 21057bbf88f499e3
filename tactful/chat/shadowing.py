"""A candidate hears what customers typed, redacted, after it was answered, and what it understood is noted beside.

It answers nobody. A turn hands over what it has and goes on: when the candidate is behind, turns are dropped and
counted. Only turns of customers who allow that the assistant learns from their words; of those, ids, intents and
confidences are kept, no words.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Lock
from typing import Any

import httpx
from anyio import to_thread
from sqlalchemy import Connection, RowMapping, select, update

from tactful.chat.engine import Outcome
from tactful.chat.engines import Engines, Shadow
from tactful.errors import TactfulError
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.database import Database
from tactful.store.missing_rows import add_missing
from tactful.store.tables import conversations, shadow_turns, shadows

log = logging.getLogger(__name__)

TRAINING = "training"
WAITING = 200  # turns that may wait for the candidate
BATCH = 20
LOOK_S = 0.5
DEADLINE_S = 5.0
RESTING_S = 2.0  # after it did not answer
COUNTED = ("compared", "dropped", "failed", "refused")


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as it was answered. The text is redacted, and held only until it was asked."""

    conversation: str
    seq: int
    text: str = field(repr=False)
    intent: str
    confidence: float
    model: str


class Shadowing:
    """One door's. `offer` from any thread; `run` in the door's loop."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        engines: Engines,
        client: httpx.AsyncClient,
        secret: str,
        clock: Callable[[], int],
        waiting: int = WAITING,
    ) -> None:
        self._database, self._policy, self._engines, self._client = database, policy, engines, client
        self._headers, self._clock = {"Authorization": f"Bearer {secret}"}, clock
        self._queue: Queue[Heard] = Queue(waiting)
        self._counts: Counter[str] = Counter()
        self._counting = Lock()

    def offer(self, message: RowMapping, outcome: Outcome) -> None:
        """Hand a turn over, if there is a shadow; never waits, never fails."""
        if message["author"] != "customer" or message["kind"] != "text" or self._engines.shadow is None:
            return
        said = outcome.intent
        heard = Heard(
            message["conversation_id"], message["seq"], message["text"],
            (said.name or "")[:80], said.confidence or 0.0, outcome.model[:80],
        )  # fmt: skip
        try:
            self._queue.put_nowait(heard)
        except Full:
            self._count("dropped", 1)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                busy = await self._some()
            except TactfulError as error:
                log.warning("the shadow is put off: %s", error.code)
                busy = False
            except Exception as error:  # the loop must survive; a stack trace could quote a message
                log.error("the shadow failed: %s", type(error).__name__)
                busy = False
            if not busy:
                await asyncio.sleep(LOOK_S)

    async def _some(self) -> bool:
        """Ask what has come; whether anything had."""
        heard, shadow = self._taken(), self._engines.shadow
        if shadow is None:
            return False
        if not heard and not self._counts:
            return False
        allowed = await to_thread.run_sync(self._allowed, heard) if heard else set()
        self._count("refused", sum(each.conversation not in allowed for each in heard))
        said: list[tuple[Heard, Mapping[str, Any]]] = []
        for each in heard:
            if each.conversation in allowed:
                answer = await self._ask(shadow, each.text)
                if answer is None:
                    self._count("failed", 1)
                else:
                    said.append((each, answer))
        await to_thread.run_sync(self._note, shadow, said)
        return bool(heard)

    def _taken(self) -> list[Heard]:
        heard: list[Heard] = []
        try:
            while len(heard) < BATCH:
                heard.append(self._queue.get_nowait())
        except Empty:
            pass
        return heard

    def _count(self, what: str, count: int) -> None:
        if count:
            with self._counting:
                self._counts[what] += count

    def _allowed(self, heard: Sequence[Heard]) -> set[str]:
        """Those conversations whose customers allow training now."""
        wanted = {each.conversation for each in heard}
        with self._database.read() as tx:
            rows = tx.execute(
                select(conversations.c.id, conversations.c.subject_id).where(conversations.c.id.in_(wanted))
            ).all()
            return {row.id for row in rows if consent.allowed(tx, row.subject_id, TRAINING, self._policy)}

    async def _ask(self, shadow: Shadow, text: str) -> Mapping[str, Any] | None:
        try:
            answer = await self._client.post(
                f"{shadow.url}/webhooks/door/parse", json={"text": text}, headers=self._headers, timeout=DEADLINE_S
            )
            intent = answer.raise_for_status().json()["intent"]
            return {"name": str(intent["name"] or "")[:80], "confidence": float(intent["confidence"] or 0.0)}
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            await asyncio.sleep(RESTING_S)
            return None

    def _note(self, shadow: Shadow, said: Sequence[tuple[Heard, Mapping[str, Any]]]) -> None:
        with self._counting:
            counts, self._counts = self._counts, Counter()
        counts["compared"] += len(said)
        if not any(counts.values()):
            return
        now = self._clock()
        rows = [
            {
                "shadow_id": shadow.id, "conversation_id": each.conversation, "seq": each.seq, "at": now,
                "live_model": each.model, "live_intent": each.intent, "live_confidence": each.confidence,
                "intent": answer["name"], "confidence": answer["confidence"],
            }
            for each, answer in said
        ]  # fmt: skip
        with self._database.begin() as tx:
            self._enter(tx, shadow, now)
            raised = {shadows.c[name]: shadows.c[name] + counts[name] for name in COUNTED}
            tx.execute(update(shadows).where(shadows.c.id == shadow.id).values(raised))
            known = {row["conversation_id"] for row in rows}
            there = set(tx.execute(select(conversations.c.id).where(conversations.c.id.in_(known))).scalars())
            if kept := [row for row in rows if row["conversation_id"] in there]:  # others were erased meanwhile
                add_missing(tx, shadow_turns, kept)

    @staticmethod
    def _enter(tx: Connection, shadow: Shadow, now: int) -> None:
        row = {"id": shadow.id, "model": shadow.model, "sha256": shadow.sha256, "started_at": now}
        add_missing(tx, shadows, [row | dict.fromkeys(COUNTED, 0)])
