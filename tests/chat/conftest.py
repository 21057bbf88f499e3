"""A conversation on a real database, with an engine and a detector that a test can steer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tactful.chat.bell import Bell
from tactful.chat.conversations import Conversations
from tactful.chat.engine import Outcome, Said
from tactful.chat.intake import Intake
from tactful.chat.memory import Memory
from tactful.chat.sessions import Session
from tactful.chat.turns import TurnRunner
from tactful.errors import DetectorUnavailable, TactfulError
from tactful.metrics import Metrics
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span
from tactful.profile import subjects
from tactful.profile.signing import Signer
from tactful.store.anchor import Anchors
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.vault import Vault
from tests.conftest import Clock


class FakeEngine:
    """Rasa's place in a test: repeats what it hears, once per message id, and fails when told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bool]] = []
        self.failing: list[TactfulError] = []
        self.answer: Callable[[str], Outcome] = lambda text: Outcome(messages=[Said(text=f"You said: {text}")])
        self.slow_s = 0.0

    async def turn(self, conversation: str, message_id: str, text: str, *, forced: bool) -> Outcome:
        if self.failing:
            raise self.failing.pop(0)
        await asyncio.sleep(self.slow_s)
        self.heard.append((message_id, text, forced))
        return self.answer(text)

    async def ailing(self) -> str:
        return "it was told to fail" if self.failing else ""


class FakeDetector:
    """Finds the words it is told to find; can be down."""

    ready = True

    def __init__(self) -> None:
        self.personal = {"Ana": "PERSON", "Ben": "PERSON", "ana@example.com": "EMAIL_ADDRESS"}
        self.down = False

    async def detect(self, text: str, *, question: str | None = None, known: Any = (), **_: Any) -> list[Span]:
        if self.down:
            raise DetectorUnavailable
        return sorted(
            (
                Span(start, start + len(word), kind, 1.0)
                for word, kind in self.personal.items()
                if (start := text.find(word)) >= 0
            ),
            key=lambda span: span.start,
        )


@dataclass
class Chat:
    """One customer's conversation and everything that serves it."""

    database: Database
    vault: Vault
    policy: Policy
    clock: Clock
    ring: KeyRing
    memory: Memory
    conversations: Conversations
    session: Session
    engine: FakeEngine = field(default_factory=FakeEngine)
    detector: FakeDetector = field(default_factory=FakeDetector)
    bell: Bell = field(default_factory=Bell)
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def intake(self) -> Intake:
        return self._intake()

    def taking(self, runner: TurnRunner) -> Intake:
        """An intake whose messages this runner takes up at once, if it can."""
        return self._intake(take_in=runner.take_in)

    def _intake(self, **more: Any) -> Intake:
        return Intake(
            self.database,
            self.vault,
            self.detector,
            self.policy,
            self.clock,
            digest_key=b"k" * 32,
            longest=4000,
            metrics=self.metrics,
            **more,
        )

    @asynccontextmanager
    async def running(self, owner: str = "door-1") -> AsyncIterator[TurnRunner]:
        async def nothing(conversation_id: str, outcome: Outcome) -> None: ...

        runner = TurnRunner(
            self.database,
            self.engine,
            self.bell,
            self.clock,
            owner=owner,
            workers=4,
            remember=self.memory.remember,
            after_turn=nothing,
            metrics=self.metrics,
        )
        await runner.start()
        try:
            yield runner
        finally:
            await runner.close()

    def answered(self) -> int:
        """How many turns have ended, metrics and all."""
        return int(self.metrics.registry.get_sample_value("tactful_turns_total", {"outcome": "answered"}) or 0)

    def texts(self) -> list[str]:
        view = self.conversations.view(self.session.conversation_id, 0)
        assert view
        return [message["text"] for message in view.messages]

    async def until(self, said: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not said():
                await asyncio.sleep(0.02)


@pytest.fixture
def chat(database: Database, vault: Vault, cipher: SubjectCipher, policy: Policy, clock: Clock, ring: KeyRing) -> Chat:
    conversations = Conversations(database, vault, clock, 30)
    with database.begin() as tx:
        subject = subjects.create(tx, ring, now=clock())
        conversation = conversations.open(tx, subject, None)
    session = Session(conversation, subject)
    memory = Memory(vault, cipher, policy, Signer(bytes(range(32))), AuditLog(ring, policy, clock, Anchors()), clock)
    return Chat(database, vault, policy, clock, ring, memory, conversations, session)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end, in a loop of its own."""
    return asyncio.run(coroutine)
