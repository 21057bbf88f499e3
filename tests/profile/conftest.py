"""A subject with a profile, on a real database of either kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from tactful.privacy.policy import Policy
from tactful.profile import consent, facts, subjects
from tactful.profile.facts import Writing
from tactful.profile.rights import Rights
from tactful.profile.signing import Signer
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.tables import metadata
from tactful.store.vault import Vault
from tests.conftest import Clock


@dataclass
class Elsewhere:
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
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def rights(
    database: Database,
    cipher: SubjectCipher,
    vault: Vault,
    policy: Policy,
    clock: Clock,
    elsewhere: Elsewhere,
    signer: Signer,
) -> Rights:
    return Rights(database, cipher, vault, policy, clock, elsewhere.forget, signer)


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


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has; the audit chain apart, which outlives subjects."""
    with database.read() as tx:
        return {
            table.name: len(tx.execute(select(table)).all())
            for table in metadata.sorted_tables
            if not table.name.startswith("audit")
        }
