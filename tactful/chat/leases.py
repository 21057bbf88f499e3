"""One turn at a time: who holds a conversation, in the database, so that any number of doors may serve.

Each hand-over raises the fence. Whoever comes back late finds a higher fence than his own, and may not write
(Kleppmann, "How to do distributed locking", 2016).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, update

from tactful.store.tables import conversations

LEASE_MS = 6_000
RENEW_S = 2.0
# Nobody holds a conversation for so long. A lease that says so is of a clock that has been put back since.
LONGEST_MS = 150_000


@dataclass(frozen=True, slots=True)
class Lease:
    conversation_id: str
    fence: int


def acquire(tx: Connection, conversation_id: str, owner: str, now: int) -> Lease | None:
    """Take the conversation if nobody holds it or the holder's time is up, and no person answers in it."""
    fence = tx.execute(
        update(conversations)
        .where(
            conversations.c.id == conversation_id,
            conversations.c.state != "agent",  # while a person answers, the bot is silent
            or_(conversations.c.lease_owner.is_(None), run_out(now)),
        )
        .values(lease_owner=owner, lease_fence=conversations.c.lease_fence + 1, lease_until=now + LEASE_MS)
        .returning(conversations.c.lease_fence)
    ).scalar_one_or_none()
    return None if fence is None else Lease(conversation_id, int(fence))


def run_out(now: int) -> ColumnElement[bool]:
    """Whether a conversation's lease has ended, as a condition."""
    return or_(conversations.c.lease_until < now, conversations.c.lease_until > now + LONGEST_MS)


def renew(tx: Connection, lease: Lease, now: int) -> bool:
    """Prolong; False when somebody else took over meanwhile."""
    return _holding(tx, lease, lease_until=now + LEASE_MS)


def release(tx: Connection, lease: Lease) -> bool:
    return _holding(tx, lease, lease_owner=None, lease_until=0)


def _holding(tx: Connection, lease: Lease, **values: object) -> bool:
    changed = tx.execute(
        update(conversations)
        .where(conversations.c.id == lease.conversation_id, conversations.c.lease_fence == lease.fence)
        .values(**values)
    )
    return changed.rowcount == 1
