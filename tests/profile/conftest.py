"""A subject with a profile, on a real database of either kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from tactful.chat import transcript
from tactful.chat.transcript import Reply
from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import Replacement
from tactful.privacy.policy import Policy
from tactful.profile import consent, facts, subjects
from tactful.profile.facts import Writing
from tactful.profile.own_words import Reads
from tactful.profile.rights import Elsewhere, Parts, Rights
from tactful.profile.signing import Signer
from tactful.store.anchor import Anchors
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.tables import conversations, metadata
from tactful.store.vault import Vault
from tests.conftest import ROOT, Clock


@dataclass
class Engine:
    """The engine's store: notes what it was told to forget, and can be away."""

    forgotten: list[str] = field(default_factory=list)
    away: bool = False

    def forget(self, conversations: Sequence[str]) -> int:
        if self.away:
            raise ConnectionError
        self.forgotten += conversations
        return len(conversations)


@pytest.fixture
def signer() -> Signer:
    return Signer(bytes(range(32)))


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def marked() -> list[str]:
    """Subjects that have a tombstone."""
    return []


@pytest.fixture
def audit(ring: KeyRing, policy: Policy, clock: Clock) -> AuditLog:
    return AuditLog(ring, policy, clock, Anchors())


@pytest.fixture(scope="session")
def reads() -> Reads:
    detector = Detector(Policy.load(ROOT / "privacy.yml"))
    return lambda text, question: bool(detector.detect(text, question=question))


@pytest.fixture
def rights(
    database: Database,
    cipher: SubjectCipher,
    vault: Vault,
    policy: Policy,
    clock: Clock,
    engine: Engine,
    marked: list[str],
    signer: Signer,
    audit: AuditLog,
    reads: Reads,
) -> Rights:
    return Rights(
        Parts(database, cipher, vault, policy, signer, audit, clock, reads),
        Elsewhere(engine.forget, marked.append, 1.0),
    )


@pytest.fixture
def subject(database: Database, ring: KeyRing, clock: Clock) -> str:
    with database.begin() as tx:
        return subjects.create(tx, ring, now=clock(), external_id="C-1042")


@dataclass
class Profile:
    """Writes and reads a subject's facts, each in a transaction of its own."""

    database: Database
    cipher: SubjectCipher
    policy: Policy
    clock: Clock
    subject: str

    def write(self, source: str = "told", **changes: Any) -> list[str]:
        with self.database.begin() as tx:
            return facts.apply(
                tx, self.cipher, self.policy, self.subject, changes, Writing(source, self.clock(), "c" * 32)
            )

    def allow(self, purpose: str, granted: bool = True) -> None:
        with self.database.begin() as tx:
            consent.put(
                tx, self.subject, purpose, granted,
                policy=self.policy, signer=Signer(bytes(range(32))), now=self.clock(),
            )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        with self.database.read() as tx:
            held = facts.load(tx, self.cipher, self.subject, self.clock())
        return {name: fact.value for name, fact in held.items()}


@pytest.fixture
def profile(database: Database, cipher: SubjectCipher, policy: Policy, clock: Clock, subject: str) -> Profile:
    return Profile(database, cipher, policy, clock, subject)


WORDS = "I am PERSON_1 and my violet harmonica is gone"
NAME = "Philippa Quimbleton"


@pytest.fixture
def chatted(profile: Profile, vault: Vault) -> str:
    """The subject's conversation, with a name in it; its id."""
    return spoken(profile, vault, "d" * 32)


def spoken(profile: Profile, vault: Vault, conversation_id: str, name: str = NAME) -> str:
    """A conversation of the profile's subject in which a name was given."""
    now = profile.clock()
    with profile.database.begin() as tx:
        tx.execute(
            conversations.insert().values(
                id=conversation_id, subject_id=profile.subject, created_at=now, expires_at=now + 1_000_000
            )
        )
        vault.keep(tx, conversation_id, profile.subject, [Replacement("PERSON_1", "PERSON", name)])
        transcript.add_replies(tx, conversation_id, [Reply(WORDS, author="customer"), Reply("Hello PERSON_1.")], 1, now)
    return conversation_id


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has; the audit chain apart, which outlives subjects."""
    with database.read() as tx:
        return {
            table.name: len(tx.execute(select(table)).all())
            for table in metadata.sorted_tables
            if not table.name.startswith("audit")
        }
