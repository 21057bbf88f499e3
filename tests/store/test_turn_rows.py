"""A turn as one value of the engine's store: read as it was written, by whoever looks into the file."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tactful.store import turn_rows
from tactful.store.turn_rows import DICTIONARIES, Event, compressor, number_of, packed, text_of, unpacked
from tests.conftest import ROOT

DICTIONARY = b'[{"user":"","means":{"greet":0.0}},false,"utter_greet","action_listen"]'
KNOWN = {number_of(DICTIONARY): DICTIONARY}
AT = 1795898206.5
TURN: list[Event] = [
    {"event": "user", "timestamp": AT - 0.02, "text": "Grüß \U0001f600", "input_channel": "door", "message_id": "c1:4",
     "parse_data": {"intent": {"name": "greet", "confidence": 0.9}, "entities": [{"entity": "city", "value": "Łódź"}],
                    "intent_ranking": [{"name": "greet", "confidence": 0.9}, {"name": "bye", "confidence": 0.1}]}},
    {"event": "user_featurization", "timestamp": AT - 0.02, "use_text_for_featurization": False},
    {"event": "action", "timestamp": AT - 0.01, "name": "action_greet"},
    {"event": "bot", "timestamp": AT - 0.01, "text": "Hello", "metadata": {"utter_action": "utter_greet"},
     "data": {"buttons": [{"title": "Yes", "payload": "/affirm"}]}},
    {"event": "bot", "timestamp": AT, "data": {"custom": {"cards": [1]}}},
    {"event": "slot", "timestamp": AT, "name": "city", "value": None},
    {"event": "action", "timestamp": AT, "name": "action_listen"},
]  # fmt: skip


def made(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
        database.execute(DICTIONARIES)
        database.execute("INSERT INTO dictionaries VALUES (?, ?)", (number_of(DICTIONARY), DICTIONARY))
        for sender, data in (
            ("c0", json.dumps({"event": "slot", "name": "city", "value": "Porto"})),
            ("c1", compressor(DICTIONARY)(packed(TURN, "c1"))),
        ):
            database.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)", (sender, AT, data))
        database.commit()
    return path


def test_a_turn_is_read_as_it_was_written() -> None:
    data = compressor(DICTIONARY)(packed(TURN, "c1"))
    read = unpacked(text_of(data, KNOWN), "c1", AT)
    assert [event | {"timestamp": round(event["timestamp"], 3)} for event in read] == TURN
    assert packed(read, "c1") == packed(TURN, "c1")
    assert len(data) < len(json.dumps(TURN)) / 3


def test_the_engine_has_the_same_file() -> None:
    assert (ROOT / "engine/tactful_engine/turn_rows.py").read_bytes() == Path(turn_rows.__file__).read_bytes()


def test_anybody_with_python_can_look_into_a_store(tmp_path: Path) -> None:
    command = [sys.executable, "-I", turn_rows.__file__, str(made(tmp_path / "engine.db"))]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert [json.loads(line)["sender_id"] for line in told] == ["c0"] + ["c1"] * len(TURN)
    one = subprocess.run([*command, "c0"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(one) == {"sender_id": "c0", "event": "slot", "name": "city", "value": "Porto"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 40,
        compressor(b"another")("[]"),
        compressor(DICTIONARY)("[1]" * 40)[:8] + b"\xff\xff\xff",
        "no JSON",
        "7",
    ],
)
def test_what_is_damaged_is_refused(data: str | bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(text_of(data, KNOWN), "c1", AT)
