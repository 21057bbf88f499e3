"""Words hidden for nothing are readable again; what might be somebody's takes a second person."""

import pytest

from tactful.console.missed.freeing import NotPersonal
from tactful.console.missed.marking import Missed
from tactful.console.missed.undoing import Undoing
from tactful.errors import BadRequest, Conflict, NotAllowed, NotFound
from tests.conftest import Clock
from tests.console.missed.conftest import COLLEAGUE, REVIEWER, House
from tests.console.missed.test_marking import NAME, mark

HARMLESS = {"PERSON_1": ("PERSON", "Grace Period")}
TEXTS = ("the PERSON_1 ends, says PERSON_10", {"text": "PERSON_1, then.", "author": "bot", "reply_to": 1})


def test_ordinary_words_are_readable_again_at_once_in_every_copy(not_personal: NotPersonal, house: House) -> None:
    conversation = house.conversation(house.customer(), *TEXTS, values=HARMLESS)
    done = not_personal.free(REVIEWER, conversation, "PERSON_1", "customer")
    assert (done.state, done.settled) == ("here", True)
    assert house.text(conversation) == "the Grace Period ends, says PERSON_10"
    assert house.text(conversation, 2) == "Grace Period, then."
    assert "the Grace Period ends" in str(house.engines(conversation))
    assert house.parts.listed.current().kinds_kept("grace  period", done.subject_id) == {"PERSON"}
    assert house.parts.listed.current().kinds_kept("grace period") == set()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("PERSON", NAME), ("PERSON", "Anna Berg"), ("PERSON", "Ana"), ("PERSON", "Grace"),
        ("PERSON", "Mark May"), ("EMAIL_ADDRESS", "grace period"), ("BOOKING_ID", "8497RT"),
        ("CREDIT_CARD", "4242 4242 4242 4242"), ("IBAN_CODE", "GB33BUKB20201555555555"), ("USERNAME", "grace_1"),
        ("SECRET", "period"),
    ],
)  # fmt: skip
def test_what_might_be_somebodys_waits_for_a_second_person(
    not_personal: NotPersonal, house: House, kind: str, value: str
) -> None:
    conversation = house.conversation(house.customer(), f"it is {kind}_1", values={f"{kind}_1": (kind, value)})
    asked = not_personal.free(REVIEWER, conversation, f"{kind}_1", "everyone")
    assert asked.state == "waiting"
    assert house.text(conversation) == f"it is {kind}_1"
    assert house.parts.listed.current().kinds_kept(value) == set()
    with pytest.raises(Conflict):
        not_personal.free(COLLEAGUE, conversation, f"{kind}_1", "everyone")
    with pytest.raises(NotAllowed):
        not_personal.agree(REVIEWER, asked.id)
    assert house.text(conversation) == f"it is {kind}_1"
    assert not_personal.agree(COLLEAGUE, asked.id).state == "here"
    assert house.text(conversation) == f"it is {value}"
    assert house.parts.listed.current().kinds_kept(value) == {kind}


def test_a_no_leaves_it_hidden(not_personal: NotPersonal, house: House) -> None:
    conversation = house.conversation(house.customer(), "it is PERSON_1", values={"PERSON_1": ("PERSON", NAME)})
    asked = not_personal.free(REVIEWER, conversation, "PERSON_1", "customer")
    assert not_personal.refuse(COLLEAGUE, asked.id).state == "refused"
    with pytest.raises(Conflict):
        not_personal.agree(COLLEAGUE, asked.id)
    assert house.text(conversation) == "it is PERSON_1"


def test_undone_it_is_hidden_again_exactly_as_before(not_personal: NotPersonal, undoing: Undoing, house: House) -> None:
    conversation = house.conversation(house.customer(), *TEXTS, values=HARMLESS)
    before = house.engines(conversation)
    undoing.undo(REVIEWER, not_personal.free(REVIEWER, conversation, "PERSON_1", "everyone").id)
    assert [house.text(conversation, seq) for seq in (1, 2)] == [TEXTS[0], "PERSON_1, then."]
    assert house.engines(conversation) == before
    assert house.parts.listed.current().kinds_kept("grace period") == set()


def test_words_that_look_like_a_placeholder_stay_hidden(not_personal: NotPersonal, house: House) -> None:
    values = {"LITERAL_1": ("LITERAL", "PERSON_2"), "USERNAME_1": ("USERNAME", "PERSON_2")}
    conversation = house.conversation(house.customer(), "LITERAL_1 USERNAME_1", values=values)
    for placeholder in values:
        with pytest.raises(BadRequest):
            not_personal.free(REVIEWER, conversation, placeholder, "customer")


def test_what_was_marked_by_hand_is_undone_instead(missed: Missed, not_personal: NotPersonal, house: House) -> None:
    conversation = house.conversation(house.customer(), "grace period")
    correction = mark(missed, house, conversation, "grace")
    with pytest.raises(Conflict, match="Undo"):
        not_personal.free(REVIEWER, conversation, correction.placeholder, "customer")


def test_what_is_gone_or_may_not_be_seen_cannot_be_freed(not_personal: NotPersonal, house: House, clock: Clock) -> None:
    unseen = house.conversation(house.customer(reviewed=False), *TEXTS, values=HARMLESS)
    with pytest.raises(NotFound):
        not_personal.free(REVIEWER, unseen, "PERSON_1", "customer")
    conversation = house.conversation(house.customer(), *TEXTS, values=HARMLESS)
    clock.forward(days=91)
    with pytest.raises(Conflict, match="end date"):
        not_personal.free(REVIEWER, conversation, "PERSON_1", "customer")


def test_what_markdown_would_read_is_never_put_into_the_bots_words(not_personal: NotPersonal, house: House) -> None:
    values = {"PERSON_1": ("PERSON", "[grace](//period)")}
    conversation = house.conversation(house.customer(), *TEXTS, values=values)
    not_personal.agree(COLLEAGUE, not_personal.free(REVIEWER, conversation, "PERSON_1", "customer").id)
    assert house.text(conversation).startswith("the [grace](//period) ends")
    assert house.text(conversation, 2) == "PERSON_1, then."
