"""Corrections as rows: who put right what kind of words, where, when, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tactful.chat.sessions import new_id
from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile import consent, subjects
from tactful.store.tables import conversations, corrections

MISSED, KEPT = "missed", "kept"


class Scope(StrEnum):
    """For whom the detector learns a correction."""

    CUSTOMER = "customer"
    EVERYONE = "everyone"


class State(StrEnum):
    """How a correction stands."""

    HERE = "here"  # done in this message or conversation
    EVERYWHERE = "everywhere"
    WAITING = "waiting"  # for a second person
    REFUSED = "refused"
    UNDONE = "undone"


ACTIVE = (State.HERE, State.EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Correction:
    """One of them; times in epoch milliseconds, `by` and the others are accounts' ids."""

    id: str
    act: str
    conversation_id: str
    subject_id: str
    seq: int | None
    placeholder: str
    kind: str
    scope: str
    places: int
    state: str
    by: str
    at: int
    decided_by: str | None
    undone_by: str | None
    undone_at: int | None
    settled: bool

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def whose(self) -> str:
        """The subject for whom alone the detector has learned it; "" for everyone."""
        return self.subject_id if self.scope == Scope.CUSTOMER else ""


def add(tx: Connection, **values: Any) -> str:
    """Note a new correction; its id."""
    correction_id = new_id()
    tx.execute(insert(corrections).values(id=correction_id, settled=False, **values))
    return correction_id


def one(tx: Connection, correction_id: str) -> Correction:
    """Errors: `NotFound`."""
    row = tx.execute(select(corrections).where(corrections.c.id == correction_id).with_for_update()).first()
    if row is None:
        raise NotFound
    return Correction(*row)


def change(tx: Connection, correction_id: str, **values: Any) -> None:
    tx.execute(update(corrections).where(corrections.c.id == correction_id).values(**values))


def latest(tx: Connection, limit: int = 200) -> list[Correction]:
    """The newest first."""
    query = select(corrections).order_by(corrections.c.at.desc(), corrections.c.id).limit(limit)
    return [Correction(*row) for row in tx.execute(query)]


def mark_of(tx: Connection, conversation_id: str, placeholder: str) -> Correction | None:
    """The mark by which words of a conversation became this placeholder, if it was one."""
    query = select(corrections).where(
        corrections.c.conversation_id == conversation_id,
        corrections.c.placeholder == placeholder,
        corrections.c.act == MISSED,
        corrections.c.state.in_(ACTIVE),
    )
    row = tx.execute(query.order_by(corrections.c.at.desc())).first()
    return Correction(*row) if row else None


def unsettled(tx: Connection) -> Sequence[str]:
    """Those of which the engine's copies are not yet as they should be."""
    query = select(corrections.c.id).where(
        corrections.c.settled.is_(False), corrections.c.state.in_((*ACTIVE, State.UNDONE))
    )
    return tx.execute(query.order_by(corrections.c.at)).scalars().all()


def subject_of(tx: Connection, conversation_id: str) -> str:
    """The subject of a conversation, whose row is held. Errors: `NotFound`."""
    row = select(conversations.c.subject_id).where(conversations.c.id == conversation_id).with_for_update()
    subject_id: str | None = tx.execute(row).scalar_one_or_none()
    if subject_id is None:
        raise NotFound
    return subject_id


def may_be_seen(tx: Connection, subject_id: str, policy: Policy) -> bool:
    """Whether people may read the subject's conversations now."""
    return subjects.exists(tx, subject_id) and consent.allowed(tx, subject_id, "human_review", policy)


def subjects_of(tx: Connection, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Conversation → (subject, when it began)."""
    rows = tx.execute(
        select(conversations.c.id, conversations.c.subject_id, conversations.c.created_at).where(
            conversations.c.id.in_(list(ids))
        )
    )
    return {row.id: (row.subject_id, row.created_at) for row in rows}
