"""Conversations at hand: a tracker is read from the store only when somebody else has written to it.

Reading replays every event of the conversation. The last event in the store tells whether the tracker kept
from the turn before is still the whole truth, also with several engines over one store.
"""

from collections import OrderedDict
from typing import Any, Dict, Optional

from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from tactful_engine.lean_store import LAST, PARSED, RANKED, mark_based_on

MOST, MOST_EVENTS = 500, 20_000  # conversations, and events of all of them together
KEPT_SHORT = {*PARSED, "text", "message_id", "metadata"}  # a message that was read back has no more


class KeptTrackers:
    """The trackers of the latest conversations, each as it was saved last."""

    def __init__(self) -> None:
        self._trackers: "OrderedDict[str, DialogueStateTracker]" = OrderedDict()
        self._lengths: Dict[str, int] = {}
        self._events = 0

    async def get(self, processor: MessageProcessor, conversation: str) -> DialogueStateTracker:
        """The tracker of a conversation; it is out of the keeping until it is saved and kept again.

        It knows on which row of the store it is based: it is not saved once another engine has stored more.
        """
        kept = self.drop(conversation)
        if not isinstance(processor.tracker_store, SQLTrackerStore):
            return await processor.get_tracker(conversation)
        last = last_stored(processor.tracker_store, conversation)  # asked for before reading: never too new
        if kept is None or last is None or float(last.timestamp) != kept.events[-1].timestamp:
            kept = await processor.get_tracker(conversation)
        mark_based_on(kept, last.id if last else None)
        return kept

    def keep(self, tracker: DialogueStateTracker) -> None:
        """Keep a tracker that has just been saved."""
        # The store counts from the latest session start; a tracker with two would be saved from the wrong event on.
        if sum(type(event) is SessionStarted for event in tracker.events) > 1:
            return
        _shorten(tracker)
        self.drop(tracker.sender_id)
        self._trackers[tracker.sender_id] = tracker
        self._lengths[tracker.sender_id] = len(tracker.events)
        self._events += len(tracker.events)
        while len(self._trackers) > MOST or (self._events > MOST_EVENTS and len(self._trackers) > 1):
            self.drop(next(iter(self._trackers)))

    def drop(self, conversation: str) -> Optional[DialogueStateTracker]:
        """Keep it no longer; it, if it was kept."""
        self._events -= self._lengths.pop(conversation, 0)
        return self._trackers.pop(conversation, None)


def _shorten(tracker: DialogueStateTracker) -> None:
    """Leave of what each message was parsed as what the store holds: all intents, ranked, take 20 KB a message."""
    for event in reversed(tracker.events):
        if type(event) is not UserUttered:
            continue
        if event.parse_data.keys() <= KEPT_SHORT:
            return  # and so are those before it
        ranking = event.parse_data.get("intent_ranking") or []
        held = {name: event.parse_data[name] for name in KEPT_SHORT if name in event.parse_data}
        event.parse_data = {**held, "intent_ranking": ranking[:RANKED]}


def last_stored(store: SQLTrackerStore, conversation: str) -> Optional[Any]:
    """The row (`id`, and `timestamp` in UNIX time) of the last stored event of a conversation; None without one."""
    with store.engine.connect() as connection:
        return connection.execute(LAST, {"conversation": conversation}).first()
