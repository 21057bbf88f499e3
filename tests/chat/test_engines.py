"""Which engine gets a turn while engines are exchanged: never two of them the same conversation at once."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tactful.chat.engine import Outcome, RasaEngine
from tactful.chat.engines import Canary, Engines, Pointer
from tactful.errors import EngineUnavailable
from tests.wires import Wired

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
    return RasaEngine(client, Wired(calls), "secret", 1.0, Engines(OLD, pointer))


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


def with_canary(share: float = 0.5) -> Pointer:
    return Pointer(url=OLD, model="champion", canary=Canary(url=NEW, model="candidate", sha256="", share=share))


@pytest.fixture
def canary(calls: Calls, pointer: Path) -> RasaEngine:
    """Beside a canary; conversations are named after the model that they were given to."""
    with_canary().write(pointer)
    client = httpx.AsyncClient(transport=httpx.MockTransport(calls))
    return RasaEngine(
        client, Wired(calls), "secret", 1.0, Engines(OLD, pointer, given=lambda conversation: conversation or None)
    )


def test_a_conversation_goes_to_whom_it_was_given_whichever_door_asks(canary: RasaEngine, calls: Calls) -> None:
    for conversation in ("candidate", "champion", "", "candidate", "who was tried last week"):
        turn(canary, conversation)
    assert [url for _, url in calls.made] == [NEW, OLD, OLD, NEW, OLD]


def test_the_share_of_new_conversations_is_drawn_and_nothing_is_drawn_without_a_canary(pointer: Path) -> None:
    with_canary(0.1).write(pointer)
    engines = Engines(OLD, pointer)
    drawn = [engines.draw() for _ in range(5000)]
    assert {*drawn} == {"champion", "candidate"}
    assert 380 < drawn.count("candidate") < 620  # five standard deviations
    Pointer(url=OLD, model="champion").write(pointer)
    assert engines.draw() is None


def test_an_ended_canarys_conversations_go_on_with_the_champion_once_it_has_ended_with_them(
    canary: RasaEngine, calls: Calls, pointer: Path
) -> None:
    turn(canary, "candidate")
    Pointer(url=OLD, model="champion", others=(NEW,)).write(pointer)
    turn(canary, "candidate")
    turn(canary, "candidate")
    assert calls.made == [("turn", NEW), ("forget", NEW), ("turn", OLD), ("turn", OLD)]


def test_a_promoted_canary_keeps_its_conversations_and_gets_the_others(
    canary: RasaEngine, calls: Calls, pointer: Path
) -> None:
    turn(canary, "champion")
    Pointer(url=NEW, model="candidate", others=(OLD,)).write(pointer)
    turn(canary, "champion")
    assert calls.made == [("turn", OLD), ("forget", OLD), ("turn", NEW)]


def test_a_canarys_engine_is_told_to_forget_like_any_other(pointer: Path) -> None:
    with_canary().write(pointer)
    assert Engines(OLD, pointer).all == [OLD, NEW]
