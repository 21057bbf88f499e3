"""A conversation of hundreds of turns: the form that is open stays open, and what was said early still counts."""

import pytest

from tactful.store.turn_rows import events_in
from tests.conftest import Door
from tests.dialogues.conftest import Chat

pytestmark = pytest.mark.engine

TURNS = 400
ASKING = ("why do you ask?", "what do you need that for?", "why?", "why do you want to know that?")


def session_starts(door: Door, conversation: str) -> int:
    told = events_in(str(door.home / "engine.db"), conversation)
    return sum(event["event"] == "session_started" for event in told)


def test_a_form_stays_open_over_hundreds_of_turns_and_early_answers_are_alive(chat: Chat, door: Door) -> None:
    chat.say("I am a new subscriber")
    chat.say("around 800 euros")
    chat.say("hiking and food")
    assert "city or airport" in chat.text
    for turn in range(TURNS):
        chat.say(ASKING[turn % len(ASKING)])
        assert "city or airport" in chat.text, f"turn {turn}"
    # The engine went on under new session starts, and nobody could tell.
    assert session_starts(door, chat.conversation) > 3
    chat.say("Lisbon")
    assert "pace" in chat.text  # the next question, not one of those that were answered 400 turns ago
    assert chat.profile == {
        "level": "new", "tone": "plain", "budget": 800, "interests": ["hiking", "food"], "home": "Lisbon",
    }  # fmt: skip
    chat.say("I'd like an easy pace")
    assert chat.profile["pace"] == "relaxed"
