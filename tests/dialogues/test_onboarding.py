"""The set-up questions, as customers really answer them."""

import pytest

from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine


def test_begins_by_asking_which_of_the_two_one_is(chat: Chat) -> None:
    assert "Which of these describes you best?" in chat.text
    assert chat.buttons == ["I am a new subscriber", "I am a developer", "Skip"]


def test_everything_in_one_sentence_leaves_only_what_was_not_said(chat: Chat) -> None:
    chat.say("I'm a developer, fly from Porto, around 800 euros, love hiking and food, with my girlfriend in spring")
    assert "Noted: developer, home Porto, budget about 800 €" in chat.text
    assert "pace" in chat.text
    assert chat.profile == {
        "level": "developer", "tone": "developer", "home": "Porto", "budget": 800,
        "interests": ["hiking", "food"], "companions": "couple", "season": "spring",
    }  # fmt: skip


def test_by_buttons_alone(chat: Chat) -> None:
    chat.press("I am a new subscriber")
    chat.press("Skip")  # home
    chat.press("About 1,200 €")
    chat.press("Relaxed")
    assert chat.profile == {"level": "new", "tone": "plain", "budget": 1200, "pace": "relaxed"}


def test_an_answer_to_another_question_than_the_one_asked_is_taken(chat: Chat) -> None:
    chat.say("new")
    assert "city or airport" in chat.text
    chat.say("I like a relaxed pace")
    assert chat.profile["pace"] == "relaxed"
    assert "city or airport" in chat.text


def test_why_is_answered_and_the_question_stays_open(chat: Chat) -> None:
    chat.say("I am new here")
    chat.say("why do you ask?")
    assert "city or airport" in chat.text
    chat.say("lisbon")
    assert chat.profile["home"] == "Lisbon"


def test_every_question_can_be_skipped_and_nothing_is_kept(chat: Chat) -> None:
    for _ in range(8):
        chat.say("skip")
    assert "onboarding_done" in chat.profile
    assert not {"level", "home", "budget", "pace", "interests", "companions", "season", "diet"} & set(chat.profile)


def test_another_question_is_answered_and_the_open_one_comes_back(chat: Chat) -> None:
    chat.say("I am a new subscriber")
    chat.say("how do I get a refund?")
    assert "refund" in chat.text.lower()
    assert "city or airport" in chat.text
    chat.say("Berlin")
    assert chat.profile["home"] == "Berlin"


def test_after_two_other_questions_the_bot_stops_asking_and_can_be_asked_to_go_on(chat: Chat) -> None:
    chat.say("I am a developer")
    chat.say("what is the rate limit?")
    chat.say("how do I set up a webhook?")
    assert "I will leave my questions for now" in chat.text
    chat.press("Finish set-up")
    assert "city or airport" in chat.text


def test_an_earlier_answer_is_corrected_while_the_questions_go_on(chat: Chat) -> None:
    chat.say("I am a new subscriber")
    chat.say("Porto")
    chat.say("no, my home airport is LIS")
    assert chat.profile["home"] == "Lisbon"
    assert "cost" in chat.text  # the budget is still open


def test_diet_is_kept_only_after_explicit_consent(chat: Chat) -> None:
    chat.say("I'm a new subscriber and I am vegetarian")
    assert chat.buttons == ["Yes, you may", "No, please do not"]
    assert "diet" not in chat.profile
    chat.press("Yes, you may")
    assert chat.profile["diet"] == ["vegetarian"]


def test_without_consent_a_diet_is_not_kept_and_nothing_is_lost(chat: Chat) -> None:
    chat.say("I'm a new subscriber and I am vegetarian")
    chat.press("No, please do not")
    assert "diet" not in chat.profile
    assert chat.profile["level"] == "new"
    assert "city or airport" in chat.text


def test_a_returning_customer_is_greeted_with_what_is_known_and_not_asked_again(new_chat: NewChat) -> None:
    first = new_chat()
    first.say("I'm a developer, from Vienna, 900 euros, relaxed, museums, alone, in October")
    first.say("no thanks")
    again = new_chat(first)
    assert "Welcome back" in again.text
    assert "home Vienna" in again.text
    assert "?" not in again.text or "describes you best" not in again.text


def test_a_half_finished_set_up_goes_on_where_it_stopped(new_chat: NewChat) -> None:
    first = new_chat()
    first.say("I'm new, from Madrid")
    again = new_chat(first)
    assert "home Madrid" in again.text
    assert "cost" in again.text


def test_no_more_questions_means_none(new_chat: NewChat) -> None:
    first = new_chat()
    first.say("stop asking me questions")
    again = new_chat(first)
    assert "describes you best" not in again.text


def test_something_incomprehensible_is_explained_once_then_offered_to_skip(chat: Chat) -> None:
    chat.say("I am a new subscriber")
    first = chat.say("qwertz uiop")
    second = chat.say("asdf yxcv")
    assert first != second
    assert "skip" in second.lower()


def test_a_level_told_outside_the_questions_sets_the_tone(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.say("no questions please")
    chat.say("I build with the API")
    assert chat.profile["tone"] == "developer"
    chat.say("what are the rate limits?")
    assert "exponential backoff" in chat.text


def test_a_corrected_level_takes_its_tone_along(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.say("I am a new subscriber")
    assert chat.profile["tone"] == "plain"
    chat.say("sorry, I am a developer actually")
    assert (chat.profile["level"], chat.profile["tone"]) == ("developer", "developer")
