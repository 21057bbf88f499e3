"""Work that ends when its time is up, in this process: Python's regular expressions stop for a signal.

Processor time is what counts, so that a busy machine withholds nothing that an idle one would read. Work that only
waits is ended, too, after `PATIENCE` times as long by the clock.
"""

import signal
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from tactful.errors import DetectorUnavailable

T = TypeVar("T")
PATIENCE = 10
AGAIN_S = 0.05  # an exception that lands in a destructor is lost: ring again
_TIMERS = {signal.ITIMER_PROF: signal.SIGPROF, signal.ITIMER_REAL: signal.SIGALRM}


class _TimeIsUp(BaseException):
    """Not an `Exception`: what catches broadly on the way must not take it for a failure of its own."""


class Alarm:
    """Limits work to `budget_ms` of processor time. Only for a process's main thread."""

    def __init__(self, budget_ms: int) -> None:
        self._budget_s = budget_ms / 1000
        self._ringing = self._rang = False

    def within(self, work: Callable[[], T]) -> T:
        """What `work` returns. Errors: `DetectorUnavailable` when its time was up, even if it went on regardless."""
        try:
            try:
                self._set()
                result = work()
            finally:
                self._clear()
        except _TimeIsUp:
            raise DetectorUnavailable from None
        finally:
            self._clear()  # the first may itself have been interrupted
        if self._rang:
            raise DetectorUnavailable
        return result

    def _set(self) -> None:
        self._rang, self._ringing = False, True
        for bell in _TIMERS.values():
            signal.signal(bell, self._ring)
        signal.setitimer(signal.ITIMER_PROF, self._budget_s, AGAIN_S)
        signal.setitimer(signal.ITIMER_REAL, self._budget_s * PATIENCE, AGAIN_S)

    def _clear(self) -> None:
        self._ringing = False
        for timer in _TIMERS:
            signal.setitimer(timer, 0)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self._rang = True
        if self._ringing:
            raise _TimeIsUp
