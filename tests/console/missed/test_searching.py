"""Words that were hidden are not found any more, and notes that quote them are hidden as well."""

from sqlalchemy import insert, select

from tactful.chat.engine import Intent, Outcome
from tactful.console.desk import Desk
from tactful.console.filters import Filter
from tactful.console.missed.corrections import Scope
from tactful.console.missed.marking import Missed
from tactful.console.missed.undoing import Undoing
from tactful.console.recording import Recorder
from tactful.store.tables import messages, notes
from tests.console.missed.conftest import COLLEAGUE, REVIEWER, House
from tests.console.missed.test_marking import scanned

NAME = "Quimbleton"


def noted(house: House, conversation: str) -> None:
    """A turn as the door notes it, and a note in which a reviewer quoted the customer."""
    parts = house.parts
    recorder = Recorder(parts.policy, parts.clock, key=b"k" * 32, share=0, unsure_below=0.6)
    with parts.database.begin() as tx:
        message = tx.execute(select(messages).where(messages.c.conversation_id == conversation)).mappings().one()
        recorder.record(tx, message, Outcome(messages=[], intent=Intent(name="greet", confidence=0.9)))
        tx.execute(
            insert(notes).values(
                id="e" * 32, conversation_id=conversation, author=COLLEAGUE, text=f"says {NAME}", at=parts.clock()
            )
        )


def found(house: House, words: str) -> int:
    desk = Desk(house.parts.database, house.parts.policy, house.parts.clock)
    return len(desk.page(Filter(q=words), REVIEWER).rows)


def test_a_hidden_value_is_found_by_its_placeholder_only(missed: Missed, undoing: Undoing, house: House) -> None:
    conversation = house.conversation(house.customer(), f"I am {NAME}")
    noted(house, conversation)
    assert found(house, NAME) == 1
    done = missed.mark(REVIEWER, conversation, 1, *house.place(conversation, NAME), "PERSON")
    assert (found(house, NAME), found(house, "PERSON_1")) == (0, 1)
    undoing.undo(REVIEWER, done.id)
    assert (found(house, NAME), found(house, "PERSON_1")) == (1, 0)


def test_nothing_of_it_is_left_in_the_index_either(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), f"I am {NAME}")
    noted(house, conversation)
    assert scanned(house)
    done = missed.mark(REVIEWER, conversation, 1, *house.place(conversation, NAME), "PERSON")
    missed.spread(REVIEWER, done.id, Scope.CUSTOMER)
    assert scanned(house) == set()


def test_a_note_that_quotes_it_is_hidden_where_the_value_is_hidden_everywhere(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), f"I am {NAME}")
    noted(house, conversation)
    done = missed.mark(REVIEWER, conversation, 1, *house.place(conversation, NAME), "PERSON")
    missed.spread(REVIEWER, done.id, Scope.CUSTOMER)
    with house.parts.database.read() as tx:
        assert tx.execute(select(notes.c.text)).scalar_one() == "says PERSON_1"
