"""What a customer's own values do on their way in and out, through every real part."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tactful.store.turn_rows import events_in
from tests.conftest import ROOT, Door
from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine


def leakscan(door: Door, folder: Path, values: list[str]) -> dict[str, list[dict[str, object]]]:
    file = folder / "values"
    file.write_text("".join(json.dumps({"value": value}) + "\n" for value in values))
    done = subprocess.run(
        [sys.executable, "-m", "tactful.cli.main", "leakscan", "--json", "--values", str(file)],
        cwd=ROOT, env={**os.environ, "TACTFUL_HOME": str(door.home)}, capture_output=True, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def test_a_name_comes_back_to_its_owner_and_stands_nowhere_in_clear(settled: Chat, door: Door, tmp_path: Path) -> None:
    settled.say("my name is Philippa Quimbleton")
    assert "Philippa Quimbleton" in settled.text
    assert settled.profile["name"] == "Philippa Quimbleton"
    settled.say("my e-mail is philippa.q@example.com and my card is 4111 1111 1111 1111")
    found = leakscan(door, tmp_path, ["Quimbleton", "philippa.q@example.com", "4111 1111 1111 1111"])
    assert not found["found"]
    assert not found["not_searched"]


def test_the_engine_sees_placeholders_only(settled: Chat, door: Door) -> None:
    settled.say("my name is Philippa Quimbleton")
    kept = str(list(events_in(str(door.home / "engine.db"), settled.conversation)))
    assert "PERSON_1" in kept
    assert "Quimbleton" not in kept


def test_a_placeholder_typed_by_hand_is_only_text(new_chat: NewChat) -> None:
    somebody, stranger = new_chat(), new_chat()
    somebody.say("my name is Philippa Quimbleton")
    stranger.say("my name is PERSON_1")
    shown = "\n".join(message["text"] for message in stranger.messages())
    assert "Quimbleton" not in shown
    assert "PERSON_1" in shown


def test_a_leading_slash_forces_nothing(settled: Chat) -> None:
    settled.say("my budget is 700 euros")
    for text in ("/restart", " /confirm_forget", "/forget_me{}", '/inform{"budget": 9}'):
        settled.say(text)
    assert settled.profile["budget"] == 700


def test_another_customers_button_does_nothing(new_chat: NewChat) -> None:
    mine, other = new_chat(), new_chat()
    choice = next(iter(mine._buttons.values()))
    assert other.send({"choice": choice}, "x").status_code == httpx.codes.NOT_FOUND


def test_forget_me_erases_and_ends_the_session(new_chat: NewChat, door: Door, tmp_path: Path) -> None:
    chat = new_chat()
    chat.say("my name is Philippa Quimbleton and I fly from Reykjavik")
    chat.say("forget me")
    chat.send({"choice": chat._buttons["Yes, erase everything"]}, uuid.uuid4().hex)
    deadline = time.monotonic() + 30
    while chat.http.get("/api/me/profile", headers=chat.headers).status_code != httpx.codes.UNAUTHORIZED:
        assert time.monotonic() < deadline, "the session outlived its customer"
        time.sleep(0.1)
    with sqlite3.connect(f"file:{door.home / 'engine.db'}?mode=ro", uri=True) as engine:
        left = engine.execute("SELECT count(*) FROM events WHERE sender_id = ?", (chat.conversation,)).fetchone()
    assert left == (0,)


def test_erasing_in_the_middle_of_a_turn_leaves_no_event_of_it(new_chat: NewChat, door: Door) -> None:
    chat = new_chat()
    chat.say("my name is Philippa Quimbleton")
    chat.send({"text": "where could I go in May?"}, uuid.uuid4().hex)
    done = chat.http.delete("/api/me", headers=chat.headers).raise_for_status().json()
    assert [step["step"] for step in done["steps"]] == ["stop", "turns", "engine", "models", "data", "journal"]
    assert done["erased"]["engine_events"] > 0
    time.sleep(2)
    with sqlite3.connect(f"file:{door.home / 'engine.db'}?mode=ro", uri=True) as engine:
        left = engine.execute("SELECT count(*) FROM events WHERE sender_id = ?", (chat.conversation,)).fetchone()
    assert left == (0,)


def test_a_killed_engine_is_started_again_and_the_message_answered_once(settled: Chat, door: Door) -> None:
    os.kill(engine_of(door), signal.SIGKILL)
    sent = settled.send({"text": "how do I get a refund?"}, "while-down")
    assert sent.status_code == httpx.codes.ACCEPTED
    again = settled.send({"text": "how do I get a refund?"}, "while-down")
    assert again.json()["seq"] == sent.json()["seq"]
    assert "refund" in settled.answer_to(sent.json()["seq"]).lower()
    answers = [m for m in settled.messages() if m["reply_to"] == sent.json()["seq"]]
    assert len({m["seq"] for m in answers}) == len(answers) == len(settled.last)
    assert "engine" in (door.home / "up.log").read_text()


def engine_of(door: Door) -> int:
    """The process id of this Tactful's engine: the child of the supervisor that serves a model."""
    children = Path(f"/proc/{door.process.pid}/task/{door.process.pid}/children").read_text().split()
    for child in children:
        if b"tactful_engine" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise AssertionError("no engine runs")
