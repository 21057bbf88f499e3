"""What the detector missed is hidden where it is seen and wherever it stands; its customer sees no difference."""

import pytest
from sqlalchemy import insert, select

from tactful.console.missed.marking import Missed
from tactful.errors import BadRequest, NotFound
from tactful.privacy.policy import Policy
from tactful.profile import facts
from tactful.profile.facts import Writing
from tactful.store.audit import Act
from tactful.store.leak_values import Value
from tactful.store.leakscan import Scan
from tactful.store.tables import audit, messages, outbox, vault
from tests.console.missed.conftest import REVIEWER, House

NAME = "Quimbleton"


def mark(missed: Missed, house: House, conversation: str, words: str = NAME, kind: str = "PERSON", seq: int = 1):
    return missed.mark(REVIEWER, conversation, seq, *house.place(conversation, words, seq), kind)


def test_the_words_are_hidden_in_their_message_at_once_and_the_customer_reads_what_they_wrote(
    missed: Missed, house: House
) -> None:
    said = "hi, old quimbleton here. Quimbleton's bag is lost 🧳"
    conversation = house.conversation(house.customer(), said)
    done = mark(missed, house, conversation)
    assert house.text(conversation) == "hi, old PERSON_1 here. PERSON_1's bag is lost 🧳"
    assert house.seen(conversation).casefold() == said.casefold()
    assert (done.placeholder, done.places, done.settled) == ("PERSON_1", 2, True)
    assert NAME not in str(house.engines(conversation)) + repr(done)


def test_offsets_are_code_points(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), "👩‍🚀🧳 Quimbleton")
    mark(missed, house, conversation)
    assert house.text(conversation) == "👩‍🚀🧳 PERSON_1"


def test_the_value_gets_the_placeholder_that_the_conversation_already_gave_it(missed: Missed, house: House) -> None:
    conversation = house.conversation(
        house.customer(), "PERSON_1 and Ana and quimbleton", values={"PERSON_1": ("PERSON", NAME)}
    )
    assert mark(missed, house, conversation, "quimbleton").placeholder == "PERSON_1"
    assert mark(missed, house, conversation, "Ana").placeholder == "PERSON_2"
    assert house.text(conversation) == "PERSON_1 and PERSON_2 and PERSON_1"


def test_a_value_that_stands_inside_of_a_word_becomes_a_word_of_its_own(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), "nameQuimbleton_ok")
    mark(missed, house, conversation)
    assert house.text(conversation) == "name PERSON_1 _ok"
    assert NAME in house.seen(conversation)


@pytest.mark.parametrize("words", ["PERSON_1", "is PERSON_1", ", ", "ON_1 and"])
def test_what_is_hidden_already_and_bare_signs_cannot_be_marked(missed: Missed, house: House, words: str) -> None:
    conversation = house.conversation(
        house.customer(), "it is PERSON_1 and, well", values={"PERSON_1": ("PERSON", NAME)}
    )
    with pytest.raises(BadRequest):
        mark(missed, house, conversation, words)


@pytest.mark.parametrize("kind", ["LOCATION", "LITERAL", "NOTHING"])
def test_only_kinds_that_are_hidden_can_be_chosen(missed: Missed, house: House, kind: str) -> None:
    conversation = house.conversation(house.customer(), NAME)
    with pytest.raises(BadRequest):
        missed.mark(REVIEWER, conversation, 1, 0, 3, kind)


def test_what_may_not_be_seen_looks_as_if_it_were_not_there(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(reviewed=False), NAME)
    for which, seq in ((conversation, 1), (conversation, 9), ("f" * 32, 1)):
        with pytest.raises(NotFound):
            missed.mark(REVIEWER, which, seq, 0, 3, "PERSON")


def test_the_preview_names_what_may_be_seen_and_counts_the_rest(missed: Missed, house: House) -> None:
    ours, theirs, unseen = house.customer(), house.customer(), house.customer(reviewed=False)
    first = house.conversation(ours, NAME, f"it is {NAME.upper()} again, {NAME}")
    second = house.conversation(ours, f"dear {NAME}")
    third = house.conversation(theirs, f"I met {NAME}, {NAME}")
    house.conversation(unseen, f"{NAME} told me", "Quimbletonshire is no match")
    correction = mark(missed, house, first)
    preview = missed.preview(correction.id)
    assert preview.here == 2
    assert [(f.conversation_id, f.places, f.same_customer) for f in preview.seen] == [
        (second, 1, True),
        (third, 2, False),
    ]
    assert (preview.unseen_conversations, preview.unseen_places, preview.places) == (1, 1, 6)
    only_theirs = missed.preview(correction.id, "customer")
    assert [f.conversation_id for f in only_theirs.seen] == [second]
    assert only_theirs.unseen_places == 0


