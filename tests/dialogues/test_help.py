"""Questions, tone, trips, people."""

import pytest

from tests.dialogues.conftest import Chat

pytestmark = pytest.mark.engine


def test_tone_follows_the_profile_and_can_be_switched(settled: Chat) -> None:
    plain = settled.say("why do I get a 401 error?")
    settled.say("talk to me like a developer")
    technical = settled.say("why do I get a 401 error?")
    assert "`401 invalid_api_key`" in technical
    assert len(technical.split()) < len(plain.split())
    settled.say("in plain words please")
    assert settled.say("why do I get a 401 error?") == plain


def test_the_bot_offers_the_developer_tone_and_switches_only_when_told(settled: Chat) -> None:
    settled.say("I am a new subscriber")
    settled.say("our webhook endpoint gets no events")
    settled.say("and the api answers 401")
    assert settled.profile["tone"] == "plain"
    settled.press("Yes, please")
    assert settled.profile["tone"] == "developer"


def test_advice_comes_with_reasons_in_the_customers_terms(settled: Chat) -> None:
    settled.say("I fly from Porto, my budget is 1500 euros, I like hiking, in March")
    settled.say("where should I go?")
    assert 1 <= len(settled.cards) <= 5
    reasons = " ".join(settled.cards[0]["reasons"])
    assert "1,500 €" in reasons
    assert "you like hiking" in reasons
    assert settled.cards[0]["image"].startswith("/cards/")


def test_others_are_others_and_a_choice_is_remembered(settled: Chat) -> None:
    settled.say("I like beaches, budget 1000 euros")
    settled.say("where should I go in June?")
    first = {card["title"] for card in settled.cards}
    settled.press("Show others")
    assert settled.cards
    assert not first & {card["title"] for card in settled.cards}
    settled.press(settled.cards[0]["title"])
    assert len(settled.profile["past_trips"]) == 1


def test_two_stage_fallback_asks_back_then_searches_then_offers_a_human(settled: Chat) -> None:
    settled.say("the thing does not go where it should")
    assert "Did you mean" in settled.text
    assert settled.buttons[-1] == "Neither of these"
    settled.press("Neither of these")
    assert "Talk to a person" in settled.buttons
    settled.press("Talk to a person")
    assert "colleague" in settled.text


def test_wanting_a_human_is_taken_seriously(settled: Chat) -> None:
    assert "colleague" in settled.say("I want to talk to a human")


def test_a_fact_is_corrected_later_and_interests_grow_and_shrink(settled: Chat) -> None:
    settled.say("I like hiking and museums")
    settled.say("add food to my interests")
    assert settled.profile["interests"] == ["hiking", "museums", "food"]
    settled.say("remove museums from my interests")
    assert settled.profile["interests"] == ["hiking", "food"]


def test_change_my_budget_asks_for_the_new_one(settled: Chat) -> None:
    settled.say("my budget is 700 euros")
    settled.say("I want to change my budget")
    settled.say("1500")
    assert settled.profile["budget"] == 1500


def test_what_is_known_is_told_in_full(settled: Chat) -> None:
    settled.say("I fly from Rome with my kids")
    told = settled.say("what do you know about me?")
    assert "**home** Rome: you told me on" in told
    assert "with family" in told
    assert "nobody has looked at your conversations" in told
