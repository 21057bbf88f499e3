"""The copies of SQLite's two files fit each other, though both are written to meanwhile."""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tactful.backup import sqlite
from tactful.errors import BackupDamaged
from tactful.store.turn_rows import DICTIONARIES, compressor, events_in, number_of, packed

HERE = "0a" * 16


def store(path: Path, *seqs: int) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE messages (conversation_id TEXT, seq INTEGER)")
        database.executemany("INSERT INTO messages VALUES (?, ?)", [(HERE, seq) for seq in seqs])
        database.commit()
    return path


def engine(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
        database.execute(DICTIONARIES)
        database.execute("INSERT INTO dictionaries VALUES (?, ?)", (number_of(b"[]"), b"[]"))
        database.commit()
    return path


def turn(path: Path, seq: int, conversation: str = HERE, *, as_rasa: bool = False) -> None:
    """What the customer said, then what the bot did, in one transaction: a row, or as Rasa saves them."""
    said = {"event": "user", "message_id": f"{conversation}:{seq}", "timestamp": 1.0}
    events = [said, {"event": "bot", "timestamp": 1.0}, {"event": "action", "name": "a", "timestamp": 1.0}]
    turn = compressor(b"[]")(packed(events, conversation))
    with closing(sqlite3.connect(path, timeout=30)) as database:
        for data in [json.dumps(event) for event in events] if as_rasa else [turn]:
            database.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, 1.0, ?)", (conversation, data))
        database.commit()


def kept(path: Path) -> list[str]:
    return [event["message_id"] for event in events_in(str(path)) if event["event"] == "user"]


@pytest.mark.parametrize("as_rasa", [False, True])
def test_turns_that_the_store_does_not_know_yet_are_taken_out_of_the_engines_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_rasa: bool
) -> None:
    here, there = store(tmp_path / "tactful.db", 1, 3), engine(tmp_path / "engine.db")
    turn(there, 1, as_rasa=as_rasa)
    copy, into = sqlite._copy, tmp_path / "into"
    into.mkdir()

    def meanwhile(source: Path, target: Path) -> Path:
        """Between the copies, turns end: one that the store had accepted, one that it had not, a new conversation."""
        if source == there:
            turn(there, 3, as_rasa=as_rasa)
            turn(there, 5, as_rasa=as_rasa)
            turn(there, 1, "ff" * 16, as_rasa=as_rasa)
        return copy(source, target)

    monkeypatch.setattr(sqlite, "_copy", meanwhile)
    _, events = sqlite.copy_pair(here, there, into)
    assert kept(events) == [f"{HERE}:1", f"{HERE}:3"]
    with closing(sqlite3.connect(events)) as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (6 if as_rasa else 2,)
    assert len(kept(there)) == 4  # nothing was done to the engine's own


def test_copies_under_load_are_whole_and_fit_each_other(tmp_path: Path) -> None:
    here, there = store(tmp_path / "tactful.db"), engine(tmp_path / "engine.db")
    stop = threading.Event()

    def chat() -> None:
        seq = 0
        while not stop.is_set():
            seq += 1
            with closing(sqlite3.connect(here, timeout=30)) as database:
                database.execute("INSERT INTO messages VALUES (?, ?)", (HERE, seq))
                database.commit()
            turn(there, seq)

    chatting = threading.Thread(target=chat)
    chatting.start()
    try:
        for number in range(20):
            into = tmp_path / str(number)
            into.mkdir()
            copied, events = sqlite.copy_pair(here, there, into)
            sqlite.check(copied)
            sqlite.check(events)
            with closing(sqlite3.connect(copied)) as database:
                accepted = database.execute("SELECT count(*) FROM messages").fetchone()[0]
            answered = len(kept(events))
            assert answered in (accepted, accepted - 1)  # the last one may be under way
            assert sorted(path.name for path in into.iterdir()) == ["engine.db", "tactful.db"]
    finally:
        stop.set()
        chatting.join()


def test_a_store_without_an_engine_is_copied_alone(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    assert len(sqlite.copy_pair(store(tmp_path / "a.db", 1), tmp_path / "none.db", tmp_path / "into")) == 1


def test_a_file_that_is_inconsistent_is_refused(tmp_path: Path) -> None:
    path = store(tmp_path / "a.db", *range(5000))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    content = bytearray(path.read_bytes())
    content[8192:12288] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(BackupDamaged):
        sqlite.check(path)
