"""Rasa's conversations, from its SQL store, from trackers and from events: the same conversation in the end."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tactful.bulk.rasa_json import elements
from tactful.errors import SetupError
from tactful.store.turn_rows import DICTIONARIES, compressor, number_of, packed
from tests.bulk.conftest import Redact, json_lines, rows_of

SENDER = "+14155550100"  # a channel's own id of a customer can be one, too
EVENTS: list[dict[str, Any]] = [
    {"event": "action", "name": "action_session_start", "timestamp": 1.0, "metadata": {"ip": "10.0.0.1"}},
    {"event": "user", "timestamp": 2.0, "text": "I am «Ana»", "input_channel": "whatsapp", "message_id": "m1",
     "metadata": {"profile": "Ana Berg"},
     "parse_data": {"text": "I am Ana", "intent": {"name": "greet", "confidence": 0.9},
                    "entities": [{"entity": "first", "value": "Ana", "start": 5, "end": 8}]}},
    {"event": "slot", "name": "first", "value": "Ana", "timestamp": 3.0},
    {"event": "slot", "name": "flags", "value": [True, "Ana", {"deep": "Ana"}], "timestamp": 3.0},
    {"event": "bot", "text": "Hi Ana! What is the other name?", "timestamp": 4.0,
     "data": {"buttons": [{"title": "Ana"}]}},
    {"event": "user", "text": "Bo", "parse_data": {"intent": {"name": None}, "entities": []}, "timestamp": 5.0},
    {"event": "user", "text": '/inform{"first": "Ana"}', "parse_data": {}, "timestamp": 6.0},
    {"event": "user", "text": "[refuse]", "parse_data": {}, "timestamp": 7.0},
]  # fmt: skip
OTHER: list[dict[str, Any]] = [{"event": "user", "text": "Ana? «Cy»", "timestamp": 2.5, "parse_data": {}}]


def store(url: str) -> str:
    """Rasa 3's table, with two conversations whose events alternate."""
    engine = create_engine(url)
    number = "INTEGER PRIMARY KEY" if url.startswith("sqlite") else "SERIAL PRIMARY KEY"
    rows = [(SENDER, event) for event in EVENTS]
    rows.insert(2, ("other", OTHER[0]))
    with engine.begin() as connection:
        connection.execute(
            text(
                f"CREATE TABLE events (id {number}, sender_id VARCHAR(255), type_name VARCHAR(255), timestamp FLOAT, "
                "intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"
            )
        )
        for sender, event in rows:
            connection.execute(
                text("INSERT INTO events (sender_id, type_name, data) VALUES (:sender, :kind, :data)"),
                {"sender": sender, "kind": event["event"], "data": json.dumps(event)},
            )
    engine.dispose()
    return url


def outputs(folder: Path) -> list[dict[str, Any]]:
    (path,) = [each for each in folder.iterdir() if each.suffix == ".jsonl"]
    return rows_of(path)


def test_a_tracker_store_becomes_a_row_for_each_conversation(url: str, tmp_path: Path, redact: Redact) -> None:
    told = redact(store(url))
    first, other = outputs(tmp_path / "out")
    said = [event.get("text") for event in first["events"]]
    assert said == [
        None, "I am «PERSON_1»", None, None, "Hi PERSON_1! What is the other name?", "PERSON_2", "/inform", "",
    ]  # fmt: skip
    assert first["events"][1]["intent"] == "greet"
    assert first["events"][1]["entities"] == [{"entity": "first", "value": "PERSON_1"}]
    assert first["events"][2] == {"event": "slot", "timestamp": 3.0, "name": "first", "value": "PERSON_1"}
    assert first["events"][3]["value"] == [True, "PERSON_1", None]
    assert first["events"][7]["withheld"] is True
    assert other["events"][0]["text"] == "Ana? «PERSON_1»"
    assert [(each["row"], each["reason"][:12]) for each in told["withheld"]] == [(1, "the detector")]


