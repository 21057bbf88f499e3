"""One turn at a time: who holds a conversation, in the database, so that any number of doors may serve.

Each hand-over raises the fence. Whoever comes back late finds a higher fence than his own, and may not write
(Kleppmann, "How to do distributed locking", 2016).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, or_, update

from tactful.store.tables import conversations

LEASE_MS = 6_000
RENEW_S = 2.0
# Nobody holds a conversation for so long. A lease that says so is of a clock that has been put back since.
LONGEST_MS = 150_000

# Run in every turn: building a statement costs as much as running it.
_ACQUIRE = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("conversation"),
        conversations.c.state != "agent",  # while a person answers, the bot is silent
        or_(
            conversations.c.lease_owner.is_(None),
            conversations.c.lease_until < bindparam("now"),
            conversations.c.lease_until > bindparam("far"),  # as `run_out`
        ),
    )
    .values(
        lease_owner=bindparam("new_owner"),
        lease_fence=conversations.c.lease_fence + 1,
        lease_until=bindparam("until"),
    )
    .returning(conversations.c.lease_fence)
)
_MINE = conversations.c.id == bindparam("conversation"), conversations.c.lease_fence == bindparam("fence")
_RENEW = update(conversations).where(*_MINE).values(lease_until=bindparam("until"))
_RELEASE = update(conversations).where(*_MINE).values(lease_owner=None, lease_until=0)


@dataclass(frozen=True, slots=True)
class Lease:
    conversation_id: str
    fence: int


def acquire(tx: Connection, conversation_id: str, owner: str, now: int) -> Lease | None:
    """Take the conversation if nobody holds it or the holder's time is up, and no person answers in it."""
    asked = {"conversation": conversation_id, "new_owner": owner, "until": now + LEASE_MS}
    fence = tx.execute(_ACQUIRE, asked | {"now": now, "far": now + LONGEST_MS}).scalar_one_or_none()
    return None if fence is None else Lease(conversation_id, int(fence))


def run_out(now: int) -> ColumnElement[bool]:
    """Whether a conversation's lease has ended, as a condition."""
    return or_(conversations.c.lease_until < now, conversations.c.lease_until > now + LONGEST_MS)


def renew(tx: Connection, lease: Lease, now: int) -> bool:
    """Prolong; False when somebody else took over meanwhile."""
    asked = {"conversation": lease.conversation_id, "fence": lease.fence, "until": now + LEASE_MS}
    return tx.execute(_RENEW, asked).rowcount == 1


def release(tx: Connection, lease: Lease) -> bool:
    """Give it back; False when somebody else took over meanwhile."""
    return tx.execute(_RELEASE, {"conversation": lease.conversation_id, "fence": lease.fence}).rowcount == 1
