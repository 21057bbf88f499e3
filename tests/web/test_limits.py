"""Rate limits: a moving window a key, and nothing kept of who is gone."""

import pytest

from tactful.errors import TooMany
from tactful.web.limits import Limit


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_when_the_window_is_full_then_the_next_use_is_refused_with_the_time_to_wait(clock: Clock) -> None:
    limit = Limit("3/minute", clock)
    for _ in range(3):
        limit.spend("a")
        clock.now += 10
    with pytest.raises(TooMany) as refused:
        limit.spend("a")
    assert refused.value.retry_after == 30
    limit.spend("b")


def test_when_the_oldest_use_leaves_the_window_then_one_more_is_allowed(clock: Clock) -> None:
    limit = Limit("2/minute", clock)
    limit.spend("a")
    clock.now += 30
    limit.spend("a")
    clock.now += 30
    limit.spend("a")
    with pytest.raises(TooMany) as refused:
        limit.spend("a")
    assert refused.value.retry_after == 30


def test_a_refused_use_does_not_count(clock: Clock) -> None:
    limit = Limit("1/minute", clock)
    limit.spend("a")
    for _ in range(50):
        clock.now += 1
        with pytest.raises(TooMany):
            limit.spend("a")
    clock.now += 10
    limit.spend("a")


def test_keys_that_are_used_no_more_are_forgotten(clock: Clock) -> None:
    limit = Limit("1000/minute", clock)
    for number in range(1000):
        limit.spend(f"c{number}")
    clock.now += 61
    for _ in range(300):
        limit.spend("still here")
    assert list(limit._uses) == ["still here"]


def test_a_rate_of_several_units_is_read(clock: Clock) -> None:
    limit = Limit("2 per 5 minutes", clock)
    limit.spend("a")
    limit.spend("a")
    clock.now += 299
    with pytest.raises(TooMany):
        limit.spend("a")
    clock.now += 1
    limit.spend("a")
