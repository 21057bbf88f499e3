"""What every right is exercised with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile.own_words import Reads
from tactful.profile.signing import Signer
from tactful.store.audit import Act, Actor, AuditLog, Role
from tactful.store.crypto import SubjectCipher
from tactful.store.database import Database
from tactful.store.refusals import Refusals
from tactful.store.tables import audit as audit_table
from tactful.store.tables import subjects
from tactful.store.vault import Vault
from tactful.times import iso

CHAT, PANEL, OPERATOR = "chat", "panel", "operator"
LOOKS = (Act.TRANSCRIPT_READ, Act.REVEAL_USED)


@dataclass(frozen=True, slots=True)
class Parts:
    """Handed to each right.

    `clock` in epoch milliseconds; `reads` tells whether words are personal; `via` says where the customer, or who for
    them, asked.
    """

    database: Database
    cipher: SubjectCipher
    vault: Vault
    policy: Policy
    signer: Signer
    audit: AuditLog
    clock: Callable[[], int]
    reads: Reads
    via: str = PANEL
    refusals: Refusals = field(default_factory=Refusals.nowhere)

    def note(self, tx: Connection, act: Act, subject_id: str, fields: Iterable[str] | Mapping[str, int] = ()) -> None:
        """Enter an act in the audit log. Last thing in a transaction: it holds the log's head until the commit."""
        role = Role.OPERATOR if self.via == OPERATOR else Role.CUSTOMER
        self.audit.record(tx, act, actor=Actor(role), subject_id=subject_id, fields=fields)


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
        raise NotFound("There is no such customer.")
    return Subject(*found)


def human_reads(tx: Connection, subject_id: str) -> dict[str, object]:
    """How often a person looked at the subject's words, in how many of these at a hidden value, and when last.

    From the audit log.
    """
    values = func.count().filter(audit_table.c.act == Act.REVEAL_USED.value)
    count, revealed, last = tx.execute(
        select(func.count(), values, func.max(audit_table.c.at)).where(
            audit_table.c.subject_id == subject_id, audit_table.c.act.in_([act.value for act in LOOKS])
        )
    ).one()
    return {"count": count, "values": revealed, "last": iso(last) if last is not None else None}
