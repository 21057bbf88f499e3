"""What the engine keeps of a conversation can be erased from outside."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tactful.config import Settings
from tactful.store.trackers import Trackers
from tests.store.test_turn_rows import TURN, made


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Settings()


def test_before_the_engine_stored_anything_there_is_nothing_to_erase(settings: Settings) -> None:
    assert Trackers(settings).forget(["c1"]) == 0


def test_only_the_named_conversations_are_erased(settings: Settings) -> None:
    engine = create_engine(f"sqlite:///{settings.home / 'engine.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (sender_id TEXT, data TEXT)"))
        for conversation in ("c1", "c1", "c2"):
            connection.execute(text("INSERT INTO events VALUES (:id, '{}')"), {"id": conversation})
    assert Trackers(settings).forget(["c1", "c3"]) == 2
    with engine.begin() as connection:
        assert connection.execute(text("SELECT sender_id FROM events")).scalars().all() == ["c2"]


def test_nothing_of_them_is_left_in_the_file_or_its_journal_while_the_engine_has_it_open(settings: Settings) -> None:
    engines = sqlite3.connect(settings.home / "engine.db", isolation_level=None)
    engines.execute("PRAGMA journal_mode = WAL")
    engines.execute("CREATE TABLE events (sender_id TEXT, data TEXT)")
    engines.executemany("INSERT INTO events VALUES ('c1', ?)", [("violet harmonica " * 100,)] * 200)
    assert Trackers(settings).forget(["c1"]) == 200
    kept = b"".join(path.read_bytes() for path in settings.home.glob("engine.db*"))
    assert b"violet harmonica" not in kept
    engines.close()


def test_an_event_of_a_turn_is_exchanged_and_the_others_stay_as_they_are(settings: Settings) -> None:
    file, trackers = made(settings.home / "engine.db"), Trackers(settings)
    before = dict(trackers.events("c1"))
    assert list(before) == [f"2.{place}" for place in range(1, len(TURN) + 1)]
    new = before["2.4"] | {"text": "Hello PERSON_1"}
    assert trackers.put("c1", {"2.4": new}) == 1
    assert dict(trackers.events("c1")) == before | {"2.4": new}
    assert trackers.put("c0", {"2.4": new}) == 0  # another's
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT typeof(data) FROM events").fetchall() == [("text",), ("blob",)]


def test_an_event_that_is_a_row_is_exchanged(settings: Settings) -> None:
    made(settings.home / "engine.db")
    trackers = Trackers(settings)
    ((name, event),) = trackers.events("c0")
    assert trackers.put("c0", {name: event | {"value": "CITY_1"}}) == 1
    assert trackers.events("c0") == [("1", event | {"value": "CITY_1"})]
