"""The latest states of a conversation, worked out as it goes on; each is what Rasa would give for it.

Rasa applies every event since the session began anew for each action that it predicts. Here each event is applied
once, also those that a form takes back: what was before them is at hand.
"""

from itertools import islice
from typing import Any, Dict, List, NamedTuple, Set

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker

from tactful_engine.lean_trackers import COURSE, copied

# States looked at. A rule has a state for each of its steps; ours have at most eight.
LATEST = 16
SPARE = 8  # more of them are held, since a form takes some back


class Before(NamedTuple):
    """What was before an action: how many events counted, and the state."""

    place: int
    state: State


class Course:
    """A conversation as rules see it: events that count, the states before its latest actions."""

    def __init__(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        self._empty, self._domain = tracker.init_copy(), domain
        self._loops: Set[str] = {event.name for event in tracker.events if isinstance(event, ActiveLoop) and event.name}
        self.seen = 0
        self.last: Any = None
        self._start()

    def _start(self) -> None:
        self._applied: List[Event] = []
        self._before: List[Before] = []
        self._now = copied(self._empty)
        # Where a loop's action was last, and what was before it: up to there the loop's next run takes back.
        self._place, self._then = 0, copied(self._empty)

    def goes_on(self, tracker: DialogueStateTracker) -> bool:
        """Whether the tracker is the one followed, and nothing was taken from it."""
        events = tracker.events
        return self.seen <= len(events) and (self.seen == 0 or events[self.seen - 1] is self.last)

    def follow(self, tracker: DialogueStateTracker) -> bool:
        """Take in what is new; False if it changes how the events before are read."""
        for event in islice(tracker.events, self.seen, None):
            if isinstance(event, ActiveLoop) and event.name and event.name not in self._loops:
                return False
            self._take(event)
            self.seen, self.last = self.seen + 1, event
        return True

    def _take(self, event: Event) -> None:
        """As Rasa's `applied_events` reads one event."""
        if isinstance(event, (Restarted, SessionStarted)):
            self._start()
        elif isinstance(event, (ActionReverted, UserUtteranceReverted)):
            tracker = copied(self._empty)
            tracker.events.extend([*self._applied, event])
            self._again(tracker.applied_events(), 0)
        elif self._repeats_its_loop(event):
            first = next(
                place
                for place in range(len(self._applied) - 1, -1, -1)
                if isinstance(self._applied[place], ActionExecuted)
                and self._applied[place].action_name == event.action_name
            )
            kept = list(self._applied)
            self._now._undo_till_previous_loop_execution(event.action_name, kept)
            self._again(kept, first)
        else:
            self._apply(event)

    def _repeats_its_loop(self, event: Event) -> bool:
        return (
            isinstance(event, ActionExecuted)
            and event.action_name in self._loops
            and not self._now._first_loop_execution_or_unhappy_path(event.action_name, self._applied)
        )

    def _again(self, applied: List[Event], first: int) -> None:
        """Apply these events, of which those before `first` are as they were."""
        if not first or first != self._place:
            self._start()
        while self._before and self._before[-1].place >= self._place:
            self._before.pop()
        self._applied, self._now = applied[: self._place], copied(self._then)
        for event in applied[len(self._applied) :]:
            self._apply(event)

    def _apply(self, event: Event) -> None:
        if isinstance(event, ActionExecuted):
            self._before.append(Before(len(self._applied), self._state()))
            del self._before[: -LATEST - SPARE]
            if event.action_name in self._domain.form_names:
                self._place, self._then = len(self._applied), copied(self._now)
        self._applied.append(event)
        event.apply_to(self._now)

    def _state(self) -> State:
        return self._domain._clean_state(self._domain.get_active_state(self._now))

    def states(self) -> List[State]:
        """The states before the latest actions and the present one, oldest first."""
        past = [before.state for before in self._before[-(LATEST - 1) :]]
        return [{kind: _own(part) for kind, part in state.items()} for state in (*past, self._state())]


def _own(part: Dict[str, Any]) -> Dict[str, Any]:
    """A part of a state that may be changed: featurizers do."""
    return dict(part) if isinstance(part, dict) else part


def latest_states(tracker: DialogueStateTracker, domain: Domain) -> List[State]:
    """The states before the latest actions and the present one, oldest first; as `past_states` gives them."""
    course = tracker.__dict__.get(COURSE)
    if course is None or not course.goes_on(tracker) or not course.follow(tracker):
        course = Course(tracker, domain)
        course.follow(tracker)
        setattr(tracker, COURSE, course)
    return course.states()
