"""People reading and teaching are asked for late, one at a time, with what would be seen; a no is final."""

from typing import Any

import pytest

from tactful.assistant import known_data, permissions
from tactful.assistant.turn import Outcome, Turn


def turn(*texts: str, intent: str = "thanks", entities: dict[str, str] | None = None, **slots: Any) -> Turn:
    """The last of these texts is what was just said."""
    events: list[dict[str, Any]] = [{"event": "session_started"}]
    events += [{"event": "user", "text": text} for text in texts]
    found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
    return Turn("c", {"text": texts[-1], "intent": {"name": intent}, "entities": found}, slots, None, events)


def slots_of(outcome: Outcome) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in outcome.events}


def said(outcome: Outcome) -> list[str]:
    return [message["response"] for message in outcome.messages]


def test_it_is_asked_at_the_end_with_the_words_that_others_would_see() -> None:
    outcome = permissions.ask(turn("my name is PERSON_1", "write to EMAIL_ADDRESS_1\nplease", "thanks"))
    assert said(outcome) == ["utter_ask_permission_human_review"]
    assert outcome.messages[0]["seen"] == "> my name is [person 1]\n> write to [email address 1] please\n> thanks"
    assert slots_of(outcome) == {"offer": "permission_human_review", "permission_asked": True}


def test_both_buttons_are_plain_answers() -> None:
    buttons = permissions.ask(turn("hello", "thanks")).messages[0]["buttons"]
    assert [button["title"] for button in buttons] == ["Yes, you may", "No, please do not"]


@pytest.mark.parametrize(
    "slots",
    [{"consent_human_review": True}, {"consent_human_review": False}, {"permission_asked": True}, {"neutral": True}],
)
def test_who_answered_was_asked_or_wants_nothing_fitted_is_not_asked(slots: dict[str, Any]) -> None:
    assert permissions.ask(turn("my card was charged twice", "thanks", **slots)) == Outcome()


def test_nothing_is_asked_before_anything_was_said() -> None:
    assert permissions.ask(turn("thanks")) == Outcome()


def test_after_a_yes_the_other_purpose_is_asked_for_itself() -> None:
    entities = {"purpose": "human_review", "granted": "yes"}
    outcome = permissions.answer(turn("hi", "/answer_permission", intent="answer_permission", entities=entities))
    assert said(outcome) == ["utter_permission_given_human_review", "utter_ask_permission_training"]
    slots = slots_of(outcome)
    assert (slots["consent_human_review"], slots["offer"]) == (True, "permission_training")
    assert "consent_training" not in slots


def test_after_a_no_nothing_more_is_asked() -> None:
    entities = {"purpose": "human_review", "granted": "no"}
    outcome = permissions.answer(turn("hi", "/answer_permission", intent="answer_permission", entities=entities))
    assert said(outcome) == ["utter_permission_refused_human_review"]
    assert slots_of(outcome) == {"offer": None, "consent_human_review": False}


@pytest.mark.parametrize(("say", "granted"), [(known_data.yes, True), (known_data.no, False)])
def test_a_plain_yes_or_no_answers_too(say: Any, granted: bool) -> None:
    events = [
        {"event": "session_started"}, {"event": "user", "text": "thanks"},
        {"event": "slot", "name": "offer", "value": "permission_training"}, {"event": "user", "text": "…"},
    ]  # fmt: skip
    latest = {"text": "…", "intent": {"name": "affirm"}, "entities": []}
    outcome = say(Turn("c", latest, {}, None, events))
    assert slots_of(outcome)["consent_training"] is granted


def test_a_purpose_that_does_not_exist_changes_nothing() -> None:
    entities = {"purpose": "selling", "granted": "yes"}
    assert permissions.answer(turn("x", intent="answer_permission", entities=entities)) == Outcome()
