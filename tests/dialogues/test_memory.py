"""What the bot gathers, asks about, and explains; what it says to somebody who comes back."""

import pytest

from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine


def test_a_home_mentioned_twice_is_asked_about_and_weighs_after_a_yes(settled: Chat) -> None:
    settled.say("where could I go from Porto in May?")
    assert "I gathered" not in settled.text
    settled.say("ideas for a trip from Porto in October please")
    assert "I gathered that you usually leave from Porto. Is that right?" in settled.text
    fact = fact_of(settled, "home")
    assert (fact["source"], fact["confirmed"], fact["sureness"]) == ("inferred", False, 0.75)
    settled.press("Yes, that is right")
    assert "Noted: home Porto" in settled.text
    assert fact_of(settled, "home")["confirmed"] is True


def test_a_no_deletes_it_and_it_is_not_guessed_again(settled: Chat) -> None:
    settled.say("where could I go from Porto in May?")
    settled.say("ideas for a trip from Porto in October please")
    settled.press("No, it is not")
    assert "home" not in settled.profile
    settled.say("suggest a trip from Porto in June")
    settled.say("suggest a trip from Porto in July")
    assert "I gathered" not in settled.text
    assert "home" not in settled.profile


def test_no_with_what_is_right_corrects(settled: Chat) -> None:
    settled.say("where could I go from Porto in May?")
    settled.say("ideas for a trip from Porto in October please")
    settled.say("no, my home airport is LIS")
    assert fact_of(settled, "home") | {"learned_at": "", "expires_at": ""} == {
        "name": "home", "label": "home airport or city", "value": "Lisbon", "category": "internal",
        "purpose": "personalisation", "source": "told", "sureness": 1.0, "confirmed": True,
        "learned_at": "", "expires_at": "",
    }  # fmt: skip


def test_a_told_fact_is_corrected_in_the_chat(settled: Chat) -> None:
    settled.say("my home airport is LIS")
    settled.say("no, my home airport is OPO")
    assert settled.profile["home"] == "Porto"
    assert "Porto" in settled.say("what do you know about me?")


def test_what_is_only_gathered_is_shown_as_such(settled: Chat) -> None:
    settled.say("where could I go from Porto in May?")
    settled.say("what do you know about me?")
    assert "do not go by it until you say so: home Porto" in settled.text
    settled.press("Yes, that is right")
    assert fact_of(settled, "home")["confirmed"] is True


def test_technical_talk_leads_to_one_question_and_a_yes_to_the_tone(settled: Chat) -> None:
    settled.say("our webhook endpoint gets no events")
    settled.say("and the api answers 401")
    assert "I gathered that you are a developer" in settled.text
    assert "tone" not in settled.profile
    settled.press("Yes, that is right")
    assert settled.profile["tone"] == "developer"


def test_why_did_you_say_that_names_the_facts_and_how_they_were_learned(settled: Chat) -> None:
    settled.say("I fly from Porto, my budget is 1500 euros, I like hiking")
    settled.say("where should I go in March?")
    settled.say("why did you say that?")
    assert "home Porto (you told me)" in settled.text
    assert "budget about 1,500 € (you told me)" in settled.text
    assert "Change something" in settled.buttons


def test_why_after_an_answer_speaks_of_its_tone(settled: Chat) -> None:
    settled.say("talk to me like a developer")
    settled.say("what is the rate limit?")
    settled.say("why did you say that?")
    assert "short and technical" in settled.text


def test_who_comes_back_hears_of_last_time_and_is_not_asked_again(new_chat: NewChat) -> None:
    first = new_chat()
    first.say("I'm a developer, from Vienna, 900 euros, relaxed, museums, alone, in October")
    first.say("no thanks")
    first.say("how do I get a refund?")
    again = new_chat(first)
    assert "we spoke about a refund" in again.text
    assert "home Vienna" in again.text
    assert "describes you best" not in again.text


def test_who_switched_fitting_off_hears_nothing_of_last_time(new_chat: NewChat) -> None:
    first = new_chat()
    first.say("I fly from Vienna")
    first.say("how do I get a refund?")
    consents = {"personalisation": False}
    first.http.put("/api/me/consents", json=consents, headers=first.headers).raise_for_status()
    again = new_chat(first)
    assert "refund" not in again.text
    assert "Vienna" not in again.text
    assert "describes you best" not in again.text


def test_consent_to_sensitive_facts_is_asked_when_they_would_help_and_a_no_costs_nothing(settled: Chat) -> None:
    settled.say("suggest a trip where I can get around in a wheelchair")
    assert settled.cards
    assert "May I also keep what you tell me about diet and access needs" in settled.text
    assert settled.buttons[-2:] == ["Yes, you may", "No, please do not"]
    settled.press("No, please do not")
    assert "accessibility" not in settled.profile
    settled.say("suggest another trip where I can get around in a wheelchair")
    assert settled.cards
    assert "May I also keep" not in settled.text


def fact_of(chat: Chat, name: str) -> dict[str, object]:
    """One fact as the customer's own page tells it."""
    attributes = chat.http.get("/api/me/profile", headers=chat.headers).raise_for_status().json()["attributes"]
    found: dict[str, object] = next(it for it in attributes if it["name"] == name)
    return found
