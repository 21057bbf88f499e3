"""`kill -9` of Rasa itself, and of doors in the middle of its turns: what the stand-in promises, the real one keeps.

Invariant: as in `test_kills.py`; and Rasa's own store holds each message once. Few kills: Rasa takes ten seconds to
start. The doors die at named points as often as there.
"""

import asyncio
import random
from itertools import cycle

import pytest

from tactful.cli.up import engine, served
from tests.faults import points, promises
from tests.faults.conftest import NewPair, often
from tests.faults.crowd import Crowd
from tests.faults.pair import Pair

pytestmark = pytest.mark.engine

SHORT, LONG = (4, 1), (150, 15)  # of the door, of the engine


def with_rasa(pair: Pair) -> Pair:
    """The pair with the engine that `tactful up` would start."""
    program = engine(pair.settings, served(pair.settings), "engine", pair.engine_port)
    pair.engine_command = (list(program.command), dict(program.environment))
    return pair


def test_each_message_is_answered_once_by_rasa_and_stands_in_its_store_once(new_pair: NewPair) -> None:
    pair = with_rasa(new_pair())
    doors, engines = (often(short, long) for short, long in zip(SHORT, LONG, strict=True))

    async def story() -> Crowd:
        pair.start_engine()
        pair.start_door()
        await pair.ready()
        pair.kill_door()
        await pair.gone(door=True)
        crowd = Crowd(pair.url, size=6, pause_s=0.3)
        crowd.start()
        fates = random.sample([*points.POINTS, ""], len(points.POINTS) + 1)
        for number, fate in zip(range(doors), cycle(fates), strict=False):
            pair.start_door(fate, random.randint(1, 3))
            await pair.ready("/healthz", or_gone=True)
            if not fate:
                await asyncio.sleep(random.uniform(0, 1))
                pair.kill_door()
            if number < engines:
                pair.kill_engine()
                pair.start_engine()
            await pair.gone(door=True, seconds=120)
            crowd.check()
        pair.start_door()
        await pair.ready()
        await crowd.stop()
        await promises.all_answered(pair.settings)
        return crowd

    crowd = asyncio.run(story())
    promises.kept(pair.settings, crowd, says_back=False)
    promises.nothing_raw(pair.settings, [customer.name for customer in crowd.customers])
    promises.rasa_heard_once(pair.home, crowd.accepted)
    print(f"Rasa: {doors} doors and {engines} engines killed, {crowd.accepted} messages, each answered once")
