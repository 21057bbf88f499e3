"""Plain or developer: switched when asked for, offered when the words suggest it, never silently."""

import re
from collections.abc import Mapping

from tactful.assistant.turn import Outcome, Turn, button

DEVELOPER_TOPICS = {
    "api_key_create", "api_key_rotate", "auth_error", "webhook_setup", "webhook_failure", "rate_limit",
    "sdk_install", "sdk_error", "api_status", "api_sandbox",
}  # fmt: skip
VOCABULARY = re.compile(
    r"\b(?:api|endpoint|webhooks?|json|payload|sdk|oauth|bearer|token|curl|http|https|header|hmac|pip|npm|backend|"
    r"stack ?trace|timeout|[45]\d\d|post|request|sandbox|localhost)\b",
    re.IGNORECASE,
)
ASKS_FOR_IT = re.compile(
    r"\b(?:simple\w*|simpler|plain|easy|technical|jargon|switch|mode|step|talk|eli5|normal)\b", re.I
)
TURNS_TO_OFFER = 2
TONES = {"new": "plain", "developer": "developer"}  # what goes with which level


def following(level: object, slots: Mapping[str, object]) -> dict[str, str]:
    """The tone that goes with a level just told, unless the customer chose another than went with the former one."""
    before = slots.get("tone")
    if level not in TONES or (before and before != TONES.get(str(slots.get("level")))):
        return {}
    return {"tone": TONES[str(level)]}


def switch(turn: Turn) -> Outcome:
    """Switch and say so. Only puzzled ("what does all that mean?"), a developer is asked first."""
    wanted = "developer" if turn.intent == "switch_to_developer" else "plain"
    if wanted == "plain" and turn.slot("tone") == "developer" and turn.said and not ASKS_FOR_IT.search(turn.said):
        return _offer("plain")
    already = turn.slot("tone") == wanted
    return (
        Outcome()
        .set(tone=wanted, offer=None, tone_offered=True)
        .say(f"utter_tone_{'is' if already else 'now'}_{wanted}")
    )


def offer(turn: Turn) -> Outcome:
    """Offer developer answers to somebody who speaks like one, once a session."""
    if turn.slot("tone_offered") or turn.slot("tone") == "developer" or turn.loop:
        return Outcome()
    if sum(technical(event[0]) for event in turn.turns) < TURNS_TO_OFFER:
        return Outcome()
    return _offer("developer")


def technical(said: object) -> bool:
    """Whether a message speaks of what developers deal with."""
    text = said.get("text") or "" if isinstance(said, dict) else ""
    return bool(VOCABULARY.search(text))


def _offer(tone: str) -> Outcome:
    choices = [button("Yes, please", f"/switch_to_{tone}"), button("No, stay like this", "/deny")]
    return Outcome().say(f"utter_offer_{tone}", buttons=choices).set(tone_offered=True, offer=f"tone_{tone}")
