"""A door looks for everybody who listens at it: what another door or a command changed is heard within one look."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Connection, delete, insert, update

from tactful.chat.bell import Bell
from tactful.chat.watching import AT_ONCE, Watch
from tactful.errors import StoreUnavailable
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import conversations, messages

MANY = 2 * AT_ONCE + 3


@pytest.fixture
def talks(database: Database, ring: KeyRing) -> list[str]:
    """Conversations of one customer, more than fit into one statement; the last one is listened to by nobody."""
    with database.begin() as tx:
        subject = subjects.create(tx, ring, now=1)
        ids = [f"{number:032x}" for number in range(MANY + 1)]
        tx.execute(
            insert(conversations),
            [{"id": each, "subject_id": subject, "created_at": 1, "expires_at": 9} for each in ids],
        )
    return ids


class Listening:
    """A door with a listener to each conversation but the last."""

    def __init__(self, database: Database, talks: list[str]) -> None:
        self.bell = Bell()
        self.watch = Watch(database, self.bell)
        self._stack = ExitStack()
        self._heard = {each: self._stack.enter_context(self.bell.listening(each)) for each in talks[:-1]}

    def look(self) -> set[str]:
        """Who is woken by one look."""
        for event in self._heard.values():
            event.clear()
        asyncio.run(self.watch.look())
        return {each for each, event in self._heard.items() if event.is_set()}

    def leave(self) -> None:
        self._stack.close()


@pytest.fixture
def door(database: Database, talks: list[str]) -> Iterator[Listening]:
    """It has looked once: who has just begun to listen is woken to see for himself."""
    listening = Listening(database, talks)
    assert listening.look() == set(talks[:-1])
    yield listening
    listening.leave()


def message(talk: str, seq: int, status: str) -> Callable[[Connection], object]:
    row = {"conversation_id": talk, "seq": seq, "author": "customer", "kind": "text", "status": status, "created_at": 1}
    return lambda tx: tx.execute(insert(messages), [row])


def set_to(talk: str, **columns: object) -> Callable[[Connection], object]:
    return lambda tx: tx.execute(update(conversations).where(conversations.c.id == talk).values(**columns))


def test_nothing_new_wakes_nobody(door: Listening) -> None:
    assert door.look() == set()


def test_what_another_door_changed_is_heard_by_whom_it_concerns_alone(
    door: Listening, database: Database, talks: list[str]
) -> None:
    first, amid, last = talks[0], talks[AT_ONCE], talks[MANY - 1]
    changes = (
        (first, message(first, 1, "pending")),  # it waits: the engine is at it, or down
        (first, lambda tx: tx.execute(update(messages).values(attempts=3))),
        (amid, set_to(amid, next_seq=4)),  # a reply
        (last, set_to(last, state="waiting")),  # for a person
        (last, set_to(last, state="closed")),
    )
    for talk, change in changes:
        with database.begin() as tx:
            change(tx)
        assert door.look() == {talk}
        assert door.look() == set(), "once for each change"
    with database.begin() as tx:
        set_to(talks[-1], next_seq=9)(tx)
    assert door.look() == set(), "nobody listens to it here"


def test_while_a_person_has_it_every_look_wakes_its_customer(
    door: Listening, database: Database, talks: list[str]
) -> None:
    """How long a person types is told by the clock, not by a row."""
    with database.begin() as tx:
        set_to(talks[7], state="agent")(tx)
    assert [door.look(), door.look()] == [{talks[7]}] * 2


def test_a_conversation_that_was_erased_is_heard_of_once(door: Listening, database: Database, talks: list[str]) -> None:
    with database.begin() as tx:
        tx.execute(delete(conversations).where(conversations.c.id == talks[AT_ONCE + 1]))
    assert door.look() == {talks[AT_ONCE + 1]}
    assert door.look() == set()


def test_without_a_database_everybody_is_woken_and_then_only_whom_it_concerns(
    door: Listening, database: Database, talks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def away() -> Iterator[Connection]:
        raise StoreUnavailable
        yield

    with monkeypatch.context() as without:
        without.setattr(database, "read", away)
        assert door.look() == set(talks[:-1])
        assert door.look() == set(talks[:-1])
    with database.begin() as tx:
        set_to(talks[3], next_seq=2)(tx)
    assert door.look() == {talks[3]}


def test_who_listens_again_is_woken_again(door: Listening, talks: list[str]) -> None:
    """What changed while nobody listened is not taken for known."""
    door.leave()
    assert door.look() == set()
    with door.bell.listening(talks[0]) as heard:
        asyncio.run(door.watch.look())
        assert heard.is_set()


def test_it_looks_by_itself_until_it_is_cancelled(
    database: Database, talks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tactful.chat.bell.LOOK_S", 0.02)
    bell = Bell()

    async def story() -> None:
        watching = asyncio.create_task(Watch(database, bell).run())
        with bell.listening(talks[0]) as heard:
            await asyncio.wait_for(heard.wait(), 30)  # the first look
            heard.clear()
            with database.begin() as tx:
                set_to(talks[0], next_seq=2)(tx)
            await asyncio.wait_for(heard.wait(), 30)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching

    asyncio.run(story())
