"""How a line is written, and how a door's lines come through its supervisor."""

import json
import logging
from typing import Any

from tactful.logs import passing
from tactful.logs.formats import AsJson, AsText
from tactful.logs.passing import Hearing, Marked


def record(**more: Any) -> logging.LogRecord:
    about = {
        "name": "tactful.chat.turns",
        "levelno": 20,
        "levelname": "INFO",
        "created": 1_800_000_000.25,
        "msg": "turn answered",
        "where": "turns.py:12",
        "ids": {"turn": "ab:1", "request": "cd"},
        "fields": {"engine_ms": 21.25},
    }
    return logging.makeLogRecord(about | more)


def test_json_is_one_object_a_line_with_time_ids_and_durations() -> None:
    line = AsJson().format(record(msg="two\nlines"))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2027-01-15T08:00:00.250Z",
        "level": "INFO",
        "logger": "tactful.chat.turns",
        "message": "two\nlines",
        "where": "turns.py:12",
        "turn": "ab:1",
        "request": "cd",
        "engine_ms": 21.25,
    }


def test_text_is_for_people() -> None:
    line = AsText().format(record())
    assert line == (
        "2027-01-15 08:00:00.250 INFO    tactful.chat.turns  turn answered turn=ab:1 request=cd engine_ms=21.2"
    )


def test_a_doors_line_comes_through_its_supervisor_as_it_was() -> None:
    mark = passing.new_mark()
    line = Hearing(mark).line("door", Marked(mark).format(record()))
    assert line
    assert (line.checked, line.logger, line.text, line.fields) == (
        True,
        "tactful.chat.turns",
        "turn answered",
        {"engine_ms": 21.25},
    )


def test_what_only_looks_like_one_is_read() -> None:
    line = Hearing(passing.new_mark()).line("door", Marked("guessed").format(record()))
    assert line
    assert not line.checked
    assert not line.known
    assert line.logger == "tactful.door"


def test_what_rasa_says_at_each_start_needs_no_reading_and_warnings_of_its_libraries_are_left_out() -> None:
    hear = Hearing(passing.new_mark()).line
    said = hear("engine", "2026-11-28 13:41:48 INFO     root  - Rasa server is up and running.")
    assert said
    assert (said.known, said.text) == (True, "Rasa server is up and running.")
    assert hear("engine", "/x/site-packages/a.py:12: DeprecationWarning: old") is None
    assert hear("engine", "  import pkg_resources") is None
    other = hear("engine", "2026-11-28 13:41:48 INFO     root  - Loading model for Ana Berg")
    assert other
    assert not other.known
    assert hear("engine", '  File "a.py", line 3, in run')  # where a program fell is needed
