"""The bot asks late whether people may read and whether it may learn; an answer is a consent with a receipt."""

import pytest

from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine


def granted(chat: Chat) -> dict[str, bool]:
    consents = chat.http.get("/api/me/consents", headers=chat.headers).raise_for_status().json()
    return {each["purpose"]: each["granted"] for each in consents["purposes"]}


def test_two_yeses_are_two_consents_and_the_words_shown_are_redacted(settled: Chat) -> None:
    settled.say("my name is Philippa Quimbleton")
    settled.say("thanks")
    assert "[person 1]" in settled.text
    assert "Quimbleton" not in settled.text
    assert not granted(settled)["human_review"]
    settled.press("Yes, you may")
    assert granted(settled)["human_review"]
    assert not granted(settled)["training"]
    settled.say("yes")
    assert granted(settled)["training"]
    receipts = settled.http.get("/api/me/receipts", headers=settled.headers).json()["receipts"]
    assert {each["receipt"]["purpose"] for each in receipts} >= {"human_review", "training"}


def test_a_no_is_kept_and_never_asked_again(settled: Chat, new_chat: NewChat) -> None:
    settled.say("how long do refunds take?")
    settled.say("thanks")
    settled.press("No, please do not")
    assert "nobody reads it" in settled.text
    assert not granted(settled)["human_review"]
    again = new_chat(settled)
    again.say("how long do refunds take?")
    again.say("thank you")
    assert "May people" not in again.text
