"""Trip advice in the conversation: suggest, suggest others, choose, explain."""

import re
from typing import Any

from tactful.assistant import answers, entities, gathering, words
from tactful.assistant.attributes import ATTRIBUTES, SKIPPED, listed
from tactful.assistant.questions import CONSENT, SENSITIVE
from tactful.assistant.sources import with_sources
from tactful.assistant.turn import Outcome, Turn, button
from tactful.travel import Advice, recommend
from tactful.travel.catalogue import Destination, catalogue

AT_ONCE = 3
TELLING = ("home", "budget", "interests", "companions", "season", "pace")  # one of these makes advice personal
ORDINALS = (
    re.compile(r"\b(?:first|1st|top|one|1)\b", re.IGNORECASE),
    re.compile(r"\b(?:second|scond|2nd|two|2|middle)\b", re.IGNORECASE),
    re.compile(r"\b(?:third|3rd|three|3|last)\b", re.IGNORECASE),
)
POINTED = re.compile(r"(?<!number)(?<!option)\s+one\b", re.IGNORECASE)  # "the second one" is not number one


def advise(turn: Turn) -> Outcome:
    """Three trips for the profile and for what this message adds to it."""
    asked = _asked_for(turn)
    facts = _facts(turn) | asked
    outcome = _suggest(turn, facts, exclude=())
    if not any(facts.get(name) not in (None, SKIPPED) for name in TELLING):
        outcome.say("utter_trips_general", buttons=[button("Make it personal", "/start_onboarding")])
    if _would_help(turn) and not turn.loop:
        return outcome.say("utter_ask_consent_sensitive").set(trip_request=asked, offer="consent")
    return gathering.from_trip(turn, outcome.set(trip_request=asked), asked)


def _would_help(turn: Turn) -> bool:
    """Whether this message speaks of diet or access and nobody was asked yet: the moment to ask for consent."""
    if not turn.said or turn.slot(CONSENT) is not None or turn.slot("neutral"):
        return False
    return any(answers.read(name, turn.said, asked=False) for name in SENSITIVE)


def more(turn: Turn) -> Outcome:
    """Three others, for the same request as before and what this message adds to it."""
    if not turn.slot("shown_trips"):
        return advise(turn)
    asked = (turn.slot("trip_request") or {}) | _asked_for(turn)
    outcome = _suggest(turn, _facts(turn) | asked, exclude=turn.slot("shown_trips")).set(trip_request=asked)
    return gathering.from_trip(turn, outcome, _asked_for(turn))


def choose(turn: Turn) -> Outcome:
    """Note the trip that the customer likes; it counts in the next advice."""
    place = _meant(turn)
    if place is None:
        return Outcome().say("utter_choose_which" if turn.slot("shown_trips") else "utter_choose_nothing_shown")
    past = [trip for trip in turn.slot("past_trips") or [] if trip != place.id]
    choices = [button("How do I book?", "/booking_new"), button("Do I need a visa?", "/visa_requirements"),
               button("Show others", "/more_advice")]  # fmt: skip
    outcome = Outcome().say("utter_trip_chosen", place=f"{place.name}, {place.country}", buttons=choices)
    return outcome.set(past_trips=[*past, place.id])


def explain(turn: Turn) -> Outcome:
    """Why these trips: the reasons and the facts they rest on."""
    shown = (turn.slot("shown_trips") or [])[-AT_ONCE:]
    if not shown:
        return Outcome().say("utter_why_in_general")
    facts = _facts(turn) | (turn.slot("trip_request") or {})
    month = facts.get("season")
    facts.pop("past_trips", None)  # a trip chosen meanwhile has its reasons all the same
    others = [name for name in catalogue() if name not in shown]
    advice = recommend(facts, month=month if month != SKIPPED else None, exclude=others, limit=AT_ONCE)
    place = _meant(turn, only_named=True)
    advice = [item for item in advice if place and item.destination.id == place.id] or advice
    lines = "\n".join(f"- **{item.destination.name}**: {'; '.join(item.reasons)}" for item in advice)
    used = list(dict.fromkeys(name for item in advice for name in item.facts_used if name in ATTRIBUTES))
    reading = with_sources(turn, {name: facts.get(name) for name in used})
    choices = [button("Change something", "/change_profile"), button("Show others", "/more_advice")]
    return Outcome().say("utter_trip_reasons", lines=lines, facts=reading or "nothing about you", buttons=choices)


def _suggest(turn: Turn, facts: dict[str, Any], exclude: tuple[str, ...] | list[str]) -> Outcome:
    month = facts.get("season")
    advice = recommend(facts, month=month if month != SKIPPED else None, exclude=exclude, limit=AT_ONCE)
    if not advice:
        return Outcome().say("utter_trips_none_left")
    outcome = Outcome().say("utter_trips_more" if exclude else "utter_trips", places=_names(advice))
    outcome.say(custom={"cards": [item.card("I like this one") for item in advice]})
    if not turn.loop:
        outcome.say("utter_trips_next", buttons=[button("Show others", "/more_advice"),
                                                 button("Why these?", "/why_this_trip")])  # fmt: skip
    return outcome.set(shown_trips=[*exclude, *(item.destination.id for item in advice)])


def _names(advice: list[Advice]) -> str:
    return listed([item.destination.name for item in advice])


def _facts(turn: Turn) -> dict[str, Any]:
    """The profile as the recommender may use it."""
    names = [*TELLING, "past_trips", *(SENSITIVE if turn.slot(CONSENT) is True else ())]
    return {name: turn.slot(name) for name in names if turn.slot(name) is not None}


def _asked_for(turn: Turn) -> dict[str, Any]:
    """What this request asks for; it counts for this advice and does not change the profile."""
    if not turn.said:
        return {}
    told = answers.read_all(turn.said)
    if not told.get("home") or not answers.ABOUT_HOME.search(turn.said):
        told.pop("home", None)
    found = {"home": entities.home(turn, asked=False), "budget": entities.budget(turn), "season": entities.month(turn)}
    told |= {name: value for name, value in found.items() if value is not None and name not in told}
    if "cheaper" in turn.said and (budget := turn.slot("budget")) and budget != SKIPPED:
        told["budget"] = budget * 0.7
    return {name: value for name, value in told.items() if name in TELLING}


def _meant(turn: Turn, *, only_named: bool = False) -> Destination | None:
    """The destination a message means: by id, by name, by country, or by its place in the list."""
    places = catalogue()
    if (wanted := turn.entity("destination")) in places:
        return places[wanted]
    shown = [places[name] for name in (turn.slot("shown_trips") or [])[-AT_ONCE:] if name in places]
    text = turn.said.casefold()
    for place in [*shown, *places.values()]:
        if re.search(rf"\b{re.escape(place.name.casefold())}\b", text):
            return place
    if only_named or not shown:
        return None
    for place in shown:
        if place.country.casefold() in text:
            return place
    for interest in words.found(words.INTERESTS, text):
        if fitting := [place for place in shown if interest in place.interests]:
            return fitting[0]
    pointed = POINTED.sub("", text)
    for number, pattern in enumerate(ORDINALS[: len(shown)]):
        if pattern.search(pointed):
            return shown[number]
    return shown[0] if len(shown) == 1 else None
