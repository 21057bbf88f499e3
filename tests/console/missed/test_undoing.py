"""A correction that is undone leaves everything exactly as it was, or nothing is changed."""

from typing import Any

import pytest
from sqlalchemy import select

from tactful.console.missed import cases
from tactful.console.missed.marking import Missed
from tactful.console.missed.undoing import Undoing
from tactful.errors import Conflict
from tactful.privacy.policy import Policy
from tactful.profile import facts
from tactful.store.tables import audit, correction_changes, messages, outbox, vault
from tests.conftest import Clock
from tests.console.missed.conftest import COLLEAGUE, REVIEWER, House
from tests.console.missed.test_marking import NAME, everything_said, mark


def kept(house: House, conversation: str) -> Any:
    """Everything that is kept of a conversation and its customer's facts."""
    with house.parts.database.read() as tx:
        rows = sorted(repr(tuple(row)) for table in (messages, outbox, vault) for row in tx.execute(select(table)))
        subject = tx.execute(select(vault.c.subject_id)).scalars().first()
        held = facts.load_all(tx, house.parts.cipher, subject, house.parts.clock()) if subject else None
    return rows, held, house.engines(conversation)


def test_everything_is_exactly_as_before(missed: Missed, undoing: Undoing, house: House, policy: Policy) -> None:
    conversation = everything_said(missed, house, policy)
    other = house.conversation(house.customer(), f"dear {NAME.upper()}", f"Yours, {NAME}")
    before, others = kept(house, conversation), kept(house, other)
    correction = mark(missed, house, conversation)
    missed.spread(REVIEWER, correction.id, "everyone")
    assert kept(house, conversation) != before
    undone = undoing.undo(COLLEAGUE, correction.id)
    assert kept(house, conversation) == before
    assert kept(house, other) == others
    assert (undone.state, undone.undone_by, undone.settled) == ("undone", COLLEAGUE, True)
    with house.parts.database.read() as tx:
        assert tx.execute(select(correction_changes)).all() == []
        assert tx.execute(select(audit.c.act)).scalars().all()[-1] == "correction.undone"
    assert list(house.parts.listed.current().find(NAME)) == []
    assert list(cases.exported(house.parts.database)) == []


def test_of_two_marks_in_one_message_the_later_one_is_undone_first(
    missed: Missed, undoing: Undoing, house: House
) -> None:
    conversation = house.conversation(house.customer(), f"{NAME} of Elmhurst")
    first = mark(missed, house, conversation)
    second = mark(missed, house, conversation, "Elmhurst")
    with pytest.raises(Conflict, match="later"):
        undoing.undo(REVIEWER, first.id)
    assert house.text(conversation) == "PERSON_1 of PERSON_2"
    undoing.undo(REVIEWER, second.id)
    undoing.undo(REVIEWER, first.id)
    assert house.text(conversation) == f"{NAME} of Elmhurst"


def test_it_cannot_be_undone_twice_nor_once_the_value_is_gone(
    missed: Missed, undoing: Undoing, house: House, clock: Clock
) -> None:
    conversation = house.conversation(house.customer(), f"{NAME}, 4242")
    first = mark(missed, house, conversation)
    undoing.undo(REVIEWER, first.id)
    with pytest.raises(Conflict, match="already"):
        undoing.undo(REVIEWER, first.id)
    late = mark(missed, house, conversation)
    clock.forward(days=91)
    for act in (lambda: undoing.undo(REVIEWER, late.id), lambda: missed.preview(late.id)):
        with pytest.raises(Conflict, match="end date"):
            act()
    assert house.text(conversation) == "PERSON_1, 4242"


def test_a_placeholder_that_newer_words_stand_for_stays_in_the_vault(
    missed: Missed, undoing: Undoing, house: House
) -> None:
    conversation = house.conversation(house.customer(), NAME, "so says PERSON_1")
    correction = mark(missed, house, conversation)
    undoing.undo(REVIEWER, correction.id)
    assert house.text(conversation) == NAME
    assert house.seen(conversation, 2) == f"so says {NAME}"
