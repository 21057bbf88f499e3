"""Rules look at the latest states only, and see in them what Rasa's own policy sees."""

import random
from typing import List

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from tactful_engine.recent_rules import LATEST, latest_states

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "inform", "bye"],
        "actions": ["action_ask", "action_tell"],
        "forms": {"onboarding_form": {"required_slots": []}},
        "slots": {"level": {"type": "categorical", "values": ["new", "developer"], "mappings": [{"type": "custom"}]}},
    }
)


def conversation(turns: int, seed: int = 7, restarts: float = 0.0) -> DialogueStateTracker:
    """Turns with loops, slots and an occasional fresh start, as they come."""
    chance = random.Random(seed)  # noqa: S311
    events: List[Event] = [ActionExecuted("action_listen")]
    for number in range(turns):
        intent = chance.choice(["greet", "inform", "bye"])
        events += [UserUttered(f"text {number}", intent={"name": intent, "confidence": 1.0})]
        events += [
            chance.choice(
                [
                    ActiveLoop(chance.choice(["onboarding_form", None])),
                    SlotSet("level", chance.choice(["new", "developer", None])),
                    LoopInterrupted(chance.random() < 0.5),
                    ActionExecuted("action_ask"),
                    AllSlotsReset(),
                    Restarted() if chance.random() < restarts else ActionExecuted("action_tell"),
                ]
            ),
            ActionExecuted("action_listen"),
        ]
    return DialogueStateTracker.from_events("c1", events, DOMAIN.slots, domain=DOMAIN)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("turns", [0, 1, 3, 30])
def test_the_latest_states_are_those_that_rasa_would_give(turns: int, seed: int) -> None:
    tracker = conversation(turns, seed, restarts=0.2)
    rasas = [dict(state) for state in DOMAIN.states_for_tracker_history(tracker, omit_unset_slots=False)]
    assert [dict(state) for state in latest_states(tracker, DOMAIN)] == rasas[-LATEST:]


def test_a_long_conversation_costs_no_more_states_than_a_short_one() -> None:
    assert len(latest_states(conversation(80), DOMAIN)) == LATEST


def test_the_tracker_itself_is_left_as_it_was() -> None:
    tracker = conversation(20)
    before = list(tracker.events), tracker.current_slot_values()
    latest_states(tracker, DOMAIN)
    assert (list(tracker.events), tracker.current_slot_values()) == before
