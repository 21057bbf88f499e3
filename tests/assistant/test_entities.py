"""What the engine's exact values add to our own reading of a sentence."""

from typing import Any

from tactful.assistant import entities, onboarding, trips
from tactful.assistant.turn import Turn

GATWICK = {"entity": "airport", "value": "LGW", "city": "London", "start": 0, "end": 7}


def turn(text: str, *found: dict[str, Any], intent: str = "inform", requested: str | None = None) -> Turn:
    latest = {"text": text, "intent": {"name": intent}, "entities": list(found)}
    return Turn("c", latest, {"requested_slot": requested}, "onboarding_form" if requested else None, [])


def at(text: str, part: str, **entity: Any) -> dict[str, Any]:
    return {**entity, "start": text.index(part), "end": text.index(part) + len(part)}


def test_an_airport_that_our_list_lacks_is_home_in_its_city() -> None:
    assert onboarding.understood(turn("Gatwick", GATWICK, requested="home")) == {"home": "London"}


def test_a_place_that_nobody_sets_off_from_is_no_home() -> None:
    text = "a hotel near the sea at Gatwick"
    assert (
        entities.home(turn(text, at(text, "Gatwick", entity="airport", value="LGW", city="London")), asked=False)
        is None
    )


def test_the_place_after_from_is_home_and_the_one_after_to_is_not() -> None:
    text = "from Heathrow to Stansted"
    found = (at(text, name, entity="airport", value=code, city="London")
             for name, code in (("Stansted", "STN"), ("Heathrow", "LHR")))  # fmt: skip
    assert entities.home(turn(text, *found), asked=False) == "London"
    assert (
        entities.home(turn("to Stansted", at("to Stansted", "Stansted", entity="airport", value="STN")), asked=False)
        is None
    )


def test_a_sum_in_another_currency_is_a_budget_in_euros() -> None:
    yen = {"entity": "money", "value": "200000 JPY", "amount": 200000.0, "currency": "JPY", "start": 0, "end": 7}
    assert onboarding.understood(turn("¥200000", yen, requested="budget")) == {"budget": 1200.0}


def test_a_date_is_the_month_of_the_trip_asked_for_and_not_of_the_profile() -> None:
    friday = {"entity": "date", "value": "2027-03-19", "from": "2027-03-19", "to": "2027-03-19", "start": 0, "end": 11}
    asked = turn("next Friday somewhere warm", friday, intent="trip_advice")
    request = next(event for event in trips.advise(asked).events if event["name"] == "trip_request")
    assert request["value"]["season"] == "March"
    assert "season" not in onboarding.understood(turn("next Friday somewhere warm", friday))
