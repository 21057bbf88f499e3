"""Duplicates, reordering, parallel sends, lost doors, engines and databases, clocks: any of it, in any order.

A hypothesis state machine over the door's real intake and turn runner, on a real database. Invariant, after every step:
what was accepted has its number and is there once. At the end, when all is well: each is answered once, in order.
"""

import asyncio
import random
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from itertools import groupby
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from tactful.chat.ending import Ending
from tactful.chat.intake import Accepted
from tactful.chat.taking import Taking, Work
from tactful.chat.turns import TurnRunner
from tactful.errors import Conflict, EngineUnavailable, StoreUnavailable
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.tables import conversations, messages, outbox
from tactful.store.vault import Vault
from tests.chat.conftest import Chat, chat
from tests.conftest import ROOT, Clock
from tests.faults.conftest import LONG

STEPS, EXAMPLES = 50, (40 if LONG else 3)
POLICY = Policy.load(ROOT / "privacy.yml")
IDS = st.integers(1, 12)
TEXTS = ("hello", "I am Ana", "Ana and Ben", "ana@example.com")


class Talk(RuleBasedStateMachine):
    """One conversation, served by one or two doors that come and go."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        database = Database(f"sqlite:///{Path(self.folder.name) / 'tactful.db'}")
        database.migrate()
        ring, clock = KeyRing.of(bytes(range(32))), Clock()
        cipher = SubjectCipher(ring)
        make: Callable[..., Chat] = chat.__wrapped__  # type: ignore[attr-defined]
        self.chat = make(database, Vault(ring, cipher, POLICY, clock), cipher, POLICY, clock, ring)
        self.loop = asyncio.new_event_loop()
        self.doors: list[tuple[AbstractAsyncContextManager[TurnRunner], TurnRunner]] = []
        self.started = 0
        self.accepted: dict[str, tuple[str, Accepted]] = {}
        self.answered: dict[str, int] = {}  # message id → how often the engine ran it
        self.chat.engine.turn = self._turn  # type: ignore[method-assign]
        self.down = False
        self.asleep: list[Work] = []
        self.sleeper = Taking(database, clock, "sleeper")
        self.late = Ending(database, self.sleeper, clock, self.chat.memory.remember, lambda *_: None)

    async def _turn(self, conversation: str, message_id: str, text: str, *, forced: bool) -> Any:
        """The engine's promise: a message id that it knows is answered from what it saved."""
        await asyncio.sleep(random.choice([0, 0.001]))
        if self.down:
            raise EngineUnavailable
        self.answered[message_id] = self.answered.get(message_id, 0) + 1
        return self.chat.engine.answer(text)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def _text(self, number: int) -> str:
        return f"{TEXTS[number % len(TEXTS)]} ({number})"

    async def _send(self, number: int) -> None:
        identity, text = f"m{number}", self._text(number)
        try:
            accepted = await self.chat.intake.text(self.chat.session, identity, text)
        except StoreUnavailable:
            return
        assert self.accepted.setdefault(identity, (text, accepted))[1].seq == accepted.seq
        for _, runner in self.doors:
            runner.wake(self.chat.session.conversation_id)

    @rule(number=IDS)
    def send(self, number: int) -> None:
        """A new message, or one sent before, in any order of ids."""
        self.run(self._send(number))

    @rule(numbers=st.lists(IDS, min_size=2, max_size=8))
    def send_at_once(self, numbers: list[int]) -> None:
        async def all_at_once() -> None:
            await asyncio.gather(*(self._send(number) for number in numbers))

        self.run(all_at_once())

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def reuse_an_id(self, data: st.DataObject) -> None:
        identity = data.draw(st.sampled_from(sorted(self.accepted)))
        try:
            self.run(self.chat.intake.text(self.chat.session, identity, "other words"))
        except Conflict:
            return
        raise AssertionError("the same id was taken for other words")

    @precondition(lambda self: len(self.doors) < 2)
    @rule()
    def a_door_comes(self) -> None:
        self.started += 1
        context = self.chat.running(f"door-{self.started}")
        self.doors.append((context, self.run(context.__aenter__())))

    @precondition(lambda self: self.doors)
    @rule()
    def a_door_is_lost(self) -> None:
        """In the middle of whatever it does; its lease stays."""
        context, _ = self.doors.pop(0)
        self.run(context.__aexit__(None, None, None))

    @rule()
    def a_door_falls_asleep(self) -> None:
        """With a lease in its hand, as on a machine that is suspended. Others take over once it has run out."""
        if work := self.sleeper.take(self.chat.session.conversation_id):
            self.asleep.append(work)

    @precondition(lambda self: self.asleep)
    @rule(data=st.data())
    def it_wakes_up_late_and_wants_to_commit(self, data: st.DataObject) -> None:
        """Who was overtaken meanwhile finds a higher fence, and changes nothing; else its answer counts."""
        work = self.asleep.pop(data.draw(st.integers(0, len(self.asleep) - 1)))
        before = self._state()
        following = self.late.commit(work, self.chat.engine.answer(work.message["text"]))
        if following:
            self.asleep.append(following)
        if before[0] != work.lease.fence:
            assert self._state() == before, "an old holder has written"

    @rule()
    def it_is_overtaken_and_wakes_up_late(self) -> None:
        """At once, since chance seldom brings these three together."""
        conversation = self.chat.session.conversation_id
        if work := self.sleeper.take(conversation):
            self.chat.clock.forward(seconds=7)
            new = self.sleeper.take(conversation)
            assert new
            before = self._state()
            assert self.late.commit(work, self.chat.engine.answer(work.message["text"])) is None
            assert self._state() == before, "an old holder has written"
            self.asleep.append(new)

    def _state(self) -> tuple[Any, ...]:
        """The fence, and all that a commit could change. No door runs meanwhile: their loop stands still."""
        with self.chat.database.read() as tx:
            held = tx.execute(select(conversations.c.lease_fence, conversations.c.lease_until)).one()
            said = tx.execute(select(messages.c.seq, messages.c.text, messages.c.status).order_by(messages.c.seq)).all()
            return (*held, said, tx.execute(select(outbox.c.id).order_by(outbox.c.id)).all())

    @rule(milliseconds=st.integers(0, 40))
    def time_passes(self, milliseconds: int) -> None:
        self.run(asyncio.sleep(milliseconds / 1000))

    @rule(seconds=st.sampled_from([7, -7, 60, 3600, -3600, 86_400, -86_400]))
    def the_clock_jumps(self, seconds: float) -> None:
        self.chat.clock.forward(seconds=seconds)

    @rule(down=st.booleans())
    def the_engine_goes_or_comes(self, down: bool) -> None:
        self.down = down

    @invariant()
    def what_was_accepted_is_there_once(self) -> None:
        if not hasattr(self, "chat"):
            return
        with self.chat.database.read() as tx:
            rows = tx.execute(select(messages.c.client_message_id, messages.c.seq)).all()
        stored = [row for row in rows if row.client_message_id]
        assert len(stored) == len({row.client_message_id for row in stored})
        for identity, (_, accepted) in self.accepted.items():
            assert (identity, accepted.seq) in {(row.client_message_id, row.seq) for row in stored}

    def teardown(self) -> None:
        """All is well again: everything is answered, each once, in order."""
        if not hasattr(self, "chat"):
            return
        try:
            self.down = False
            if not self.doors:
                self.a_door_comes()
            self.run(self._quiet())
            self._check()
            for context, _ in self.doors:
                self.run(context.__aexit__(None, None, None))
        finally:
            self.loop.close()
            self.chat.database.close()
            self.folder.cleanup()

    async def _quiet(self) -> None:
        async with asyncio.timeout(60):
            while self._pending():
                self.chat.clock.forward(seconds=1)  # leases of the lost run out
                await asyncio.sleep(0.05)

    def _pending(self) -> bool:
        with self.chat.database.read() as tx:
            return bool(tx.execute(select(messages.c.seq).where(messages.c.status == "pending")).first())

    def _check(self) -> None:
        with self.chat.database.read() as tx:
            rows = tx.execute(select(messages).order_by(messages.c.seq)).mappings().all()
            told = [payload["seq"] for payload in tx.execute(select(outbox.c.payload).order_by(outbox.c.id)).scalars()]
        customers = [row for row in rows if row["author"] == "customer"]
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        order = [seq for seq, _ in groupby(row["reply_to"] for row in rows if row["author"] == "bot")]
        assert order == sorted(set(order)), "replies interleave"
        for row in customers:
            replies = [reply["text"] for reply in rows if reply["reply_to"] == row["seq"]]
            assert replies == [f"You said: {row['text']}"]
        assert told == [row["seq"] for row in customers]
        shown = self.chat.texts()
        for text, _ in self.accepted.values():
            assert shown.count(text) == 1
            assert shown.count(f"You said: {text}") == 1


TestTalk = Talk.TestCase
TestTalk.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
)
