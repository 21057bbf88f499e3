"""One turn at a time, whoever serves it."""

from sqlalchemy import select

from tactful.chat.leases import LEASE_MS, LONGEST_MS, acquire, release, renew
from tactful.profile.rights.erasure import LONGEST_HOLD_MS
from tactful.store.tables import conversations
from tests.chat.conftest import Chat


def test_only_one_holds_a_conversation(chat: Chat) -> None:
    with chat.database.begin() as tx:
        assert acquire(tx, chat.session.conversation_id, "one", 1000)
        assert acquire(tx, chat.session.conversation_id, "two", 1000) is None


def test_a_released_conversation_can_be_taken(chat: Chat) -> None:
    with chat.database.begin() as tx:
        first = acquire(tx, chat.session.conversation_id, "one", 1000)
        assert first
        assert release(tx, first)
        second = acquire(tx, chat.session.conversation_id, "two", 1000)
    assert second
    assert second.fence > first.fence


def test_who_lost_the_lease_can_neither_prolong_nor_release_it(chat: Chat) -> None:
    with chat.database.begin() as tx:
        late = acquire(tx, chat.session.conversation_id, "one", 1000)
        assert late
        taken = acquire(tx, chat.session.conversation_id, "two", 1000 + LEASE_MS + 1)
        assert taken
        assert not renew(tx, late, 1000 + LEASE_MS + 2)
        assert not release(tx, late)
        holder = tx.execute(
            select(conversations.c.lease_owner).where(conversations.c.id == chat.session.conversation_id)
        ).scalar_one()
    assert holder == "two"


def test_a_prolonged_lease_is_not_taken(chat: Chat) -> None:
    with chat.database.begin() as tx:
        lease = acquire(tx, chat.session.conversation_id, "one", 1000)
        assert lease
        assert renew(tx, lease, 1000 + LEASE_MS)
        assert acquire(tx, chat.session.conversation_id, "two", 1000 + LEASE_MS + 1) is None


def test_a_lease_from_before_the_clock_was_put_back_holds_nobody_up(chat: Chat) -> None:
    """A door died while its clock was an hour ahead: nobody waits for that hour."""
    hour = 3_600_000
    with chat.database.begin() as tx:
        assert acquire(tx, chat.session.conversation_id, "dead", 1000 + hour)
        assert acquire(tx, chat.session.conversation_id, "next", 1000)


def test_nobody_holds_a_conversation_for_longer_than_is_believed() -> None:
    assert max(LEASE_MS, LONGEST_HOLD_MS) < LONGEST_MS
