"""A long conversation goes on under a new session start: shorter, and in every respect the same."""

import asyncio
import random
from pathlib import Path
from typing import List

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from tactful_engine.carried_on import TAKEN_ALONG, carried_on
from tactful_engine.lean_store import lean, mark_stored
from tactful_engine.recent_states import LATEST, latest_states
from tactful_engine.turn_rows import events_in

FORM = "onboarding_form"
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "inform"],
        "actions": ["action_tell"],
        "forms": {FORM: {"required_slots": []}},
        "slots": {
            "level": {"type": "categorical", "values": ["new", "developer"], "mappings": [{"type": "custom"}]},
            "offer": {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "never": {"type": "bool", "mappings": [{"type": "custom"}]},
        },
    }
)


def a_turn(number: int, chance: random.Random) -> List[Event]:
    said: List[Event] = [
        UserUttered(f"text {number}", {"name": "inform", "confidence": 1.0}, message_id=f"c1:{number}")
    ]
    done = chance.choice(
        [
            [ActionExecuted(FORM), ActiveLoop(FORM), SlotSet("requested_slot", "level")],
            [ActionExecuted(FORM), SlotSet("level", chance.choice(["new", "developer"]))],
            [ActionExecutionRejected(FORM), ActionExecuted("action_tell"), SlotSet("offer", f"o{number}")],
            [ActionExecuted("action_tell"), SlotSet("offer", None)],
            [ActionExecuted(FORM), ActiveLoop(None), SlotSet("requested_slot", None)],
        ]
    )
    return [*said, *done, BotUttered(f"answer {number}"), ActionExecuted("action_listen")]


def long_conversation(seed: int, turns: int = 80) -> DialogueStateTracker:
    chance = random.Random(seed)  # noqa: S311
    events: List[Event] = [SessionStarted(), SlotSet("level", "new"), ActionExecuted("action_listen")]
    for number in range(turns):
        events += a_turn(number, chance)
    return DialogueStateTracker.from_events("c1", events, DOMAIN.slots, domain=DOMAIN)


@pytest.mark.parametrize("seed", range(20))
def test_all_that_a_conversation_means_goes_on(seed: int) -> None:
    long = long_conversation(seed)
    short = carried_on(long, DOMAIN, longest=200)
    assert short is not None
    assert TAKEN_ALONG <= len(short.events) < TAKEN_ALONG + 20 < len(long.events)
    assert short.current_slot_values() == long.current_slot_values()
    assert short.active_loop_name == long.active_loop_name
    assert short.is_active_loop_rejected == long.is_active_loop_rejected
    assert short.latest_message.text == long.latest_message.text
    assert short.latest_action == long.latest_action
    assert latest_states(short, DOMAIN)[-8:] == latest_states(long, DOMAIN)[-8:]
    lasts = [[event.text for event in each.events if isinstance(event, UserUttered)][-5:] for each in (short, long)]
    assert lasts[0] == lasts[1]


@pytest.mark.parametrize("seed", range(10))
def test_both_go_on_alike(seed: int) -> None:
    long = long_conversation(seed)
    short = carried_on(long, DOMAIN, longest=200)
    assert short is not None
    for number in range(80, 100):
        for event in a_turn(number, random.Random(number)):  # noqa: S311
            long.update(event, DOMAIN)
            short.update(event, DOMAIN)
            assert latest_states(short, DOMAIN)[-8:] == latest_states(long, DOMAIN)[-8:]
    assert short.current_slot_values() == long.current_slot_values()


def test_a_short_conversation_is_left_as_it_is() -> None:
    assert carried_on(long_conversation(1, turns=5), DOMAIN) is None
    assert carried_on(DialogueStateTracker.from_events("c1", [], DOMAIN.slots), DOMAIN) is None


def test_the_long_tracker_is_left_as_it_was() -> None:
    long = long_conversation(3)
    before = [event.as_dict() for event in long.events]
    carried_on(long, DOMAIN, longest=200)
    assert [event.as_dict() for event in long.events] == before


def test_a_store_reads_the_new_session_only_and_keeps_the_old_one(tmp_path: Path) -> None:
    store = SQLTrackerStore(DOMAIN, db=str(tmp_path / "engine.db"))
    lean(store)
    long = long_conversation(5)
    asyncio.run(store.save(long))
    short = carried_on(long, DOMAIN, longest=200)
    assert short is not None
    mark_stored(short, 0)
    asyncio.run(store.save(short))
    read = asyncio.run(store.retrieve("c1"))
    assert read is not None
    assert read.current_slot_values() == long.current_slot_values()
    assert read.active_loop_name == long.active_loop_name
    assert latest_states(read, DOMAIN)[-LATEST // 2 :] == latest_states(long, DOMAIN)[-LATEST // 2 :]
    assert sum(event["event"] == "user" for event in events_in(str(tmp_path / "engine.db"))) > 80
