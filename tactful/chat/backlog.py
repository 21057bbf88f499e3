"""What waits to be answered, of all doors: how much, and for how long."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tactful.store.tables import PENDING, conversations, messages


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that the bot has to answer. `oldest_ms`: since the first of them was accepted; 0 for none."""

    messages: int
    oldest_ms: int


def of(tx: Connection, now: int) -> Backlog:
    """The backlog at `now` (epoch ms). What waits for a person is none of it."""
    count, first = tx.execute(
        select(func.count(), func.min(messages.c.created_at))
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.status == PENDING, conversations.c.state != "agent")
    ).one()
    return Backlog(count, max(0, now - first) if first is not None else 0)
