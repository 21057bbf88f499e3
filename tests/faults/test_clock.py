"""Clocks jump, within a door and between doors, forward and back, by seconds, hours and a day.

Invariant: no accepted message is lost, answered twice or kept waiting for the clock to catch up; nobody's session
ends; nobody is refused for what he did in a time that has not come yet.
"""

import asyncio
import random
import time

import pytest

from tactful.errors import TooMany
from tactful.web.limits import Limits
from tests.faults import promises
from tests.faults.conftest import NewPair, often
from tests.faults.crowd import Crowd

HOUR, DAY = 3600, 86_400
JUMPS = (0, 5, -5, 60, -60, HOUR, -HOUR, DAY / 3, -DAY / 3)


def test_clocks_that_jump_and_differ_change_nothing_for_customers(new_pair: NewPair) -> None:
    """Two doors over one database, each with a clock of its own; each is killed where its clock has just jumped."""
    one = new_pair()
    two = new_pair(engine_port=one.engine_port)

    async def story() -> Crowd:
        one.start_engine()
        for pair in (one, two):
            pair.start_door()
            await pair.ready()
        crowd = Crowd(one.url, two.url, size=8)
        crowd.start()
        for _ in range(often(6, 60)):
            pair = random.choice((one, two))
            pair.clock(random.choice(JUMPS))
            await asyncio.sleep(random.uniform(0.1, 0.5))
            crowd.check()
            if random.random() < 0.4:
                pair.kill_door()
                await pair.gone(door=True)
                pair.clock(random.choice(JUMPS))
                pair.start_door()
                await pair.ready("/healthz")
        await crowd.stop()
        for pair in (one, two):
            pair.clock(0)
        await promises.all_answered(one.settings)
        return crowd

    promises.kept(one.settings, asyncio.run(story()), says_back=True)


def test_what_was_counted_before_a_clock_was_put_back_counts_no_longer_than_it_should(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits, now = Limits("2/minute", "2/minute", "2/minute", "2/minute"), time.time()
    for _ in range(2):
        limits.messages.spend("a")
    monkeypatch.setattr(time, "time", lambda: now - HOUR)
    with pytest.raises(TooMany) as refusal:
        limits.messages.spend("a")
    assert refusal.value.retry_after
    assert refusal.value.retry_after <= 60