def test_it_is_hidden_wherever_it_stands_under_each_customers_own_key(missed: Missed, house: House) -> None:
    ours, theirs, unseen = house.customer(), house.customer(), house.customer(reviewed=False)
    first = house.conversation(ours, NAME, f"again {NAME}")
    second = house.conversation(theirs, f"PERSON_1 met {NAME}", values={"PERSON_1": ("PERSON", "Ben")})
    third = house.conversation(unseen, f"{NAME} told me")
    left = house.conversation(theirs, f"the {NAME} of old")
    correction = mark(missed, house, first)
    done = missed.spread(REVIEWER, correction.id, "everyone", [left])
    assert [house.text(first, 2), house.text(second), house.text(third)] == [
        "again PERSON_1", "PERSON_1 met PERSON_2", "PERSON_1 told me",
    ]  # fmt: skip
    assert house.text(left) == f"the {NAME} of old"
    assert (done.state, done.settled) == ("everywhere", True)
    assert house.seen(second) == f"Ben met {NAME}"
    with house.parts.database.read() as tx:
        whose = dict(
            tx.execute(
                select(vault.c.conversation_id, vault.c.subject_id).where(vault.c.conversation_id != second)
            ).all()
        )
    assert whose == {first: ours, third: unseen}


def everything_said(missed: Missed, house: House, policy: Policy) -> str:
    """A conversation in which the value stands in every place; its id."""
    subject = house.customer()
    conversation = house.conversation(
        subject,
        f"mail {NAME}",
        {
            "text": f"Shall I write to {NAME}?",
            "author": "bot",
            "forced": None,
            "buttons": [{"id": "b1", "title": f"Yes, {NAME}", "payload": f'/inform{{"who": "{NAME}"}}'}],
            "cards": [{"id": "c1", "reasons": [f"{NAME} likes it"], "button": None}],
            "reply_to": 1,
        },
        {"text": f"Yes, {NAME}", "kind": "choice", "forced": f'/inform{{"who": "{NAME}"}}'},
    )
    with house.parts.database.begin() as tx:
        payload = {"summary": f"about {NAME.lower()}"}
        tx.execute(insert(outbox).values(conversation_id=conversation, kind="x", payload=payload, created_at=1))
        writing = Writing("told", house.parts.clock(), conversation)
        facts.apply(tx, house.parts.cipher, policy, subject, {"home": NAME, "pace": "relaxed"}, writing)
    return conversation


def scanned(house: House) -> set[str]:
    return {found.where for found in Scan([Value(1, NAME)]).installation(house.settings).findings}


def test_a_marked_value_is_found_in_no_store_afterwards(missed: Missed, house: House, policy: Policy) -> None:
    conversation = everything_said(missed, house, policy)
    assert len(scanned(house)) > 5
    correction = mark(missed, house, conversation)
    missed.spread(REVIEWER, correction.id, "everyone")
    assert scanned(house) == set()
    with house.parts.database.read() as tx:
        held, _ = facts.load_all(tx, house.parts.cipher, correction.subject_id, house.parts.clock())
        assert set(held) == {"pace"}
        forced = tx.execute(select(messages.c.forced).where(messages.c.forced.is_not(None))).scalar_one()
    assert forced == '/inform{"who": "PERSON_1"}'
    assert [event.get("value") for event in house.engines(conversation)][1::2][:1] == ["mail PERSON_1"]


def test_it_is_audited_without_a_value(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), f"{NAME} and {NAME}")
    missed.spread(REVIEWER, mark(missed, house, conversation).id, "customer")
    with house.parts.database.read() as tx:
        acts = tx.execute(select(audit.c.act, audit.c.object_id, audit.c.fields).order_by(audit.c.seq)).all()
    assert [(row.act, row.fields) for row in acts] == [
        (Act.MISSED_MARKED, "PERSON=2"), (Act.MISSED_SPREAD, "PERSON=0"),
    ]  # fmt: skip
    assert {row.object_id for row in acts} == {conversation}


def test_what_says_too_little_is_hidden_where_it_was_marked_and_nowhere_else(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), "I am Bo", "Bo again")
    correction = mark(missed, house, conversation, "Bo")
    assert missed.preview(correction.id).too_short
    missed.spread(REVIEWER, correction.id, "everyone")
    assert (house.text(conversation), house.text(conversation, 2)) == ("I am PERSON_1", "Bo again")


def test_an_ordinary_word_is_learned_for_its_customer_alone_unless_it_is_said_otherwise(
    missed: Missed, house: House
) -> None:
    conversation = house.conversation(house.customer(), "grace is my name")
    correction = mark(missed, house, conversation, "grace")
    assert (correction.scope, missed.preview(correction.id).ordinary) == ("customer", True)
    house.conversation(house.customer(), "a period of grace")
    assert missed.preview(correction.id).places == 0
    assert missed.preview(correction.id, "everyone").places == 1


def test_numbers_are_found_however_they_are_spaced_and_in_full_width(missed: Missed, house: House) -> None:
    other = house.customer()
    conversation = house.conversation(house.customer(), "it is 8497 RT")
    spaced, wide = house.conversation(other, "8497-rt please"), house.conversation(other, "８４９７ＲＴ")
    missed.spread(REVIEWER, mark(missed, house, conversation, "8497 RT", "BOOKING_ID").id, "everyone")
    assert (house.text(spaced), house.text(wide)) == ("BOOKING_ID_1 please", "BOOKING_ID_1")
