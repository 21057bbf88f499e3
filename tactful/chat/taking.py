"""Taking up a message: under the lease of its conversation, one at a time, the oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, func, select, update

from tactful.chat import leases
from tactful.chat.leases import Lease
from tactful.store.database import Database
from tactful.store.tables import PENDING, conversations, messages

# Asked twice in every turn: building a statement costs as much as running it.
_NEXT = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("conversation"), messages.c.status == PENDING)
    .order_by(messages.c.seq)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Work:
    """A message to answer, and the lease under which it may be answered."""

    lease: Lease
    message: RowMapping

    @property
    def id(self) -> str:
        """What the engine knows the message by."""
        return f"{self.lease.conversation_id}:{self.message['seq']}"

    @property
    def forced(self) -> str | None:
        forced: str | None = self.message["forced"]
        return forced

    @property
    def is_event(self) -> bool:
        return bool(self.message["kind"] == "event")


class Taking:
    """One door's, as `owner`. Everything here asks the database."""

    def __init__(self, database: Database, clock: Callable[[], int], owner: str) -> None:
        self._database, self._clock, self._owner = database, clock, owner
        self.closing = False  # from then on nothing more is taken up

    def take(self, conversation_id: str) -> Work | None:
        """What is to be answered in a conversation; None when there is nothing, or somebody else is at it."""
        with self._database.begin() as tx:
            return self.take_in(tx, conversation_id)

    def take_in(self, tx: Connection, conversation_id: str) -> Work | None:
        """The same within the caller's transaction: what it does stands or falls with it."""
        lease = leases.acquire(tx, conversation_id, self._owner, self._clock())
        return self.following(tx, lease) if lease else None

    def following(self, tx: Connection, lease: Lease) -> Work | None:
        """What is to be answered next under this lease, which ends if there is nothing."""
        row = tx.execute(_NEXT, {"conversation": lease.conversation_id}).mappings().first()
        if row is None or self.closing:
            leases.release(tx, lease)
            return None
        return Work(lease, row)

    def renew(self, lease: Lease) -> bool:
        """Prolong; False when somebody else took over meanwhile."""
        with self._database.begin() as tx:
            return leases.renew(tx, lease, self._clock())

    def release(self, lease: Lease) -> None:
        with self._database.begin() as tx:
            leases.release(tx, lease)

    def put_off(self, work: Work) -> None:
        """Count an attempt that came to nothing, and let the conversation go."""
        with self._database.begin() as tx:
            if leases.release(tx, work.lease):
                tx.execute(
                    update(messages)
                    .where(
                        messages.c.conversation_id == work.lease.conversation_id,
                        messages.c.seq == work.message["seq"],
                    )
                    .values(attempts=messages.c.attempts + 1)
                )

    def unanswered(self) -> Sequence[str]:
        """Conversations in which something waits and nobody is at it, the longest waiting first."""
        with self._database.read() as tx:
            return list(
                tx.execute(
                    select(messages.c.conversation_id)
                    .join(conversations, conversations.c.id == messages.c.conversation_id)
                    .where(
                        messages.c.status == PENDING,
                        leases.run_out(self._clock()),
                        conversations.c.state != "agent",
                    )
                    .group_by(messages.c.conversation_id)
                    .order_by(func.min(messages.c.created_at))
                    .limit(1000)
                ).scalars()
            )
