"""A long conversation goes on under a new session start that holds all it means: no turn costs more for its length.

Rasa reads, replays and copies everything since the last session start. So a session that has become long is closed,
and the next begins with what was then: every slot that was set, the open form, and the last turns as they were.
"""

import copy
import time
from typing import List, Optional

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

LONGEST = 500  # events of a session, about 70 turns
TAKEN_ALONG = 60  # the latest of them, rounded up to whole turns: as many as an action or a rule looks back


def carried_on(tracker: DialogueStateTracker, domain: Domain, longest: int = LONGEST) -> Optional[DialogueStateTracker]:
    """The same conversation under a new session start; None where it is not long, or would not be the same."""
    if len(tracker.events) < longest:
        return None
    events = list(tracker.events)
    cut = _cut(events)
    if cut is None:
        return None
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots, domain=domain)
    now = time.time()
    new = DialogueStateTracker(tracker.sender_id, domain.slots)
    for event in (*_head(before), *events[cut:]):
        event = copy.copy(event)
        event.timestamp = now  # the store looks for what is not older than the session start
        new.update(event, domain)
    new.model_id, new.assistant_id = tracker.model_id, tracker.assistant_id
    return new if _meaning(new) == _meaning(tracker) else None


def _cut(events: List[Event]) -> Optional[int]:
    """Where the last turns begin: at a message that follows a moment of listening."""
    for place in range(len(events) - TAKEN_ALONG, 0, -1):
        listened = isinstance(events[place - 1], ActionExecuted) and events[place - 1].action_name == "action_listen"
        if listened and isinstance(events[place], UserUttered):
            return place
    return None


def _head(before: DialogueStateTracker) -> List[Event]:
    """Events that bring an empty tracker to where this one is."""
    head: List[Event] = [SessionStarted()]
    head += [SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.has_been_set]
    if before.active_loop is not None and before.active_loop_name:
        head += [ActionExecuted(before.active_loop_name), ActiveLoop(before.active_loop_name)]
        if before.is_active_loop_rejected:
            head += [ActionExecutionRejected(before.active_loop_name)]
    return [*head, ActionExecuted("action_listen")]


def _meaning(tracker: DialogueStateTracker) -> dict:
    state = tracker.current_state(EventVerbosity.NONE)
    del state["latest_event_time"]
    if state["active_loop"]:
        # What was said when the form was opened: Rasa notes it and never looks at it.
        state["active_loop"].pop("trigger_message", None)
    return state | {"set": {name for name, slot in tracker.slots.items() if slot.has_been_set}}
