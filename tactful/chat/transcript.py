"""Rows of a conversation: numbering, adding, reading. Everything here is redacted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Integer, RowMapping, bindparam, func, insert, select, update

from tactful.errors import NotFound
from tactful.store.tables import PENDING, conversations, messages, staff

SHOWN = messages.c.kind != "event"

# Asked in every turn: building a statement costs as much as running it.
_OF = messages.c.conversation_id == bindparam("conversation")
_TAKE = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(next_seq=conversations.c.next_seq + bindparam("count"))
    .returning(conversations.c.next_seq)
)
_AFTER = (
    select(messages)
    .where(_OF, messages.c.seq > bindparam("after"), SHOWN)
    .order_by(messages.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_LAST_SAID = (
    select(messages.c.text).where(_OF, messages.c.author != "customer", SHOWN).order_by(messages.c.seq.desc()).limit(1)
)
_WAITING = select(func.count(), func.coalesce(func.max(messages.c.attempts), 0)).where(
    _OF, messages.c.status == PENDING
)


@dataclass(slots=True)
class Reply:
    """One message to the customer, before it has a number."""

    text: str = ""
    buttons: list[dict[str, str]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    author: str = "bot"


def take_numbers(tx: Connection, conversation_id: str, count: int = 1) -> int:
    """Reserve `count` numbers and lock the conversation's row; the first of them.

    Errors: `NotFound` when the conversation is gone.
    """
    after = tx.execute(_TAKE, {"conversation": conversation_id, "count": count}).scalar_one_or_none()
    if after is None:
        raise NotFound
    return int(after) - count


def add_event(tx: Connection, conversation_id: str, forced: str, now: int) -> int:
    """A turn that the door itself asks for, such as `/conversation_started`; it is not shown."""
    seq = take_numbers(tx, conversation_id)
    tx.execute(
        insert(messages).values(
            conversation_id=conversation_id,
            seq=seq,
            author="system",
            kind="event",
            status="pending",
            forced=forced,
            created_at=now,
        )
    )
    return seq


def add_replies(tx: Connection, conversation_id: str, replies: Sequence[Reply], reply_to: int | None, now: int) -> None:
    """What answers message `reply_to`, or nothing in particular, numbered in order and without a gap."""
    if not replies:
        return
    first = take_numbers(tx, conversation_id, len(replies))
    tx.execute(
        insert(messages),
        [
            {
                "conversation_id": conversation_id,
                "seq": first + index,
                "author": reply.author,
                "kind": "text",
                "status": "sent",
                "text": reply.text,
                "buttons": reply.buttons or None,
                "cards": reply.cards or None,
                "reply_to": reply_to,
                "created_at": now,
            }
            for index, reply in enumerate(replies)
        ],
    )


def after(tx: Connection, conversation_id: str, seq: int, limit: int = 500) -> Sequence[RowMapping]:
    """Shown messages with a number above `seq`, in order."""
    asked = {"conversation": conversation_id, "after": seq, "most": limit}
    return tx.execute(_AFTER, asked).mappings().all()


def writers(tx: Connection, rows: Iterable[RowMapping]) -> dict[str, str]:
    """Account → first name, of the people who wrote some of these."""
    ids = {row["staff_id"] for row in rows if row["staff_id"]}
    if not ids:
        return {}
    found = tx.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(ids)))
    return {row.id: row.name.split(" ")[0] for row in found}


def last_question(tx: Connection, conversation_id: str) -> str | None:
    """What the bot said last, if it asked something: a bare answer is understood from it."""
    text = tx.execute(_LAST_SAID, {"conversation": conversation_id}).scalar_one_or_none()
    return text if text and "?" in text else None


def waiting(tx: Connection, conversation_id: str) -> tuple[int, int]:
    """How many messages wait for an answer, and the most attempts one of them has had."""
    count, attempts = tx.execute(_WAITING, {"conversation": conversation_id}).one()
    return int(count), int(attempts)


def payload_of(tx: Connection, conversation_id: str, choice: str) -> tuple[str, str] | None:
    """(title, payload) of a button that the door minted in this conversation; the newest 50 messages count."""
    rows = tx.execute(
        select(messages.c.buttons, messages.c.cards)
        .where(messages.c.conversation_id == conversation_id, messages.c.author != "customer")
        .order_by(messages.c.seq.desc())
        .limit(50)
    )
    for buttons, cards in rows:
        for button in _buttons(buttons or [], cards or []):
            if button["id"] == choice:
                return button["title"], button["payload"]
    return None


def _buttons(buttons: list[dict[str, str]], cards: list[dict[str, Any]]) -> Iterable[dict[str, str]]:
    yield from buttons
    yield from (card["button"] for card in cards if card.get("button"))