def test_tactfuls_own_store_of_turns_says_the_same(tmp_path: Path, redact: Redact) -> None:
    own = tmp_path / "engine.db"
    turns = (SENDER, EVENTS[:3]), ("other", OTHER), (SENDER, EVENTS[3:])
    with closing(sqlite3.connect(own)) as database:
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
        database.execute(DICTIONARIES)
        database.execute("INSERT INTO dictionaries VALUES (?, ?)", (number_of(b"[]"), b"[]"))
        for sender, events in turns:
            row = (sender, events[-1]["timestamp"], compressor(b"[]")(packed(events, sender)))
            database.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)", row)
        database.execute("INSERT INTO events (sender_id, timestamp, data) VALUES ('other', 9.0, ?)", (b"\xf5Tdamaged",))
        database.commit()
    told = redact(f"sqlite:///{own}")
    redact(store(f"sqlite:///{tmp_path / 'rasa.db'}"), out=tmp_path / "from_store")
    (mine, _), (theirs, _) = outputs(tmp_path / "out"), outputs(tmp_path / "from_store")
    assert mine["events"] == theirs["events"]
    assert {each["reason"][:10] for each in told["withheld"]} == {"not a JSON", "the detect"}


def test_nothing_that_was_not_asked_for_comes_out(url: str, tmp_path: Path, redact: Redact) -> None:
    redact(store(url))
    written = "".join(path.read_text() for path in (tmp_path / "out").iterdir() if path.is_file())
    for value in (SENDER, "Berg", "10.0.0.1", "whatsapp", "m1", "buttons", "deep"):
        assert value not in written


def test_the_manifest_does_not_hold_the_stores_password(tmp_path: Path, redact: Redact) -> None:
    with pytest.raises(SetupError) as error:
        redact("postgresql+psycopg://ana:hunter2@127.0.0.1:1/rasa")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("shape", ["trackers", "one tracker", "events", "mapping", "lines"])
def test_exports_as_json_say_the_same_as_the_store(tmp_path: Path, redact: Redact, shape: str) -> None:
    events = [{"sender_id": SENDER, **event} for event in EVENTS]
    given = tmp_path / "rasa.json"
    if shape == "trackers":
        given.write_text(json.dumps([{"sender_id": SENDER, "events": EVENTS, "slots": {"first": "Ana"}}], indent=1))
    elif shape == "one tracker":
        given.write_text(json.dumps({"sender_id": SENDER, "latest_message": {"text": "Ana"}, "events": EVENTS}))
    elif shape == "mapping":
        given.write_text(json.dumps({SENDER: EVENTS, "other": {"events": OTHER}}))
    elif shape == "events":
        given.write_text(json.dumps(events))
    else:
        given = json_lines(tmp_path / "rasa.jsonl", *events)
    redact(given, rasa=True)
    redact(store(f"sqlite:///{tmp_path / 'rasa.db'}"), out=tmp_path / "from_store")
    mine, theirs = outputs(tmp_path / "out"), outputs(tmp_path / "from_store")
    assert mine[0]["events"] == theirs[0]["events"]
    assert [row["conversation"] for row in mine] == (["1", "1.1"] if shape == "mapping" else ["1"])
    assert "Ana" not in json.dumps(mine[0])


def test_what_is_no_event_is_withheld(tmp_path: Path, redact: Redact) -> None:
    given = tmp_path / "rasa.json"
    given.write_text(json.dumps([{"sender_id": "a"} | EVENTS[1], {"text": "hush"}, 7, {"sender_id": "a"} | EVENTS[2]]))
    told = redact(given)
    assert [each["row"] for each in told["withheld"]] == [2, 3]
    assert len(outputs(tmp_path / "out")[0]["events"]) == 2


@pytest.mark.parametrize("content", ["[1, 2", '{"events": [', "", "no json at all", '[{"a": "]"}'])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, redact: Redact, content: str) -> None:
    given = tmp_path / "rasa.json"
    given.write_text(content)
    try:
        told = redact(given)
    except SetupError:
        return
    assert outputs(tmp_path / "out") == []
    assert told["withheld"] or not content


def test_elements_of_an_array_are_found_whatever_stands_in_its_strings() -> None:
    rows: list[Any] = [{"a": 'x"],}\\', "b": [1, [2]]}, "],[", 3, [], {}]
    for indent in (None, 2):
        raw = json.dumps(rows, indent=indent).encode()
        assert [json.loads(raw[start:end]) for start, end in elements(raw)] == rows
    assert list(elements(b"[]")) == []
