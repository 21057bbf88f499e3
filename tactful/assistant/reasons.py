""" "Why did you say that?": the last advice, by the facts it used and how each was learned."""

from tactful.assistant import trips
from tactful.assistant.attributes import ATTRIBUTES
from tactful.assistant.gathering import OFFER, answer_buttons
from tactful.assistant.sources import with_sources
from tactful.assistant.turn import Outcome, Turn, button

FAR = 3  # turns to look back
TRIPS = {"action_trip_advice", "action_more_advice", "action_why_this_trip", "action_choose_trip"}
CHANGE = button("Change something", "/change_profile")


def why(turn: Turn) -> Outcome:
    """Why the open question is asked; without one, why the bot said what it said last."""
    if turn.requested and turn.requested != "change_value":
        return Outcome().say(f"utter_why_{turn.requested}")
    if (offered := turn.offered or "").startswith(OFFER):
        return _guessed(turn, offered.removeprefix(OFFER))
    for ago in range(1, FAR + 1):
        did = turn.actions(ago)
        if did & TRIPS:
            return trips.explain(turn)
        if "action_greet" in did:
            return _facts(turn)
        if any(action.startswith("utter_") for action in did):
            return _answered(turn)
    return _facts(turn)


def _facts(turn: Turn) -> Outcome:
    known = {name: turn.slot(name) for name in ATTRIBUTES if turn.slot(name) is not None}
    facts = with_sources(turn, known)
    if not facts:
        return Outcome().say("utter_why_nothing")
    return Outcome().say("utter_why_facts", facts=facts, buttons=[CHANGE])


def _answered(turn: Turn) -> Outcome:
    """An answer to a question is the same for everybody, but for its tone."""
    tone = turn.slot("tone")
    if not tone:
        return Outcome().say("utter_why_answer")
    level = with_sources(turn, {"level": turn.slot("level")})
    other = "plain" if tone == "developer" else "developer"
    switch = button("Plain words" if other == "plain" else "Developer answers", f"/switch_to_{other}")
    because = level or "you asked for it"
    return Outcome().say(f"utter_why_tone_{tone}", because=because, buttons=[switch, CHANGE])


def _guessed(turn: Turn, name: str) -> Outcome:
    held = (turn.slot("guesses") or {}).get(name)
    if not held:
        return Outcome().say("utter_why_nothing")
    value = ATTRIBUTES[name].read(held["value"])
    return Outcome().say(f"utter_why_guess_{name}", value=value, buttons=answer_buttons(name)).set(offer=OFFER + name)
