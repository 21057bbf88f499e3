"""A hidden value is seen by who gave a reason, with a second person's yes, for minutes; its customer is told."""

import pytest
from sqlalchemy import select, update

from tactful.console.missed.parts import Parts
from tactful.console.reveals import Reveal, Reveals
from tactful.errors import BadRequest, Conflict, NotAllowed, NotFound, TactfulError
from tactful.privacy.placeholders import Redaction
from tactful.profile import consent
from tactful.profile.rights.parts import human_reads
from tactful.profile.signing import Signer
from tactful.store.tables import audit, subjects
from tests.conftest import Clock
from tests.console.missed.conftest import COLLEAGUE, REVIEWER, House
from tests.console.missed.test_marking import NAME

WHY = Redaction("PERSON_1 cannot be reached", [], [])


@pytest.fixture
def reveals(parts: Parts) -> Reveals:
    return Reveals(parts.database, parts.vault, parts.policy, parts.audit, parts.clock, minutes=10)


@pytest.fixture
def conversation(house: House) -> str:
    return house.conversation(house.customer(), "it is PERSON_1", values={"PERSON_1": ("PERSON", NAME)})


def asked(reveals: Reveals, conversation: str) -> Reveal:
    return reveals.ask(REVIEWER, conversation, "PERSON_1", "support", WHY)


def granted(reveals: Reveals, conversation: str) -> Reveal:
    return reveals.decide(COLLEAGUE, asked(reveals, conversation).id, yes=True)


def test_with_a_reason_and_a_second_persons_yes_who_asked_sees_it_until_the_time_is_over(
    reveals: Reveals, conversation: str, clock: Clock
) -> None:
    yes = granted(reveals, conversation)
    clock.forward(seconds=590)
    shown = reveals.look(REVIEWER, yes.id)
    assert (shown.value, shown.seconds, shown.reveal.looks) == (NAME, 10, 1)
    assert NAME not in repr(shown)
    clock.forward(seconds=10)
    with pytest.raises(Conflict, match="over"):
        reveals.look(REVIEWER, yes.id)


def test_nobody_agrees_with_themselves_and_nobody_else_looks(reveals: Reveals, conversation: str) -> None:
    question = asked(reveals, conversation)
    with pytest.raises(NotAllowed):
        reveals.decide(REVIEWER, question.id, yes=True)
    with pytest.raises(Conflict, match="agreed"):
        reveals.look(REVIEWER, question.id)
    reveals.decide(COLLEAGUE, question.id, yes=True)
    with pytest.raises(NotFound):
        reveals.look(COLLEAGUE, question.id)


@pytest.mark.parametrize("who", [COLLEAGUE, REVIEWER])
def test_a_no_is_a_no_and_ones_own_question_can_be_taken_back(reveals: Reveals, conversation: str, who: str) -> None:
    question = asked(reveals, conversation)
    assert reveals.decide(who, question.id, yes=False).state == "refused"
    for act in (lambda: reveals.decide(COLLEAGUE, question.id, yes=True), lambda: reveals.look(REVIEWER, question.id)):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize(("reason", "note"), [("curiosity", WHY), ("support", Redaction("  ", [], []))])
def test_without_a_reason_and_words_nothing_is_asked(
    reveals: Reveals, conversation: str, reason: str, note: Redaction
) -> None:
    with pytest.raises(BadRequest):
        reveals.ask(REVIEWER, conversation, "PERSON_1", reason, note)
    assert reveals.latest() == []


def test_a_question_lapses_and_is_not_asked_twice_meanwhile(reveals: Reveals, conversation: str, clock: Clock) -> None:
    question = asked(reveals, conversation)
    with pytest.raises(Conflict, match="already"):
        asked(reveals, conversation)
    clock.forward(seconds=8 * 3600)
    with pytest.raises(Conflict, match="over"):
        reveals.decide(COLLEAGUE, question.id, yes=True)
    asked(reveals, conversation)


@pytest.mark.parametrize("what", ["expired", "restricted", "refused", "erasing"])
def test_what_may_no_longer_be_seen_is_not_shown_at_any_step(
    reveals: Reveals, parts: Parts, house: House, conversation: str, clock: Clock, what: str
) -> None:
    question = asked(reveals, conversation)
    other = house.conversation(question.subject_id, "and PERSON_1", values={"PERSON_1": ("PERSON", NAME)})
    yes = granted(reveals, other)
    with parts.database.begin() as tx:
        if what == "restricted":
            tx.execute(update(subjects).values(restricted=True))
        if what == "erasing":
            tx.execute(update(subjects).values(erasing_at=1))
        if what == "refused":
            signer = Signer(bytes(range(32)))
            consent.put(
                tx, yes.subject_id, "human_review", False, policy=parts.policy, signer=signer, now=parts.clock()
            )
    if what == "expired":
        clock.forward(days=91)
    for act in (
        lambda: reveals.look(REVIEWER, yes.id),
        lambda: reveals.decide(COLLEAGUE, question.id, yes=True),
        lambda: reveals.ask(COLLEAGUE, conversation, "PERSON_1", "support", WHY),
    ):
        with pytest.raises(TactfulError) as refused:
            act()
        assert isinstance(refused.value, NotFound | Conflict)


def test_every_step_is_audited_and_its_customer_is_told_how_often_somebody_looked(
    reveals: Reveals, parts: Parts, conversation: str
) -> None:
    yes = granted(reveals, conversation)
    for _ in range(2):
        reveals.look(REVIEWER, yes.id)
    with parts.database.read() as tx:
        acts = tx.execute(select(audit.c.act, audit.c.fields, audit.c.reason, audit.c.note)).all()
        reads = human_reads(tx, yes.subject_id)
        whole = repr(tx.execute(select(audit)).all())
    assert [row.act for row in acts] == ["reveal.requested", "reveal.granted", "reveal.used", "reveal.used"]
    assert {(row.fields, row.reason) for row in acts} == {("PERSON=1", "support")}
    assert acts[0].note == WHY.text
    assert (reads["count"], reads["values"]) == (2, 2)
    assert NAME not in whole
