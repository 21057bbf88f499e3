"""Which engine gets a turn while engines are exchanged: never two of them the same conversation at once."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tactful.chat.engine import Outcome, RasaEngine
from tactful.chat.engines import Engines, Pointer
from tactful.errors import EngineUnavailable

OLD, NEW = "http://127.0.0.1:1", "http://127.0.0.1:2"


class Calls:
    """Two engines that answer everything, or as they are told."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []
        self.broken: dict[str, Exception | int] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        kind, url = request.url.path.rpartition("/")[2], f"http://{request.url.netloc.decode()}"
        self.made.append((kind, url))
        broken = self.broken.get(url, 200)
        if isinstance(broken, Exception):
            raise broken
        return httpx.Response(broken, json={"messages": []})


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    return tmp_path / "run/engine.json"


@pytest.fixture
def engine(calls: Calls, pointer: Path) -> RasaEngine:
    client = httpx.AsyncClient(transport=httpx.MockTransport(calls))
    return RasaEngine(client, "secret", 1.0, Engines(OLD, pointer))


def turn(engine: RasaEngine, conversation: str = "c") -> Outcome:
    return asyncio.run(engine.turn(conversation, "m", "hello", forced=False))


def test_without_a_pointer_the_set_engine_answers(engine: RasaEngine, calls: Calls) -> None:
    turn(engine)
    assert calls.made == [("turn", OLD)]


def test_the_next_turn_goes_to_the_new_engine_once_the_old_one_has_ended_with_the_conversation(
    engine: RasaEngine, calls: Calls, pointer: Path
) -> None:
    turn(engine)
    Pointer(url=NEW, others=(OLD,)).write(pointer)
    turn(engine)
    turn(engine)
    assert calls.made == [("turn", OLD), ("forget", OLD), ("turn", NEW), ("turn", NEW)]


def test_going_back_asks_the_one_that_answered_meanwhile(engine: RasaEngine, calls: Calls, pointer: Path) -> None:
    Pointer(url=NEW, others=(OLD,)).write(pointer)
    turn(engine)
    Pointer(url=OLD, others=(NEW,)).write(pointer)
    turn(engine)
    assert calls.made[-2:] == [("forget", NEW), ("turn", OLD)]


def test_a_turn_waits_when_the_old_engine_cannot_say_that_it_has_ended(
    engine: RasaEngine, calls: Calls, pointer: Path
) -> None:
    Pointer(url=NEW, others=(OLD,)).write(pointer)
    for broken in (httpx.ReadTimeout("slow"), 500):
        calls.broken = {OLD: broken}
        with pytest.raises(EngineUnavailable):
            turn(engine)
    assert ("turn", NEW) not in calls.made
    calls.broken = {}
    turn(engine)
    assert calls.made[-1] == ("turn", NEW)


def test_an_old_engine_that_is_gone_has_nothing_under_way(engine: RasaEngine, calls: Calls, pointer: Path) -> None:
    Pointer(url=NEW, others=(OLD,)).write(pointer)
    calls.broken = {OLD: httpx.ConnectError("gone")}
    turn(engine)
    assert calls.made[-1] == ("turn", NEW)


def test_half_a_pointer_changes_nothing(engine: RasaEngine, calls: Calls, pointer: Path) -> None:
    Pointer(url=NEW).write(pointer)
    turn(engine)
    pointer.write_text('{"url": ')
    turn(engine)
    assert calls.made == [("turn", NEW), ("turn", NEW)]
    assert Engines(OLD, pointer).all == [OLD]
