"""Customers who chatted, their turns noted as the door notes them, and the desk at which they are reviewed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from tactful.chat import transcript
from tactful.chat.engine import Intent, Outcome
from tactful.chat.transcript import Reply
from tactful.console.agreement import Agreements
from tactful.console.bulk import Bulk
from tactful.console.desk import Desk
from tactful.console.filters import Filter
from tactful.console.notes import Notes
from tactful.console.ratings import Ratings
from tactful.console.recording import Recorder
from tactful.console.reviews import Reviews
from tactful.console.transcripts import Transcripts
from tactful.console.views import Views
from tactful.privacy.placeholders import Replacement
from tactful.privacy.policy import Policy
from tactful.profile import consent, subjects
from tactful.profile.signing import Signer
from tactful.store.anchor import Anchors
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import messages
from tactful.store.tables import turns as turns_table
from tactful.store.vault import Vault
from tests.chat.conftest import FakeDetector
from tests.conftest import Clock

BEN, CARA, DORA = ("b" * 32, "c" * 32, "d" * 32)
RANKING = [("refund_request", 0.48), ("billing_invoice", 0.31), ("booking_cancel", 0.11)]


@dataclass
class Team:
    """Everything reviewers work with, on a real database."""

    database: Database
    policy: Policy
    ring: KeyRing
    vault: Vault
    clock: Clock
    needed: int = 1
    share: float = 0.0
    detector: FakeDetector = field(default_factory=FakeDetector)
    sent: int = 0

    def __post_init__(self) -> None:
        given = (self.database, self.policy, self.clock)
        self.audit = AuditLog(self.ring, self.policy, self.clock, Anchors())
        self.recorder = Recorder(self.policy, self.clock, key=b"k" * 32, share=self.share, unsure_below=0.6)
        self.ratings = Ratings(self.database, self.clock)
        self.desk = Desk(*given)
        self.reviews = Reviews(*given, needed=self.needed, minutes=15)
        self.transcripts = Transcripts(self.database, self.policy, self.audit, self.clock)
        self.notes = Notes(self.database, self.vault, self.detector, self.policy, self.clock)
        self.views = Views(self.database, self.notes, self.clock)
        self.bulk = Bulk(self.database, self.reviews, self.clock)
        self.agreements = Agreements(self.database)

    def customer(self, *, allows: bool = True) -> "Talking":
        """Somebody in a conversation, who lets people read it or does not."""
        with self.database.begin() as tx:
            subject_id = subjects.create(tx, self.ring, now=self.clock())
            conversation_id = f"{self.clock.now:032x}"
            self.clock.forward(seconds=60)
            tx.execute(
                insert(transcript.conversations).values(
                    id=conversation_id, subject_id=subject_id, created_at=self.clock(),
                    expires_at=self.clock() + 1_000_000, channel="widget", language="en",
                )
            )  # fmt: skip
        talking = Talking(self, subject_id, conversation_id)
        if allows:
            talking.allow(True)
        return talking

    def turn(self, text: str = "where is my refund", **about: Any) -> int:
        """A turn of a customer of its own."""
        return self.customer(allows=about.pop("allows", True)).says(text, **about)

    def row(self, turn_id: int) -> Any:
        with self.database.read() as tx:
            return tx.execute(select(turns_table).where(turns_table.c.id == turn_id)).mappings().one()

    def found(self, reviewer: str = BEN, **asked: str) -> list[int]:
        """Ids on the first page of what a filter finds."""
        return [row.turn["id"] for row in self.desk.page(Filter.of(asked), reviewer).rows]


@dataclass
class Talking:
    """One customer's conversation."""

    team: Team
    subject_id: str
    conversation_id: str

    def allow(self, granted: bool, purpose: str = "human_review") -> None:
        with self.team.database.begin() as tx:
            consent.put(
                tx, self.subject_id, purpose, granted,
                policy=self.team.policy, signer=Signer(bytes(range(32))), now=self.team.clock(),
            )  # fmt: skip

    def says(
        self,
        text: str,
        *,
        intent: str = "refund_request",
        confidence: float = 0.9,
        kinds: dict[str, int] | None = None,
        reply: str = "Your refund is on its way.",
        **about: Any,
    ) -> int:
        """A message and its answer; the turn's id."""
        team = self.team
        with team.database.begin() as tx:
            seq = transcript.take_numbers(tx, self.conversation_id)
            tx.execute(
                insert(messages).values(
                    conversation_id=self.conversation_id, seq=seq, author="customer", kind=about.pop("by", "text"),
                    status="answered", text=text, entity_types=kinds, created_at=team.clock(),
                )
            )  # fmt: skip
            transcript.add_replies(tx, self.conversation_id, [Reply(reply)], seq, team.clock())
            message = (
                tx.execute(
                    select(messages).where(messages.c.conversation_id == self.conversation_id, messages.c.seq == seq)
                )
                .mappings()
                .one()
            )
            outcome = Outcome(
                messages=[],
                intent=Intent(name=intent, confidence=confidence),
                ranking=[Intent(name=name, confidence=sure) for name, sure in RANKING],
                model=about.pop("model", "m1"),
                tone=about.pop("tone", "plain"),
            )
            assert not about
            team.recorder.record(tx, message, outcome)
            found: int | None = tx.execute(
                select(turns_table.c.id).where(
                    turns_table.c.conversation_id == self.conversation_id, turns_table.c.seq == seq
                )
            ).scalar_one_or_none()
        return found or 0

    def hide(self, placeholder: str, kind: str, value: str) -> None:
        with self.team.database.begin() as tx:
            self.team.vault.keep(tx, self.conversation_id, self.subject_id, [Replacement(placeholder, kind, value)])


def run(work: Any) -> Any:
    """Run to the end, in a loop of its own."""
    return asyncio.run(work)


MakeTeam = Callable[..., Team]
