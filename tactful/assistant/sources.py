"""How each fact was learned, in words."""

from collections.abc import Mapping
from typing import Any

from tactful.assistant import context
from tactful.assistant.attributes import in_words
from tactful.assistant.turn import Turn

HOW = {"told": "you told me", "chosen": "you chose it", "inferred": "I gathered it, and you said it is right"}


def with_sources(turn: Turn, facts: Mapping[str, Any]) -> str:
    """ "home Porto (you told me), budget about 800 € (you chose it)"; empty when there is nothing."""
    learned = context.current().learned(turn.conversation)
    asked = turn.slot("trip_request") or {}
    parts = []
    for name, value in facts.items():
        if words := in_words({name: value}):
            only_now = name in asked and turn.slot(name) != value
            how = "you asked for it just now" if only_now else HOW[learned.get(name, "told")]
            parts.append(f"{words} ({how})")
    return ", ".join(parts)
