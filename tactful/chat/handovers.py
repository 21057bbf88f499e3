"""A conversation's way from the bot to a person and back, as its rows tell it. Who answers is in the database.

bot ──asked──▶ waiting ──taken──▶ agent ──handed back──▶ bot
                  ▲                 │
                  └── put back, or the person was not heard of for a while
"""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from tactful.chat.sessions import new_id
from tactful.store.tables import conversations, handovers, staff

REASONS = frozenset({"asked", "complaint", "fallback", "joined"})
HELD = "held"  # status of a customer's message that a person answers, not the bot


@dataclass(frozen=True, slots=True)
class Present:
    """The person who answers, as the customer knows them: by their first name."""

    name: str
    typing: bool


def ask(tx: Connection, conversation_id: str, reason: str, now: int) -> str:
    """Put a conversation in line for a person, once; the hand-over's id."""
    open_one = of(tx, conversation_id)
    if open_one:
        return open_one
    handover_id = new_id()
    tx.execute(
        insert(handovers).values(
            id=handover_id,
            conversation_id=conversation_id,
            reason=reason if reason in REASONS else "asked",
            asked_at=now,
        )
    )
    set_state(tx, conversation_id, "waiting")
    return handover_id


def of(tx: Connection, conversation_id: str) -> str | None:
    """The id of the conversation's hand-over that has not ended."""
    found = select(handovers.c.id).where(
        handovers.c.conversation_id == conversation_id, handovers.c.ended_at.is_(None)
    )  # fmt: skip
    return tx.execute(found).scalar_one_or_none()


def set_state(tx: Connection, conversation_id: str, state: str) -> None:
    tx.execute(update(conversations).where(conversations.c.id == conversation_id).values(state=state))


def with_a_person(tx: Connection, conversation_id: str) -> bool:
    """Whether a person answers in it now."""
    state = tx.execute(select(conversations.c.state).where(conversations.c.id == conversation_id)).scalar_one()
    return bool(state == "agent")


def present(tx: Connection, conversation_id: str, now: int) -> Present | None:
    """The person who answers now."""
    row = tx.execute(
        select(staff.c.name, handovers.c.typing_until)
        .select_from(handovers)
        .outerjoin(staff, staff.c.id == handovers.c.staff_id)
        .where(
            handovers.c.conversation_id == conversation_id,
            handovers.c.ended_at.is_(None),
            handovers.c.staff_id.is_not(None),
        )
    ).first()
    return Present(first_name(row.name), row.typing_until > now) if row else None


def first_name(name: str | None) -> str:
    """What customers call a member of staff; one whose account is gone has no name."""
    return (name or "").split(" ")[0]
