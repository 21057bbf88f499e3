"""The onboarding form: understands answers in any order, never insists."""

import re
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet

from tactful.assistant import answers, entities
from tactful.assistant.attributes import ATTRIBUTES, SKIPPED, in_words, named
from tactful.assistant.questions import CONSENT, SENSITIVE, open_questions, reopened
from tactful.assistant.tone import following
from tactful.assistant.turn import Outcome, Turn, button
from tactful.assistant.words import NOTHING

# Intents of a message that may hold an answer. Everything else is somebody else's question.
ANSWERING = {
    "inform", "change_profile", "affirm", "deny", "skip", "greet", "nlu_fallback", "choose_trip", "out_of_scope",
    "say_developer", "say_new_subscriber", "give_name", "give_consent", "refuse_consent", "start_onboarding",
}  # fmt: skip
# Of these, a message without an answer in it is one that was not understood, rather than another subject.
UNCLEAR = {"inform", "nlu_fallback", "affirm", "choose_trip", "out_of_scope"}
# Topics can be misread from a word or two: "porto" is an answer, "how much is a flight to porto" is not.
LONGEST_BARE = 3  # words
LONGEST_UNCLEAR = 8  # words
ADD = re.compile(r"\b(?:add|also|too|as well)\b", re.IGNORECASE)
REMOVE = re.compile(r"\b(?:remove|delete|erase|drop|no longer|don'?t like|forget)\b", re.IGNORECASE)
PATIENCE = 2  # interruptions, or answers not understood, before the bot stops asking
SETTLED = {"attempts": 0, "interruptions": 0}


def validate(turn: Turn) -> Outcome:
    """One turn of the form: values for the profile and the question to ask next.

    Without events the form steps aside and another rule answers.
    """
    if turn.interrupted:
        return _after_interruption(turn)
    fresh = turn.requested is None
    outcome = Outcome()
    slots = dict(turn.slots)
    if fresh and turn.intent == "start_onboarding":
        again = reopened(slots)
        slots.update(again)
        outcome.set(**again)
    told = understood(turn)
    if turn.requested and turn.intent == "skip" and not told:
        told = {turn.requested: False if turn.requested == CONSENT else SKIPPED}
    if turn.requested and not told:
        if wanted := to_change(turn):
            return outcome.set(**{wanted: None}, **SETTLED, requested_slot=wanted)
        if turn.intent == "start_onboarding":
            # The questions have begun: the open one is asked once more, as a rule would begin what is under way.
            return outcome.set(requested_slot=turn.requested)
        return _not_understood(turn) if _unclear(turn) else Outcome()
    return _accept(outcome, slots, told, turn)


def understood(turn: Turn) -> dict[str, Any]:
    """What the message tells, as attribute → value; empty if it is about something else."""
    if turn.intent == "give_consent" or (turn.requested == CONSENT and turn.intent == "affirm"):
        return consenting(turn)
    if turn.intent == "refuse_consent" or (turn.requested == CONSENT and turn.intent == "deny"):
        return {CONSENT: False}
    if not turn.said:
        return _chosen(turn)
    told: dict[str, Any] = {}
    bare = len(turn.said.split()) <= LONGEST_BARE and "?" not in turn.said
    if turn.intent in ANSWERING and not turn.said.rstrip().endswith("?"):
        told = _read_all(turn)
    elif bare and turn.requested and turn.intent not in NOT_ANSWERS:
        value = _read(turn.requested, turn)
        told = {turn.requested: value} if value is not None else {}
    if turn.intent in LEVELS and "level" not in told:
        told["level"] = LEVELS[turn.intent]
    if not told and (wanted := to_change(turn)) and (value := _read(wanted, turn)) is not None:
        told = {wanted: value}
    told = merged(turn, told)
    if turn.intent == "give_name" and (name := answers.PLACEHOLDER.findall(turn.said)):
        told["name"] = name[-1]
    if (
        not told
        and turn.requested
        and turn.requested in ATTRIBUTES
        and turn.intent in {"deny", "inform"}
        and _none(turn)
    ):
        told = {turn.requested: SKIPPED}
    return told


def _read(attribute: str, turn: Turn) -> Any:
    value = answers.read(attribute, turn.said)
    return entities.read(attribute, turn, asked=True) if value is None else value


def _read_all(turn: Turn) -> dict[str, Any]:
    told = answers.read_all(turn.said, turn.requested)
    for name in ("home", "budget"):
        if name not in told and (value := entities.read(name, turn, asked=name == turn.requested)) is not None:
            told[name] = value
    return told


NOT_ANSWERS = {"ask_why", "stop_questions", "skip", "human_handoff", "complaint", "goodbye", "thanks", "forget_me",
               "ask_known_data", "switch_to_developer", "switch_to_plain"}  # fmt: skip
LEVELS = {"say_developer": "developer", "say_new_subscriber": "new"}


def to_change(turn: Turn) -> str | None:
    """The attribute that the customer wants to change, by name or button."""
    if turn.intent != "change_profile":
        return None
    wanted = turn.entity("attribute") or named(turn.said)
    return wanted if wanted in answers.READERS else None


