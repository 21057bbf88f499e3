"""What can be gathered without having been told, and the one question whether it is so.

A hint makes half of what was missing sure. The second hint of the same is enough to ask; until the customer says yes,
what was gathered counts for nothing. A no deletes it, and it is not gathered again for a while.
"""

from collections.abc import Mapping
from typing import Any

from tactful.assistant import answers, tone
from tactful.assistant.attributes import ATTRIBUTES, in_words
from tactful.assistant.turn import Outcome, Turn, button
from tactful.profile.guesses import SURE_ENOUGH, surer

FROM_TRIPS = ("home", "companions")
OFFER = "guess_"


def guesses(turn: Turn) -> dict[str, Any]:
    """Attribute → value, for what is gathered and not known."""
    held = turn.slot("guesses") or {}
    return {name: guess["value"] for name, guess in held.items() if name in ATTRIBUTES and turn.slot(name) is None}


def from_trip(turn: Turn, outcome: Outcome, asked: Mapping[str, Any]) -> Outcome:
    """Take what a request for trips tells in passing ("a week from Porto with the children") as a hint."""
    return hint(turn, outcome, {name: asked[name] for name in FROM_TRIPS if name in asked})


def from_talk(turn: Turn) -> Outcome:
    """Take technical talk as a hint of a developer; who has a level or a tone already is offered the tone alone."""
    barred = turn.slot("neutral") or "level" in (turn.slot("not_so") or [])
    if barred or turn.slot("level") is not None or turn.slot("tone"):
        return tone.offer(turn)
    if not turn.turns or not tone.technical(turn.turns[-1][0]):
        return Outcome()
    return hint(turn, Outcome(), {"level": "developer"})


def hint(turn: Turn, outcome: Outcome, hints: Mapping[str, Any]) -> Outcome:
    """Note hints, and ask about the first that they make sure enough. Never about what is known, skipped or refused."""
    if turn.slot("neutral") or turn.loop:
        return outcome
    barred = turn.slot("not_so") or []
    held = dict(turn.slot("guesses") or {})
    ask: str | None = None
    for name, value in hints.items():
        if turn.slot(name) is not None or name in barred:
            continue
        before = held[name]["sureness"] if name in held and held[name]["value"] == value else 0.0
        held[name] = {"value": value, "sureness": surer(before)}
        if before < SURE_ENOUGH <= held[name]["sureness"]:
            ask = ask or name
    if held != (turn.slot("guesses") or {}):
        outcome.set(guesses=held)
    return question(outcome, ask, held[ask]["value"]) if ask else outcome


def question(outcome: Outcome, name: str, value: Any) -> Outcome:
    """Ask whether it is so; yes and no weigh the same."""
    return outcome.say(
        f"utter_guess_{name}", value=ATTRIBUTES[name].read(value), buttons=answer_buttons(name)
    ).set(offer=OFFER + name)  # fmt: skip


def answer_buttons(name: str) -> list[dict[str, str]]:
    carried = f'{{"attribute":"{name}"}}'
    yes, no = (
        button("Yes, that is right", f"/confirm_guess{carried}"),
        button("No, it is not", f"/refuse_guess{carried}"),
    )
    return [yes, no]


def confirm(turn: Turn) -> Outcome:
    """It is so: from now on it is known."""
    name, held = _meant(turn)
    if name not in held:
        return Outcome().say("utter_what_next")
    value = held.pop(name)["value"]
    outcome = Outcome().set(**{name: value}, guesses=held, offer=None)
    if name == "level":
        outcome.set(**tone.following(value, turn.slots))
    return outcome.say("utter_noted", facts=in_words({name: value}))


def refuse(turn: Turn) -> Outcome:
    """It is not so: gone, and not gathered again soon."""
    name, held = _meant(turn)
    if name not in ATTRIBUTES:
        return Outcome().say("utter_what_next")
    held.pop(name, None)
    barred = sorted({*(turn.slot("not_so") or []), name})
    outcome = Outcome().set(guesses=held, not_so=barred, offer=None)
    value = answers.read(name, turn.said, asked=False) if turn.said else None
    if value is not None:  # "no, from Lisbon"
        return outcome.set(**{name: value}).say("utter_changed", facts=in_words({name: value}))
    return outcome.say("utter_guess_dropped")


def _meant(turn: Turn) -> tuple[str, dict[str, Any]]:
    offered = turn.offered or ""
    name = turn.entity("attribute") or (offered.removeprefix(OFFER) if offered.startswith(OFFER) else "")
    return str(name), dict(turn.slot("guesses") or {})
