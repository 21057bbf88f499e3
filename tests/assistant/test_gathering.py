"""Hints become a question, a question becomes a fact or nothing, and "why did you say that?" names the facts."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tactful.assistant import context, gathering, greeting, known_data, reasons, trips
from tactful.assistant.turn import Outcome, Turn
from tactful.profile.history import History, Spoken
from tactful.profile.overview import NOTHING, Overview

NOVEMBER_3 = 1_793_700_000_000


class Known:
    """A customer with a past; what the door would read from its store."""

    def __init__(self, sources: Mapping[str, str], history: History) -> None:
        self._sources, self._history = sources, history

    def profile(self, conversation_id: str) -> Mapping[str, object]:
        return {}

    def learned(self, conversation_id: str) -> Mapping[str, str]:
        return self._sources

    def history(self, conversation_id: str) -> History:
        return self._history

    def overview(self, conversation_id: str) -> Overview:
        return NOTHING


@pytest.fixture(autouse=True)
def stranger() -> Iterator[None]:
    """Nobody is known, whatever door ran in this process before."""
    before = context.current()
    context.set_context(context.Stranger())
    yield
    context.set_context(before)


@pytest.fixture
def known(stranger: None) -> None:
    spoken = (Spoken("refund_request", NOVEMBER_3), Spoken("greet", NOVEMBER_3), Spoken("api_key_rotate", NOVEMBER_3))
    context.set_context(Known({"home": "chosen", "companions": "inferred"}, History(spoken, person_due=True)))


def turn(text: str, intent: str = "", before: list[str] | None = None, **slots: Any) -> Turn:
    """A turn in which this was said; `before` are the actions of the turn before, with what they offered."""
    said = {"event": "user", "text": text}
    events: list[dict[str, Any]] = [{"event": "session_started"}]
    if before is not None:
        events += [{"event": "user", "text": "…"}, *({"event": "action", "name": name} for name in before)]
        if "offer" in slots:
            events.append({"event": "slot", "name": "offer", "value": slots["offer"]})
    latest = {"text": text, "intent": {"name": intent}, "entities": []}
    return Turn("c", latest, slots, None, [*events, said])


def slots_of(outcome: Outcome) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in outcome.events if event["event"] == "slot"}


def said(outcome: Outcome) -> list[str]:
    return [message["response"] for message in outcome.messages if "response" in message]


HINTED = {"home": {"value": "Porto", "sureness": 0.5}}


def test_the_first_hint_is_only_noted_and_the_second_asks() -> None:
    first = trips.advise(turn("a week in the sun from Porto", "trip_advice"))
    assert slots_of(first)["guesses"] == HINTED
    assert "utter_guess_home" not in said(first)
    second = trips.advise(turn("something from Porto in May", "trip_advice", guesses=HINTED))
    assert slots_of(second)["guesses"] == {"home": {"value": "Porto", "sureness": 0.75}}
    assert said(second)[-1] == "utter_guess_home"
    assert slots_of(second)["offer"] == "guess_home"


def test_it_asks_once() -> None:
    sure = {"home": {"value": "Porto", "sureness": 0.75}}
    third = trips.advise(turn("and from Porto in June?", "trip_advice", guesses=sure))
    assert "utter_guess_home" not in said(third)


def test_another_place_begins_anew() -> None:
    other = trips.advise(turn("trips from Berlin please", "trip_advice", guesses=HINTED))
    assert slots_of(other)["guesses"] == {"home": {"value": "Berlin", "sureness": 0.5}}


@pytest.mark.parametrize("slots", [{"home": "Lisbon"}, {"home": "skipped"}, {"not_so": ["home"]}, {"neutral": True}])
def test_nothing_is_gathered_that_is_known_passed_over_refused_or_unwanted(slots: dict[str, Any]) -> None:
    outcome = trips.advise(turn("something from Porto in May", "trip_advice", guesses=HINTED, **slots))
    assert "guesses" not in slots_of(outcome)
    assert "utter_guess_home" not in said(outcome)


def test_what_is_gathered_does_not_weigh() -> None:
    guesses = {"home": {"value": "Porto", "sureness": 0.75}}
    assert slots_of(trips.advise(turn("where should I go?", "trip_advice", guesses=guesses))) == slots_of(
        trips.advise(turn("where should I go?", "trip_advice"))
    )


def test_technical_talk_is_a_hint_of_a_developer() -> None:
    first = gathering.from_talk(turn("my webhook endpoint gets no json", "webhook_failure"))
    again = gathering.from_talk(turn("the api answers 401", "auth_error", guesses=slots_of(first)["guesses"]))
    assert said(again) == ["utter_guess_level"]
    yes, no = again.messages[0]["buttons"]
    assert (yes["title"], no["title"]) == ("Yes, that is right", "No, it is not")


def test_a_yes_makes_it_known_and_a_developer_gets_the_tone() -> None:
    guesses = {"level": {"value": "developer", "sureness": 0.75}}
    outcome = known_data.yes(turn("yes", "affirm", before=["action_hint_tone"], offer="guess_level", guesses=guesses))
    assert slots_of(outcome) == {"level": "developer", "guesses": {}, "offer": None, "tone": "developer"}


@pytest.mark.parametrize(("text", "changed"), [("no", {}), ("no, from Lisbon", {"home": "Lisbon"})])
def test_a_no_deletes_it_and_takes_what_is_right(text: str, changed: dict[str, str]) -> None:
    outcome = known_data.no(turn(text, "deny", before=["action_trip_advice"], offer="guess_home", guesses=HINTED))
    assert slots_of(outcome) == {"guesses": {}, "not_so": ["home"], "offer": None} | changed


def test_what_is_known_is_shown_apart_from_what_is_gathered() -> None:
    outcome = known_data.ask_known_data(turn("what do you know about me?", budget=800, guesses=HINTED))
    responses = [message["response"] for message in outcome.messages if "response" in message]
    assert responses == ["utter_known_data", "utter_known_data_others", "utter_known_data_guesses"]
    assert outcome.messages[0]["facts"] == "- **budget** about 800 €"
    assert outcome.messages[-1]["facts"] == "home Porto"


@pytest.mark.usefixtures("known")
def test_why_names_the_facts_of_the_last_advice_and_how_each_was_learned() -> None:
    shown = trips.advise(turn("trips", "trip_advice", home="Porto", companions="family", interests=["beach"]))
    slots = {"home": "Porto", "companions": "family", "interests": ["beach"], **slots_of(shown)}
    outcome = reasons.why(turn("why did you say that?", "ask_why", before=["action_trip_advice"], **slots))
    facts = outcome.messages[0]["facts"]
    assert "travelling with family (I gathered it, and you said it is right)" in facts
    assert "interests beach (you told me)" in facts
    assert {"title": "Change something", "payload": "/change_profile"} in outcome.messages[0]["buttons"]


@pytest.mark.usefixtures("known")
def test_why_tells_what_was_asked_for_only_now() -> None:
    shown = trips.advise(turn("the beach in May for 700 euros", "trip_advice"))
    outcome = reasons.why(turn("why?", "ask_why", before=["action_trip_advice"], **slots_of(shown)))
    assert "budget about 700 € (you asked for it just now)" in outcome.messages[0]["facts"]


def test_why_an_answer_has_its_tone() -> None:
    slots = {"level": "developer", "tone": "developer"}
    outcome = reasons.why(turn("why did you say that?", "ask_why", before=["utter_rate_limit"], **slots))
    assert outcome.messages[0]["because"] == "developer (you told me)"
    neutral = reasons.why(turn("why did you say that?", "ask_why", before=["utter_rate_limit"]))
    assert said(neutral) == ["utter_why_answer"]


def test_why_a_guess_names_its_ground_and_asks_again() -> None:
    outcome = reasons.why(turn("why?", "ask_why", before=["action_trip_advice"], offer="guess_home", guesses=HINTED))
    assert said(outcome) == ["utter_why_guess_home"]
    assert slots_of(outcome)["offer"] == "guess_home"


@pytest.mark.usefixtures("known")
def test_a_returning_customer_is_greeted_with_what_was_before() -> None:
    outcome = greeting.greet(turn("/conversation_started", past_trips=["madeira"], onboarding_done=True))
    last = outcome.messages[0]["last"]
    assert last.startswith("Last time, on 3 November, we spoke about a refund and replacing an API key; ")
    assert "your question to our team is still open; you liked Funchal. " in last
    assert said(outcome) == ["utter_welcome_back_no_facts"]


def test_a_stranger_is_greeted_as_one() -> None:
    assert said(greeting.greet(turn("/conversation_started"))) == ["utter_welcome"]


def test_somebody_who_wants_nothing_fitted_is_not_asked_questions() -> None:
    assert said(greeting.greet(turn("/conversation_started", neutral=True))) == ["utter_welcome_back_no_facts"]


@pytest.mark.parametrize(("consent", "asked"), [(None, True), (False, False), (True, False)])
def test_consent_to_sensitive_facts_is_asked_when_they_would_help_and_only_once(
    consent: bool | None, asked: bool
) -> None:
    outcome = trips.advise(turn("somewhere I can get around in a wheelchair", "trip_advice", consent_sensitive=consent))
    assert ("utter_ask_consent_sensitive" in said(outcome)) is asked
    assert any("json_message" in message for message in outcome.messages)  # the advice is given either way
