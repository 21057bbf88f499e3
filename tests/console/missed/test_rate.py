"""The miss rate is told from the reviewed random sample alone, and moves when a case is marked, freed or undone."""

import pytest
from sqlalchemy import insert, select, update

from tactful.chat.engine import Intent, Outcome
from tactful.console.missed import rate
from tactful.console.missed.freeing import NotPersonal
from tactful.console.missed.marking import Missed
from tactful.console.missed.undoing import Undoing
from tactful.console.recording import Recorder
from tactful.profile.transparency import Transparency
from tactful.store.tables import messages, queue_entries, turns
from tests.conftest import Clock
from tests.console.missed.conftest import REVIEWER, House
from tests.console.missed.test_marking import NAME, mark

MONDAY = 1_799_625_600_000  # 11 January 2027


def reviewed(house: House, text: str, *, share: float = 1, done: bool = True, found: int = 3) -> str:
    """A conversation whose one turn is noted, drawn for the sample or not, and reviewed or not."""
    values = {"PERSON_1": ("PERSON", "Grace Period")}
    conversation = house.conversation(house.customer(), text, values=values)
    parts = house.parts
    recorder = Recorder(parts.policy, parts.clock, key=b"k" * 32, share=share, unsure_below=0)
    with parts.database.begin() as tx:
        this = messages.c.conversation_id == conversation
        tx.execute(update(messages).where(this).values(entity_types={"PERSON": found, "LITERAL": 5}))
        message = tx.execute(select(messages).where(this)).mappings().one()
        recorder.record(tx, message, Outcome(messages=[], intent=Intent(name="greet", confidence=0.9)))
        if done:
            tx.execute(update(turns).where(turns.c.conversation_id == conversation).values(state="done"))
    return conversation


def now(house: House) -> tuple[int, int] | None:
    with house.parts.database.read() as tx:
        return rate.sampled(tx)


def test_without_a_reviewed_sample_nothing_is_told(house: House, missed: Missed) -> None:
    mark(missed, house, reviewed(house, NAME, share=0))
    mark(missed, house, reviewed(house, NAME, done=False))
    assert now(house) is None
    with house.parts.database.read() as tx:
        assert rate.by_week(tx) == []


def test_it_moves_with_each_mark_and_back_when_it_is_undone(house: House, missed: Missed, undoing: Undoing) -> None:
    conversation = reviewed(house, f"{NAME} and {NAME}")
    assert now(house) == (3, 0)
    done = mark(missed, house, conversation)
    assert now(house) == (3, 2)
    undoing.undo(REVIEWER, done.id)
    assert now(house) == (3, 0)


def test_what_is_hidden_elsewhere_because_of_a_mark_does_not_count(house: House, missed: Missed) -> None:
    first = reviewed(house, NAME, share=0)
    second = reviewed(house, NAME)
    missed.spread(REVIEWER, mark(missed, house, first).id, "everyone")
    assert house.text(second) == "PERSON_2"
    assert now(house) == (3, 0)


def test_what_was_nothing_personal_was_not_found(house: House, not_personal: NotPersonal) -> None:
    conversation = reviewed(house, "the PERSON_1 ends", found=1)
    not_personal.free(REVIEWER, conversation, "PERSON_1", "customer")
    assert now(house) == (0, 0)


def test_it_is_told_by_the_week_of_the_message_with_its_interval(house: House, missed: Missed, clock: Clock) -> None:
    clock.now = MONDAY - 1
    reviewed(house, NAME)
    clock.now = MONDAY
    mark(missed, house, reviewed(house, NAME, found=9))
    clock.forward(days=6.9)
    reviewed(house, NAME, found=10)
    with house.parts.database.read() as tx:
        before, week = rate.by_week(tx)
    assert before.begins == MONDAY - 7 * 86_400_000
    assert (week.begins, week.turns) == (MONDAY, 2)
    assert week.rate
    assert (week.rate.missed, week.rate.reviewed, week.rate.share) == (1, 20, 0.05)
    assert week.rate.interval == pytest.approx((0.0089, 0.2361), abs=0.0001)  # Wilson 1927


def test_the_public_page_tells_it(house: House, missed: Missed) -> None:
    mark(missed, house, reviewed(house, NAME))
    figures = Transparency(house.parts.database, house.parts.clock, rate.sampled).figures()
    assert figures.missed
    assert (figures.missed.missed, figures.missed.reviewed) == (1, 4)


def test_only_the_random_samples_queue_counts(house: House, missed: Missed) -> None:
    conversation = reviewed(house, NAME, share=0)
    with house.parts.database.begin() as tx:
        turn = tx.execute(select(turns.c.id).where(turns.c.conversation_id == conversation)).scalar_one()
        tx.execute(insert(queue_entries).values(turn_id=turn, queue="flagged", open=False, readable=True, at=1))
    mark(missed, house, conversation)
    assert now(house) is None
