"""The engine's copies change between two turns; what cannot be done now is done later, and is said."""

import time

from tactful.chat import leases
from tactful.console.missed.marking import Missed
from tactful.console.missed.parts import Parts
from tactful.console.missed.settling import Settling
from tests.conftest import Clock
from tests.console.missed.conftest import House
from tests.console.missed.test_marking import NAME, mark


def test_while_an_answer_is_under_way_the_engines_copy_waits_and_the_message_does_not(
    parts: Parts, house: House
) -> None:
    conversation = house.conversation(house.customer(), NAME)
    with parts.database.begin() as tx:
        lease = leases.acquire(tx, conversation, "door", parts.clock())
    missed = Missed(parts, patience_s=0.1)
    before = time.monotonic()
    correction = mark(missed, house, conversation)
    assert time.monotonic() - before < 5
    assert house.text(conversation) == "PERSON_1"
    assert not correction.settled
    assert NAME in str(house.engines(conversation))
    with parts.database.begin() as tx:
        assert lease
        assert leases.release(tx, lease)
    assert Settling(parts).settle_all() == 1
    assert NAME not in str(house.engines(conversation))
    assert Settling(parts).settle_all() == 0


def test_no_turn_begins_meanwhile_and_the_next_one_can(
    parts: Parts, missed: Missed, house: House, clock: Clock
) -> None:
    conversation = house.conversation(house.customer(), NAME)
    mark(missed, house, conversation)
    with parts.database.begin() as tx:
        assert leases.acquire(tx, conversation, "door", clock())


def test_only_the_marked_turn_changes_until_the_mark_is_spread(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), NAME, f"again {NAME}")
    correction = mark(missed, house, conversation)
    first, second = house.engines(conversation)[:2], house.engines(conversation)[2:]
    assert NAME not in str(first)
    assert NAME in str(second)
    missed.spread("a" * 32, correction.id, "customer")
    assert NAME not in str(house.engines(conversation))
