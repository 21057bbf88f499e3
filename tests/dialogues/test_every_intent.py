"""Whatever is said at whatever moment: one turn says nothing twice, and the conversation goes on after it."""

from collections.abc import Sequence

import pytest

from tactful.cli.evaluating import tone_of
from tactful.learn.golden import read as golden
from tests.conftest import ROOT
from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine

ONE_OF_EACH = {example.intent: example.text for example in golden(ROOT / "tests/nlu", tone_of)}
NOT_UNDERSTOOD = "I have no answer to that yet"
MOMENTS: dict[str, Sequence[str]] = {
    "at the first question": [],
    "when there are no questions": ["stop asking me questions"],
    "when asked for a new value": ["stop asking me questions", "I want to change my budget"],
    "when asked for a permission": ["stop asking me questions", "which permissions did I give"],
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_any_intent_at_any_moment(new_chat: NewChat, moment: str) -> None:
    faults = {intent: fault for intent, text in ONE_OF_EACH.items() if (fault := _fault(new_chat(), moment, text))}
    assert not faults


def _fault(chat: Chat, moment: str, text: str) -> str | None:
    for before in MOMENTS[moment]:
        chat.say(before)
    chat.say(text)
    said = [message["text"] for message in chat.last if message["text"]]
    if len(said) != len(set(said)):
        return f"said twice, {len(said)} messages"
    if any(NOT_UNDERSTOOD in each for each in said):
        return "no answer"
    return "dead afterwards" if NOT_UNDERSTOOD in chat.say("what can you do?") else None
