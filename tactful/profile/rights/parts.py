"""What every right is exercised with."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile.signing import Signer
from tactful.store.crypto import SubjectCipher
from tactful.store.database import Database
from tactful.store.tables import subjects
from tactful.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Parts:
    """Handed to each right; `clock` in epoch milliseconds."""

    database: Database
    cipher: SubjectCipher
    vault: Vault
    policy: Policy
    signer: Signer
    clock: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject who is there; times in epoch milliseconds."""

    restricted: bool
    created_at: int
    erasing_at: int | None


def subject(tx: Connection, subject_id: str) -> Subject:
    """The subject. Errors: `NotFound` when it is unknown or erased."""
    found = tx.execute(
        select(subjects.c.restricted, subjects.c.created_at, subjects.c.erasing_at).where(
            subjects.c.id == subject_id, subjects.c.erased_at.is_(None)
        )
    ).first()
    if found is None:
        raise NotFound
    return Subject(*found)
