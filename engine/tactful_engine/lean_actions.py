"""Calls to custom actions that stay small: Rasa sends the whole history with each, and checks each answer slowly."""

from collections import deque
from functools import lru_cache
from typing import Any, Dict, Tuple

import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from tactful_engine.carried_on import TAKEN_ALONG

# Events sent to an action: as many as a long conversation goes on with. Actions look two turns back, and for
# something said just before consent was given to keep it.
LATEST_EVENTS = TAKEN_ALONG

# What actions ask of an event, and what Rasa calls it. By the type itself: to ask `isinstance` of Rasa's events, which
# are abstract, takes ten times as long.
ASKED: Dict[type, Tuple[Tuple[str, str], ...]] = {
    UserUttered: (("text", "text"),),
    BotUttered: (("text", "text"),),
    SlotSet: (("name", "key"), ("value", "value")),
    ActionExecuted: (("name", "action_name"),),
    ActionExecutionRejected: (("name", "action_name"),),
    ActiveLoop: (("name", "name"),),
}


def apply() -> None:
    """Put the leaner ways in place of Rasa's, for this process. Rasa has no other hook for them."""
    RemoteAction._action_call_format = call_format
    RemoteAction._validate_action_result = validate_result
    # Rasa looks through all classes for every event that it reads.
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def call_format(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
    """What the action server is sent: as Rasa's, with the latest events in brief and never the domain."""
    state = tracker.current_state()
    state["events"] = [brief(event) for event in deque(tracker.events, LATEST_EVENTS)]
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }


def brief(event: Event) -> Dict[str, Any]:
    """What actions ask of an event: its kind, and what was said, set or done. All else would be 500 bytes an event."""
    told: Dict[str, Any] = {"event": event.type_name, "timestamp": event.timestamp}
    for asked, name in ASKED.get(type(event), ()):
        told[asked] = getattr(event, name)
    return told


def validate_result(action: RemoteAction, result: Dict[str, Any]) -> bool:
    """Whether the action server's answer has the right shape; Rasa's JSON schema takes ten times as long.

    Errors: `RasaException` when it has not.
    """
    lists = [result.get(name, []) for name in ("events", "responses")] if isinstance(result, dict) else [None]
    if not all(isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries) for entries in lists):
        raise RasaException(f"The answer of {action.name()} has not the shape of an action's answer.")
    if not all(isinstance(event.get("event"), str) for event in lists[0]):
        raise RasaException(f"An event of {action.name()} has no name.")
    return True
