"""Conversations at hand: a tracker is read from the store only when somebody else has written to it.

Reading replays every event of the conversation. The last event in the store tells whether the tracker kept
from the turn before is still the whole truth, also with several engines over one store.
"""

from collections import OrderedDict
from typing import Optional

from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, select

MOST = 500  # conversations

_EVENT = SQLTrackerStore.SQLEvent
LAST = select(_EVENT.timestamp).where(_EVENT.sender_id == bindparam("conversation")).order_by(_EVENT.id.desc()).limit(1)


class KeptTrackers:
    """The trackers of the latest conversations, each as it was saved last."""

    def __init__(self) -> None:
        self._trackers: "OrderedDict[str, DialogueStateTracker]" = OrderedDict()

    async def get(self, processor: MessageProcessor, conversation: str) -> DialogueStateTracker:
        """The tracker of a conversation; it is out of the keeping until it is saved and kept again."""
        kept = self._trackers.pop(conversation, None)
        if kept is not None and last_stored(processor.tracker_store, conversation) == kept.events[-1].timestamp:
            return kept
        return await processor.get_tracker(conversation)

    def keep(self, tracker: DialogueStateTracker) -> None:
        """Keep a tracker that has just been saved."""
        # The store counts from the latest session start; a tracker with two would be saved from the wrong event on.
        if sum(isinstance(event, SessionStarted) for event in tracker.events) > 1:
            return
        self._trackers[tracker.sender_id] = tracker
        if len(self._trackers) > MOST:
            self._trackers.popitem(last=False)

    def drop(self, conversation: str) -> None:
        """Keep it no longer."""
        self._trackers.pop(conversation, None)


def last_stored(store: object, conversation: str) -> Optional[float]:
    """When the last stored event of a conversation happened (UNIX time); None if there is none to ask for."""
    if not isinstance(store, SQLTrackerStore):
        return None
    with store.session_scope() as session:
        timestamp = session.execute(LAST, {"conversation": conversation}).scalar()
    return None if timestamp is None else float(timestamp)
