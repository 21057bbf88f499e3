"""Copies of a tracker that are made by copying: Rasa replays the whole conversation for each action that it runs."""

import copy
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

COURSE = "tactful_course"  # what `recent_rules` remembers of a tracker; it belongs to that one alone


def apply() -> None:
    """Put the leaner way in place of Rasa's, for this process. Rasa has no other hook for it."""
    DialogueStateTracker.copy = copied


def copied(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The tracker as it is, on its own: what is done to either does not touch the other. They share events."""
    double = _shallow(tracker)
    double.__dict__.pop(COURSE, None)
    double.events = copy.copy(tracker.events)
    double.slots = type(tracker.slots)({name: _shallow(slot) for name, slot in tracker.slots.items()})
    double.active_loop = copy.copy(tracker.active_loop)
    return double


def _shallow(thing: Any) -> Any:
    """As `copy.copy` of an object without a way of its own; half the time."""
    double = object.__new__(type(thing))
    double.__dict__.update(thing.__dict__)
    return double
