"""What was spoken of before, for a greeting that does not begin at nothing: kinds and dates, never words."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.tables import conversations, messages

MOST = 50  # messages looked at


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message's intent, and when it was said (epoch milliseconds)."""

    intent: str
    at: int


@dataclass(frozen=True, slots=True)
class History:
    """Earlier conversations of a customer: what was spoken of, newest first, and whether a person is still due."""

    spoken: tuple[Spoken, ...] = ()
    person_due: bool = False


def recall(tx: Connection, policy: Policy, conversation_id: str) -> History:
    """The history of this conversation's customer, without this conversation; empty where it may not be used."""
    this = select(conversations.c.subject_id).where(conversations.c.id == conversation_id)
    subject_id = tx.execute(this).scalar_one_or_none()
    if subject_id is None or not consent.allowed(tx, subject_id, consent.PERSONALISATION, policy):
        return History()
    theirs = conversations.c.subject_id == subject_id, conversations.c.id != conversation_id
    rows = tx.execute(
        select(messages.c.intent, messages.c.created_at)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(*theirs, messages.c.author == "customer", messages.c.intent.is_not(None))
        .order_by(messages.c.created_at.desc(), messages.c.seq.desc())
        .limit(MOST)
    )
    due = tx.execute(select(conversations.c.id).where(*theirs, conversations.c.state == "waiting").limit(1)).first()
    return History(tuple(Spoken(intent, at) for intent, at in rows), due is not None)
