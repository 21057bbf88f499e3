"""What one door's reviewer teaches, every other door knows at its next message."""

import pytest
from sqlalchemy import delete, select

from tactful.console.missed.marking import Missed
from tactful.console.missed.undoing import Undoing
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.listed import ListedValues
from tactful.store.tables import conversations, listed_values
from tests.console.missed.conftest import REVIEWER, House
from tests.console.missed.test_marking import NAME, mark


@pytest.fixture
def other_door(url: str, database: Database, ring: KeyRing) -> ListedValues:
    return ListedValues(Database(url), ring)


def finds(listed: ListedValues, whose: str = "") -> bool:
    return bool(list(listed.current().find(f"so {NAME} said", whose)))


def test_a_change_is_known_at_once_and_so_is_its_end(
    missed: Missed,
    undoing: Undoing,
    house: House,
    other_door: ListedValues,
) -> None:
    assert not finds(other_door)
    first = mark(missed, house, house.conversation(house.customer(), NAME))
    assert finds(other_door)
    undoing.undo(REVIEWER, first.id)
    assert not finds(other_door)
    conversation = house.conversation(house.customer(), NAME)
    second = mark(missed, house, conversation)
    missed.spread(REVIEWER, second.id, "customer")
    assert finds(other_door, second.subject_id)
    assert not finds(other_door)
    with house.parts.database.begin() as tx:
        tx.execute(delete(conversations).where(conversations.c.id == conversation))
    assert not finds(other_door, second.subject_id)


def test_unchanged_lists_are_not_read_again(missed: Missed, house: House, other_door: ListedValues) -> None:
    mark(missed, house, house.conversation(house.customer(), NAME))
    assert other_door.current() is other_door.current()


def test_only_digests_are_stored(missed: Missed, house: House) -> None:
    mark(missed, house, house.conversation(house.customer(), NAME))
    with house.parts.database.read() as tx:
        row = tx.execute(select(listed_values)).one()
    assert len(bytes(row.digest)) == 16
    assert NAME.casefold() not in repr(tuple(row)).casefold()
