"""Access needs are understood whenever they are said, and kept only with a yes."""

import pytest

from tests.dialogues.conftest import Chat

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I need step-free access", ["step-free"]),
        ("i cant walk far and I'm hard of hearing", ["short walks", "hearing"]),
        ("I'm in a wheelchair", ["wheelchair"]),
    ],
)
def test_a_need_said_out_of_the_blue_is_kept_after_a_yes(settled: Chat, said: str, kept: list[str]) -> None:
    assert "May I also keep what you tell me about diet and access needs" in settled.say(said)
    assert "accessibility" not in settled.profile
    settled.press("Yes, you may")
    assert settled.profile["accessibility"] == kept


def test_a_need_said_at_the_first_question_is_taken(chat: Chat) -> None:
    chat.say("I need step-free access")
    assert "May I also keep what you tell me about diet and access needs" in chat.text
    chat.press("Yes, you may")
    assert chat.profile["accessibility"] == ["step-free"]


def test_that_there_are_needs_leads_to_the_question_which(settled: Chat) -> None:
    assert "step-free access?" in settled.say("I have accessibility needs")
    settled.say("no stairs please")
    settled.press("Yes, you may")
    assert settled.profile["accessibility"] == ["step-free"]


def test_help_on_the_way_is_answered_with_steps(settled: Chat) -> None:
    assert "tap Assistance" in settled.say("can somebody bring my father to the gate in a wheelchair").replace("*", "")
