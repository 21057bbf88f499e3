"""What a turn infers is kept apart, told to the engine as such, and kept or dropped by the customer's word."""

from typing import Any

from sqlalchemy import select

from tactful.chat.engine import Outcome, Said
from tactful.profile.rights import ledger
from tactful.store.tables import audit
from tests.chat.conftest import Chat

GUESS = {"home": {"value": "Porto", "sureness": 0.75}}


def taught(chat: Chat, kind: str = "text", **slots: Any) -> dict[str, Any]:
    """The slots of the next turn after one that set these."""
    with chat.database.begin() as tx:
        chat.memory.remember(tx, chat.session.conversation_id, kind, Outcome(messages=[], slots=slots))
        return chat.memory.slots(tx, chat.session.conversation_id)


def test_an_inference_is_no_fact(chat: Chat) -> None:
    assert taught(chat, guesses=GUESS) == {"guesses": GUESS}


def test_the_same_turn_twice_infers_once(chat: Chat) -> None:
    taught(chat, guesses=GUESS)
    assert taught(chat, guesses=GUESS) == {"guesses": GUESS}


def test_a_yes_makes_it_a_fact(chat: Chat) -> None:
    taught(chat, guesses=GUESS)
    assert taught(chat, kind="choice", home="Porto", guesses={}) == {"home": "Porto"}


def test_a_no_deletes_it_and_is_remembered(chat: Chat) -> None:
    taught(chat, guesses=GUESS)
    assert taught(chat, guesses={}, not_so=["home"]) == {"not_so": ["home"]}
    assert taught(chat, guesses=GUESS) == {"not_so": ["home"]}


def test_nonsense_is_left_out(chat: Chat) -> None:
    assert taught(chat, guesses={"companions": {"value": "the Queen", "sureness": 0.75}}) == {}


def test_access_told_in_the_chat_stands_in_the_ledger_and_the_audit_log(chat: Chat) -> None:
    asked = Outcome(messages=[Said(text="", custom={"rights": "access"})])
    with chat.database.begin() as tx:
        chat.memory.remember(tx, chat.session.conversation_id, "text", asked)
    with chat.database.read() as tx:
        (request,) = ledger.of(tx, chat.session.subject_id, chat.clock())
        acts = tx.execute(select(audit.c.act)).scalars().all()
    assert (request["right"], request["via"], request["status"]) == ("access", "chat", "done")
    assert "profile.read" in acts
