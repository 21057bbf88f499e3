"""The recommender: what it weighs, what it says, and what it must not say."""

import json
import time
from typing import Any

import pytest

from tactful.travel import Advice, recommend
from tactful.travel.catalogue import catalogue
from tactful.travel.cost import total
from tactful.travel.drawings import DRAWINGS

HIKER: dict[str, Any] = {"home": "Lisbon", "budget": 1500, "interests": ["hiking"], "season": "spring"}


def said(advice: Advice) -> str:
    return " | ".join(advice.reasons)


def test_reasons_are_in_the_customers_own_terms() -> None:
    best = recommend(HIKER, month="march")[0]
    assert "in March (about " in best.reasons[0]
    assert "within 1,500 €: about " in best.reasons[1]
    assert "for five nights with the fare from Lisbon" in best.reasons[1]
    assert best.reasons[2].startswith("you like hiking: ")


def test_the_facts_weighed_are_named() -> None:
    assert set(recommend(HIKER)[0].facts_used) == {"home", "budget", "interests", "season"}
    assert "season" not in recommend(HIKER, month="march")[0].facts_used


def test_a_month_asked_for_goes_before_the_season_of_the_profile() -> None:
    assert "in January" in said(recommend(HIKER, month="january")[0])


def test_the_same_facts_give_the_same_advice() -> None:
    assert recommend(HIKER) == recommend(dict(reversed(HIKER.items())))


@pytest.mark.parametrize("interest", sorted(DRAWINGS))
def test_whoever_likes_something_gets_it(interest: str) -> None:
    # Skiing needs its season; the rest goes all year somewhere.
    for advice in recommend({"interests": [interest], "season": "winter"}):
        assert interest in advice.destination.interests
        assert advice.interest == interest


def test_the_advice_fits_the_season() -> None:
    for advice in recommend({"interests": ["beach"], "season": "january"}):
        assert advice.destination.temps[0] >= 22
    for advice in recommend({"interests": ["hiking"], "season": "july"}):
        assert advice.destination.temps[6] <= 29


def test_skiing_is_advised_where_and_when_there_is_snow() -> None:
    north = recommend({"interests": ["skiing"], "home": "Munich"}, month="february")
    south = recommend({"interests": ["skiing"], "home": "Sydney", "season": "winter"})
    assert all(advice.destination.lat > 0 and "ski season in February" in said(advice) for advice in north)
    july = {advice.destination.lat < 0: said(advice) for advice in recommend({"interests": ["skiing"]}, month="july")}
    assert "ski season in July" in july[True]
    assert "ski" not in july.get(False, "")
    assert south[0].destination.lat < 0
    assert "your winter" in said(south[0])


def test_the_budget_is_kept_when_it_can_be() -> None:
    facts = {"budget": 900, "home": "Berlin", "interests": ["food", "museums"]}
    for advice in recommend(facts):
        assert "within 900 €" in said(advice)
        assert total(advice.destination, None) < 900


def test_a_budget_too_small_for_anything_is_said_plainly() -> None:
    for advice in recommend({"budget": 100, "home": "Berlin"}):
        assert "above 100 €: about " in said(advice)


def test_without_a_home_no_fare_is_claimed() -> None:
    for advice in recommend({"budget": 900}):
        assert "the fare not counted" in said(advice)


def test_what_is_missing_or_skipped_is_neither_used_nor_mentioned() -> None:
    names = ("home", "budget", "interests", "season", "pace", "companions", "diet", "accessibility")
    nothing, skipped = recommend({}), recommend(dict.fromkeys(names, "skipped"))
    assert nothing == skipped
    for advice in nothing:
        assert advice.facts_used == ()
        assert advice.reasons[0].startswith("known for ")
        assert "you like" not in said(advice)


@pytest.mark.parametrize(
    "facts",
    [
        {"budget": "lots", "season": "whenever", "home": "PERSON_1", "interests": ["stamps"], "past_trips": ["gone"]},
        {"budget": -5, "season": 3, "home": None, "interests": "no", "pace": ["fast"], "diet": {"a": 1}},
        {"budget": float("nan"), "companions": "dragons", "season": "any", "accessibility": []},
    ],
)
def test_facts_it_cannot_read_count_as_absent(facts: dict[str, object]) -> None:
    assert [advice.destination.id for advice in recommend(facts)] == [advice.destination.id for advice in recommend({})]


def test_a_hard_place_is_not_advised_to_who_needs_step_free_ways() -> None:
    for advice in recommend({"accessibility": ["wheelchair"], "interests": ["history"]}):
        assert advice.destination.step_free >= 2


def test_a_diet_is_weighed_and_only_ease_is_claimed() -> None:
    for advice in recommend({"diet": ["halal"], "interests": ["food"]}):
        assert advice.destination.halal == 3
        assert "halal food is easier to find than in most places" in said(advice)
        assert "diet" in advice.facts_used


def test_company_and_pace_are_weighed() -> None:
    family = recommend({"companions": "family", "pace": "relaxed"})[0]
    assert "good with a family" in said(family)
    assert "an easy pace" in said(family)


def test_past_trips_bring_similar_places_never_the_same() -> None:
    advice = recommend({"past_trips": ["lisbon", "porto"]})
    assert {"lisbon", "porto"}.isdisjoint(item.destination.id for item in advice)
    assert "which you chose before" in said(advice[0])


def test_excluded_places_and_the_own_city_stay_out() -> None:
    first = [advice.destination.id for advice in recommend(HIKER)]
    again = [advice.destination.id for advice in recommend(HIKER, exclude=first)]
    assert set(first).isdisjoint(again)
    everywhere = recommend({"home": "Lisbon"}, limit=len(catalogue()))
    assert "lisbon" not in {advice.destination.id for advice in everywhere}
    assert len(everywhere) == len(catalogue()) - 1


def test_the_three_are_unlike_each_other() -> None:
    for interest in sorted(DRAWINGS):
        places = [advice.destination for advice in recommend({"interests": [interest], "season": "summer"})]
        assert len({place.region for place in places}) >= 2


def test_best_first_and_as_many_as_asked() -> None:
    scores = [advice.score for advice in recommend(HIKER, limit=7)]
    assert len(scores) == 7
    assert scores == sorted(scores, reverse=True)
    assert recommend(HIKER, limit=0) == []


def test_a_card_is_what_the_chat_shows() -> None:
    advice = recommend(HIKER)[0]
    card = advice.card("I want this one")
    assert card["image"] == "/cards/hiking.svg"
    assert card["image_alt"]
    assert card["reasons"] == list(advice.reasons)
    assert all(set(fact) == {"label", "value"} for fact in card["facts"])
    assert card["button"] == {
        "title": "I want this one",
        "payload": f'/choose_trip{{"destination":"{advice.destination.id}"}}',
    }
    assert json.loads(json.dumps(card)) == card


def test_advice_takes_no_noticeable_time() -> None:
    recommend(HIKER)
    began = time.perf_counter()
    recommend(HIKER)
    assert time.perf_counter() - began < 0.25
