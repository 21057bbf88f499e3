"""Trackers kept between turns, and a store that saves only what is new: never a stale history, never one doubled."""

import asyncio
import copy
import json
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, List

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from tactful_engine.dictionary import dictionary_of
from tactful_engine.kept_trackers import MOST, MOST_EVENTS, KeptTrackers, last_stored
from tactful_engine.lean_store import Overtaken, lean, mark_stored, rows_of, slim, turn_of
from tactful_engine.turn_rows import compressor, events_in, number_of, text_of, unpacked

DOMAIN = Domain.from_dict({"intents": ["greet"], "slots": {"city": {"type": "text", "mappings": [{"type": "custom"}]}}})


class Processor:
    """What `KeptTrackers` needs of Rasa's processor: the store, and a tracker read from it."""

    def __init__(self, store: Any) -> None:
        self.tracker_store = store
        self.read = 0

    async def get_tracker(self, conversation: str) -> DialogueStateTracker:
        self.read += 1
        return await self.tracker_store.get_or_create_tracker(conversation, append_action_listen=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "engine.db"


def opened(file: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, db=str(file))


def stored(file: Path) -> List[str]:
    """What is in the file, in order."""
    return [event.get("text") or event["event"] for event in events_in(str(file))]


def turn(processor: Processor, kept: KeptTrackers, text: str, conversation: str = "c1") -> DialogueStateTracker:
    async def run() -> DialogueStateTracker:
        tracker = await kept.get(processor, conversation)
        mark_stored(tracker)
        tracker.update(UserUttered(text))
        tracker.update(BotUttered(f"You said: {text}"))
        await processor.tracker_store.save(tracker)
        kept.keep(tracker)
        return tracker

    return asyncio.run(run())


def test_each_event_is_stored_once_and_read_once(file: Path) -> None:
    processor, kept = Processor(opened(file)), KeptTrackers()
    lean(processor.tracker_store)
    for text in ("one", "two", "three"):
        turn(processor, kept, text)
    assert stored(file) == ["one", "You said: one", "two", "You said: two", "three", "You said: three"]
    assert processor.read == 1


def test_a_message_is_kept_with_no_more_of_its_parse_than_is_stored(file: Path) -> None:
    processor, kept = Processor(opened(file)), KeptTrackers()
    lean(processor.tracker_store)
    ranking = [{"name": f"intent {number}", "confidence": 0.5} for number in range(60)]

    async def run() -> DialogueStateTracker:
        tracker = await kept.get(processor, "c1")
        mark_stored(tracker)
        for text in ("one", "two"):
            tracker.update(
                UserUttered(text, ranking[0], parse_data={"intent_ranking": ranking, "text_tokens": [(0, 3)]})
            )
        await processor.tracker_store.save(tracker)
        kept.keep(tracker)
        return tracker

    tracker = asyncio.run(run())
    read = asyncio.run(processor.get_tracker("c1"))
    for here, there in zip(tracker.events, read.events, strict=True):
        assert here.parse_data["intent_ranking"] == there.parse_data["intent_ranking"] == ranking[:5]
        assert here.parse_data.keys() == there.parse_data.keys()
        assert here.parse_data["intent"] == ranking[0]


def test_what_is_as_good_as_impossible_is_not_stored() -> None:
    def ranked(*confidences: float) -> List[float]:
        ranking = [{"name": str(place), "confidence": each} for place, each in enumerate(confidences)]
        told = slim(UserUttered("one", ranking[0], parse_data={"intent_ranking": ranking}).as_dict())
        return [guess["confidence"] for guess in told["parse_data"]["intent_ranking"]]

    assert ranked(0.9, 0.0504, 0.0099, 0.001) == [0.9, 0.05]
    assert ranked(0.004, 0.003) == [0.004]
    assert "data" not in slim(BotUttered("hello").as_dict())


def test_what_another_engine_wrote_is_seen(file: Path) -> None:
    here, there = Processor(opened_lean(file)), Processor(opened_lean(file))
    kept = KeptTrackers()
    turn(here, kept, "one")
    turn(there, KeptTrackers(), "two")
    tracker = turn(here, kept, "three")
    assert here.read == 2
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["one", "two", "three"]
    assert stored(file)[::2] == ["one", "two", "three"]


def test_a_turn_that_was_not_saved_leaves_nothing_behind(file: Path) -> None:
    processor, kept = Processor(opened(file)), KeptTrackers()
    lean(processor.tracker_store)
    turn(processor, kept, "one")
    lost = asyncio.run(kept.get(processor, "c1"))
    lost.update(UserUttered("lost"))
    assert [event.text for event in turn(processor, kept, "two").events][::2] == ["one", "two"]
    assert stored(file)[::2] == ["one", "two"]


def test_a_new_session_is_stored_from_its_first_event_on(file: Path) -> None:
    """Rasa reads back the events since the latest session start only; what came before must not be written again."""
    processor, kept = Processor(opened(file)), KeptTrackers()
    lean(processor.tracker_store)

    async def session(text: str) -> None:
        tracker = await kept.get(processor, "c1")
        mark_stored(tracker)
        for event in (SessionStarted(), UserUttered(text)):
            tracker.update(event)
        await processor.tracker_store.save(tracker)
        kept.keep(tracker)

    for text in ("one", "two", "three"):
        asyncio.run(session(text))
    turn(processor, kept, "four")
    assert [text for text in stored(file) if text != "session_started"] == [
        "one",
        "two",
        "three",
        "four",
        "You said: four",
    ]


def test_a_tracker_without_the_mark_is_saved_as_rasa_does(file: Path) -> None:
    store = opened(file)
    lean(store)
    tracker = DialogueStateTracker.from_events("c1", [SlotSet("city", "Porto")], DOMAIN.slots)
    for _ in range(2):
        asyncio.run(store.save(tracker))
    assert stored(file) == ["slot"]


def test_sqlite_is_kept_open_with_a_write_ahead_log(file: Path) -> None:
    store = opened(file)
    lean(store)
    lean(store)
    with store.session_scope() as session:
        assert session.execute("PRAGMA journal_mode").scalar() == "wal"
        assert session.execute("PRAGMA synchronous").scalar() == 2


def test_the_store_tells_its_last_event_and_other_stores_tell_nothing(file: Path) -> None:
    processor = Processor(opened(file))
    assert last_stored(processor.tracker_store, "c1") is None
    tracker = turn(processor, KeptTrackers(), "one")
    assert last_stored(processor.tracker_store, "c1").timestamp == tracker.events[-1].timestamp
    assert last_stored(processor.tracker_store, "c2") is None


def test_of_two_engines_that_ran_the_same_turn_one_saves_it(file: Path) -> None:
    """The one that was left by its door still works; the one that was asked instead is ahead of it."""
    left, asked = Processor(opened(file)), Processor(opened(file))
    for processor in (left, asked):
        lean(processor.tracker_store)
    turn(left, KeptTrackers(), "one")

    async def slow() -> None:
        tracker = await KeptTrackers().get(left, "c1")
        mark_stored(tracker)
        tracker.update(UserUttered("two"))
        await asyncio.to_thread(turn, asked, KeptTrackers(), "two")
        await left.tracker_store.save(tracker)

    with pytest.raises(Overtaken):
        asyncio.run(slow())
    assert stored(file) == ["one", "You said: one", "two", "You said: two"]


def test_what_was_erased_meanwhile_does_not_come_back(file: Path) -> None:
    processor, kept = Processor(opened(file)), KeptTrackers()
    lean(processor.tracker_store)
    tracker = turn(processor, kept, "one")
    tracker = asyncio.run(kept.get(processor, "c1"))
    mark_stored(tracker)
    tracker.update(UserUttered("two"))
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM events")
    with pytest.raises(Overtaken):
        asyncio.run(processor.tracker_store.save(tracker))
    assert stored(file) == []


def test_an_engine_whose_clock_is_behind_is_read_whole(file: Path) -> None:
    store = opened(file)
    lean(store)
    now = time.time()
    events = [SessionStarted(timestamp=now), UserUttered("hi", timestamp=now - 5), BotUttered("ho", timestamp=now - 4)]
    asyncio.run(store.save(DialogueStateTracker.from_events("c1", events, DOMAIN.slots)))
    read = asyncio.run(store.retrieve("c1"))
    assert [event.type_name for event in read.events] == ["session_started", "user", "bot"]


def test_no_more_trackers_are_kept_than_fit() -> None:
    kept = KeptTrackers()
    for number in range(MOST + 10):
        kept.keep(DialogueStateTracker.from_events(f"c{number}", [UserUttered("hi")]))
    assert len(kept._trackers) == MOST
    assert "c0" not in kept._trackers


def test_a_memory_store_is_left_alone() -> None:
    store = InMemoryTrackerStore(DOMAIN)
    lean(store)
    lean(SimpleNamespace())
    assert type(store) is InMemoryTrackerStore


def test_no_more_events_are_kept_than_fit_and_one_conversation_always() -> None:
    kept = KeptTrackers()
    for number in range(6):
        events = [UserUttered("hi")] * (MOST_EVENTS // 4)
        kept.keep(DialogueStateTracker.from_events(f"c{number}", events))
        kept.keep(DialogueStateTracker.from_events(f"c{number}", events))
    assert list(kept._trackers) == ["c2", "c3", "c4", "c5"]
    kept.keep(DialogueStateTracker.from_events("long", [UserUttered("hi")] * (MOST_EVENTS + 1)))
    assert list(kept._trackers) == ["long"]
    kept.drop("long")
    assert kept._events == 0


PARSED = {
    "intent": {"name": "greet", "confidence": 0.987654},
    "entities": [{"entity": "city", "value": "Porto"}],
    "intent_ranking": [{"name": f"i{number}", "confidence": 1 / (number + 1)} for number in range(10)],
    "text_tokens": [[0, 2]],
}
KINDS = [
    UserUttered("hi", PARSED["intent"], PARSED["entities"], PARSED, input_channel="door", message_id="m1"),
    UserUttered("hi", metadata={"model_id": "m", "assistant_id": "a", "seen": True}),
    BotUttered(
        "hello", {"buttons": [{"title": "Yes", "payload": "/affirm"}], "image": None}, {"utter_action": "utter_a"}
    ),
    BotUttered(None, {"custom": {"cards": []}}),
    SlotSet("city", "Porto"),
    SlotSet("city", None),
    SlotSet("city", False),
    ActionExecuted("action_tell", policy="RecentRulePolicy", confidence=1.0, hide_rule_turn=True),
    ActionExecutionRejected("onboarding_form", "RecentRulePolicy", 1.0),
    ActiveLoop("onboarding_form"),
    ActiveLoop(None),
    LoopInterrupted(False),
    DefinePrevUserUtteredFeaturization(False),
    FollowupAction("action_tell"),
    SessionStarted(),
    Restarted(),
]


@pytest.mark.parametrize("event", KINDS, ids=lambda event: event.type_name)
def test_an_event_that_is_stored_in_brief_is_read_back_as_it_was(event: Event) -> None:
    read = Event.from_parameters(json.loads(rows_of("c1", [event])[0]["data"]))
    assert slim(read.as_dict()) == slim(event.as_dict())
    for name in ("text", "message_id", "input_channel", "key", "value", "action_name", "name", "is_interrupted"):
        assert getattr(read, name, None) == getattr(event, name, None)
    if isinstance(event, UserUttered):
        assert (read.intent, read.entities) == (event.intent, event.entities)
        assert read.parse_data["text"] == event.text


DICTIONARY = dictionary_of(DOMAIN)


def in_a_row(conversation: str, events: List[Event]) -> List[Event]:
    """Events after they were stored as a turn and read."""
    (row,) = turn_of(conversation, events, compressor(DICTIONARY))
    words = text_of(row["data"], {number_of(DICTIONARY): DICTIONARY})
    return [Event.from_parameters(event) for event in unpacked(words, conversation, row["timestamp"])]


@pytest.mark.parametrize("event", KINDS, ids=lambda event: event.type_name)
@pytest.mark.parametrize("conversation", ["c1", "m1"])
def test_an_event_of_a_turn_is_read_back_as_it_was(event: Event, conversation: str) -> None:
    (read,) = in_a_row(conversation, [event])
    here, there = slim(event.as_dict()), slim(read.as_dict())
    for each in (here, there):
        if "intent" in each.get("parse_data", {}):
            each["parse_data"]["intent"]["confidence"] = round(each["parse_data"]["intent"]["confidence"], 4)
            each["parse_data"].get("intent_ranking", [{}])[0].pop("confidence", None)
    assert here == there


def test_a_turn_keeps_its_order_and_the_time_between_its_events_and_its_end_exactly() -> None:
    steps = (0.0, 0.0, 0.0042, 0.0051, -0.25, 0.1)
    events = [SlotSet("city", str(step), timestamp=1795898206.1234567 + step) for step in steps]
    read = in_a_row("c1", events)
    assert [event.value for event in read] == [str(step) for step in steps]
    assert read[-1].timestamp == events[-1].timestamp
    assert [event.timestamp for event in read] == pytest.approx([event.timestamp for event in events], abs=0.001)


def test_ids_of_messages_are_whole_wherever_they_come_from() -> None:
    ids = ["c1:4", "c1:", "c2:4", ":4", "4", None]
    read = in_a_row("c1", [UserUttered("hi", message_id=each, input_channel="rest" if each else None) for each in ids])
    assert [event.message_id for event in read][:-1] == ids[:-1]
    assert [event.input_channel for event in read] == [*["rest"] * 5, None]


def test_what_rasa_has_stored_an_event_a_row_is_read_with_what_follows(file: Path) -> None:
    before, kept = Processor(opened(file)), KeptTrackers()
    turn(before, KeptTrackers(), "one")
    processor = Processor(opened(file))
    lean(processor.tracker_store)
    tracker = turn(processor, kept, "two")
    assert [event.text for event in tracker.events] == ["one", "You said: one", "two", "You said: two"]
    read = asyncio.run(opened_lean(file).retrieve("c1"))
    assert [event.text for event in read.events] == stored(file) == [event.text for event in tracker.events]
    with sqlite3.connect(file) as database:
        kinds = database.execute("SELECT type_name FROM events ORDER BY id").fetchall()
    assert kinds == [("user",), ("bot",), ("turn",)]


def test_a_store_of_another_domain_is_read_with_the_dictionary_it_was_written_with(file: Path) -> None:
    processor = Processor(opened(file))
    lean(processor.tracker_store)
    turn(processor, KeptTrackers(), "one")
    other = SQLTrackerStore(
        Domain.from_dict({"intents": ["bye"], "responses": {"utter_a": [{"text": "A"}]}}), db=str(file)
    )
    lean(other)
    turn(Processor(other), KeptTrackers(), "two")
    assert stored(file)[::2] == ["one", "two"]
    assert len(asyncio.run(opened_lean(file).retrieve("c1")).events) == 4
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM dictionaries").fetchone() == (2,)


def test_a_session_begins_within_a_row(file: Path) -> None:
    store = opened_lean(file)
    for text in ("one", "two"):
        events = [ActionExecuted("action_session_start"), SessionStarted(), UserUttered(text)]
        tracker = DialogueStateTracker.from_events("c1", events, DOMAIN.slots)
        mark_stored(tracker, 0)
        asyncio.run(store.save(tracker))
    read = asyncio.run(store.retrieve("c1"))
    assert [event.type_name for event in read.events] == ["session_started", "user"]
    assert read.events[1].text == "two"
    assert len(asyncio.run(store.retrieve_full_tracker("c1")).events) == 6


def opened_lean(file: Path) -> SQLTrackerStore:
    store = opened(file)
    lean(store)
    return store


def test_what_is_stored_of_a_turn_beyond_its_words_is_little() -> None:
    turn = [KINDS[0], DefinePrevUserUtteredFeaturization(False), ActionExecuted("action_tell"), KINDS[3]]
    turn = [copy.copy(event) for event in (*turn, ActionExecuted("action_listen"))]
    for event in turn:
        event.metadata = {"model_id": "1a56c5b79d434aef864e9d7e6aabf383", "assistant_id": "tactful"}
    assert sum(len(row["data"]) for row in rows_of("c1", turn)) < 850
    assert sum(len(json.dumps(event.as_dict())) for event in turn) > 1650
    (row,) = turn_of("c1", turn, compressor(DICTIONARY))
    assert len(row["data"]) < 220