def merged(turn: Turn, told: dict[str, Any]) -> dict[str, Any]:
    """Lists grow by "add hiking" and shrink by "remove museums"; otherwise the new list replaces the old one."""
    result = dict(told)
    for name, value in told.items():
        old = turn.slot(name)
        if not isinstance(value, list) or not isinstance(old, list):
            continue
        if ADD.search(turn.said):
            result[name] = [*old, *(item for item in value if item not in old)]
        elif REMOVE.search(turn.said):
            result[name] = [item for item in old if item not in value] or SKIPPED
    return result


def _chosen(turn: Turn) -> dict[str, Any]:
    """What a button carried."""
    if turn.intent in LEVELS:
        return {"level": LEVELS[turn.intent]}
    found = {name: _carried(turn, name) for name in answers.READERS}
    return {name: value for name, value in found.items() if value is not None}


def _carried(turn: Turn, name: str) -> Any:
    value = next((v for key in answers.BUTTONS.get(name, (name,)) if (v := turn.entity(key)) is not None), None)
    if isinstance(value, str) and value != SKIPPED:
        return answers.read(name, value) or value
    return value


def _none(turn: Turn) -> bool:
    return turn.intent == "deny" or (turn.intent == "inform" and bool(NOTHING.search(turn.said)))


def consenting(turn: Turn) -> dict[str, Any]:
    """Consent, and what was said before it was given."""
    return {CONSENT: True, **_said_before(turn)}


def _said_before(turn: Turn) -> dict[str, Any]:
    """Sensitive things said before there was consent for them."""
    told: dict[str, Any] = {}
    for text in turn.texts():
        for name in SENSITIVE:
            if name not in told and (value := answers.read(name, text, asked=False)):
                told[name] = value
    return told


def _accept(outcome: Outcome, slots: dict[str, Any], told: dict[str, Any], turn: Turn) -> Outcome:
    sensitive = {name: told.pop(name) for name in SENSITIVE if name in told and told[name] != SKIPPED}
    told |= following(told.get("level"), turn.slots)
    slots.update(told)
    if sensitive and slots.get(CONSENT) is True:
        told |= sensitive
        slots.update(sensitive)
    elif sensitive:
        slots[CONSENT] = None
        told[CONSENT] = None
    remaining = open_questions(slots)
    if sensitive and slots.get(CONSENT) is None:
        remaining = [CONSENT]
    if said := _said_back(told, turn):
        outcome.say("utter_noted", facts=said)
    return outcome.set(**told, **SETTLED, requested_slot=remaining[0] if remaining else None)


def _said_back(told: dict[str, Any], turn: Turn) -> str:
    """What to repeat: several facts at once, one nobody asked for, or a number made out of words."""
    facts = {name: value for name, value in told.items() if value != SKIPPED}
    reading = in_words(facts)
    others = set(facts) & set(ATTRIBUTES) - {turn.requested, "name"}
    estimated = "budget" in facts and f"{facts['budget']:.0f}" not in turn.said.replace(" ", "").replace(",", "")
    return reading if others - ({"level"} if turn.intent in LEVELS else set()) or (estimated and turn.said) else ""


def _unclear(turn: Turn) -> bool:
    return (
        turn.intent in UNCLEAR and "?" not in turn.said and len(turn.said.split()) <= LONGEST_UNCLEAR
        and not (turn.intent == "out_of_scope" and len(turn.said.split()) > LONGEST_BARE)
    )  # fmt: skip


def _not_understood(turn: Turn) -> Outcome:
    """Help once, offer to skip once, then leave it."""
    attempts = (turn.slot("attempts") or 0) + 1
    if attempts > PATIENCE:
        return _pause(Outcome())
    outcome = Outcome().say(f"utter_unclear_{turn.requested}" if attempts < PATIENCE else "utter_offer_skip")
    return outcome.set(attempts=attempts, requested_slot=turn.requested)


def _after_interruption(turn: Turn) -> Outcome:
    """The other question has been answered; come back to ours once, and without a word when it was "why?"."""
    if turn.intent == "ask_why":
        return Outcome().set(requested_slot=turn.requested)
    interruptions = (turn.slot("interruptions") or 0) + 1
    if interruptions >= PATIENCE:
        return _pause(Outcome())
    outcome = Outcome().say("utter_back_to_questions")
    return outcome.set(interruptions=interruptions, requested_slot=turn.requested)


def _pause(outcome: Outcome) -> Outcome:
    outcome.say("utter_questions_paused", buttons=[button("Finish set-up", "/start_onboarding")])
    return outcome.set(**SETTLED, onboarding_paused=True, requested_slot=None)


def done(turn: Turn) -> Outcome:
    """After the form: sum up, unless it was only put aside."""
    if turn.slot("onboarding_paused"):
        return Outcome().set(onboarding_paused=None, onboarding_open=False)
    facts = in_words(turn.slots)
    outcome = Outcome().set(onboarding_done=True, onboarding_open=False)
    if not facts:
        return outcome.say("utter_onboarding_done_empty")
    return outcome.say("utter_onboarding_done", facts=facts)


def stop(turn: Turn) -> Outcome:
    """No more questions, ever, unless the customer asks for them."""
    outcome = Outcome().set(onboarding_done=True, onboarding_open=False, **SETTLED)
    outcome.say("utter_questions_stopped", buttons=[button("Finish set-up", "/start_onboarding")])
    return close_form(outcome)


def close_form(outcome: Outcome) -> Outcome:
    """Leave whatever form is active."""
    outcome.events += [ActiveLoop(None), SlotSet("requested_slot", None)]
    return outcome
