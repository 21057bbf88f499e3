"""Work is ended when its time is up, whatever it does meanwhile."""

import re
import signal
import time
from collections.abc import Callable

import pytest
import regex

from tactful.errors import DetectorUnavailable
from tactful.privacy.alarm import PATIENCE, Alarm

BUDGET_MS = 60
HOSTILE = "a" * 60 + "!"


def runaway() -> object:
    return re.match(r"(a+)+$", HOSTILE)


def other_engine() -> object:
    return regex.match(r"(a|aa)+$", HOSTILE * 1)


def deaf() -> None:
    """Swallows what it is told, and comes to an end late."""
    until = time.process_time() + 3 * BUDGET_MS / 1000
    while time.process_time() < until:
        try:
            sum(range(1000))
        except BaseException:
            continue


@pytest.mark.parametrize("work", [runaway, other_engine, deaf, lambda: time.sleep(60)])
def test_it_is_ended_and_nothing_of_it_is_used(work: Callable[[], object]) -> None:
    began = time.monotonic()
    with pytest.raises(DetectorUnavailable):
        Alarm(BUDGET_MS).within(work)
    assert time.monotonic() - began < BUDGET_MS / 1000 * PATIENCE + 5
    assert signal.getitimer(signal.ITIMER_REAL) == signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_what_is_done_in_time_is_returned_and_what_fails_fails_as_it_does() -> None:
    alarm = Alarm(5_000)
    assert alarm.within(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        alarm.within(lambda: 1 // 0)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_it_can_be_used_again_after_it_rang() -> None:
    alarm = Alarm(BUDGET_MS)
    with pytest.raises(DetectorUnavailable):
        alarm.within(runaway)
    assert alarm.within(lambda: "next") == "next"
