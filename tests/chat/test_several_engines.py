"""Engines on other machines: any answers, and one that is away costs no turn."""

import asyncio
from collections import Counter

import httpx
import pytest

from tactful.chat.engine import RasaEngine
from tactful.chat.engines import Engines
from tactful.errors import EngineUnavailable
from tests.wires import Wired

URLS = ("http://engine-1:1", "http://engine-2:1", "http://engine-3:1")


class Calls:
    """Engines that answer, or as they are told."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.broken: dict[str, Exception | int] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = f"http://{request.url.netloc.decode()}"
        self.made.append(url)
        broken = self.broken.get(url, 200)
        if isinstance(broken, Exception):
            raise broken
        return httpx.Response(broken, json={"messages": [], "tracker_store": "SQLTrackerStore"})


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def engine(calls: Calls) -> RasaEngine:
    client = httpx.AsyncClient(transport=httpx.MockTransport(calls))
    return RasaEngine(client, Wired(calls), "secret", 1.0, Engines("http://nowhere:1", None, URLS))


def turn(engine: RasaEngine, conversation: str = "c") -> None:
    asyncio.run(engine.turn(conversation, "m", "hello", forced=False))


def test_conversations_are_spread_and_each_stays_where_it_is_known(engine: RasaEngine, calls: Calls) -> None:
    for _ in range(2):
        for number in range(300):
            turn(engine, f"c{number}")
    assert calls.made[:300] == calls.made[300:]
    assert min(Counter(calls.made[:300])[url] for url in URLS) > 60


@pytest.mark.parametrize("broken", [httpx.ConnectError("gone"), httpx.ConnectTimeout("silent"), 503])
def test_an_engine_that_did_not_begin_the_turn_leaves_it_to_another(
    engine: RasaEngine, calls: Calls, broken: Exception | int
) -> None:
    first = Engines("", None, URLS).in_order("c")[0]
    calls.broken[first] = broken
    turn(engine)
    turn(engine)
    assert calls.made[0] == first
    assert first not in calls.made[1:]  # it rests: the next turn does not wait for it again


@pytest.mark.parametrize("broken", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut")])
def test_a_turn_that_may_have_begun_is_tried_elsewhere_only_the_next_time(
    engine: RasaEngine, calls: Calls, broken: Exception
) -> None:
    first = Engines("", None, URLS).in_order("c")[0]
    calls.broken[first] = broken
    with pytest.raises(EngineUnavailable):
        turn(engine)
    assert calls.made == [first]
    turn(engine)
    assert calls.made[1] != first


def test_with_no_engine_left_the_turn_is_put_off(engine: RasaEngine, calls: Calls) -> None:
    calls.broken = dict.fromkeys(URLS, httpx.ConnectError("gone"))
    with pytest.raises(EngineUnavailable):
        turn(engine)
    assert sorted(calls.made) == sorted(URLS)


def test_one_engine_that_can_answer_makes_the_door_ready(engine: RasaEngine, calls: Calls) -> None:
    calls.broken = dict.fromkeys(URLS[:2], 503)
    assert asyncio.run(engine.ready())
    calls.broken = dict.fromkeys(URLS, 503)
    assert not asyncio.run(engine.ready())


def test_all_engines_are_told_to_forget() -> None:
    assert Engines("http://nowhere:1", None, URLS).all == list(URLS)
