"""Rate limits, fair to others: a moving window for each key, kept in memory by each door.

`limits` reads the rates. Its memory storage starts a thread for every request and copies every window in it, so the
windows are kept here: a queue of times a key, in which what has left the window is dropped as it is met.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from limits import RateLimitItem, parse

from tactful.errors import TooMany

SWEPT = 4  # keys looked at, each time, that have not been used for longest: who is gone is forgotten


class Limit:
    """One limit, such as `20/minute`, counted apart for every key."""

    def __init__(self, rate: str, clock: Callable[[], float] = monotonic) -> None:
        item: RateLimitItem = parse(rate)
        self._most, self._window_s = item.amount, float(item.get_expiry())
        self._clock = clock
        self._uses: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def spend(self, key: str) -> None:
        """Count one use. Errors: `TooMany` with the seconds to wait."""
        now = self._clock()
        with self._lock:
            uses = self._uses.setdefault(key, deque())
            self._uses.move_to_end(key)
            self._forget_before(uses, now)
            if len(uses) >= self._most:
                wait = uses[0] + self._window_s - now if uses else self._window_s
                raise TooMany(retry_after=max(1, ceil(wait)))
            uses.append(now)
            self._sweep(now)

    def _forget_before(self, uses: deque[float], now: float) -> None:
        while uses and uses[0] <= now - self._window_s:
            uses.popleft()

    def _sweep(self, now: float) -> None:
        for _ in range(SWEPT):
            key, uses = next(iter(self._uses.items()))
            if uses and uses[-1] > now - self._window_s:
                return
            del self._uses[key]


class Limits:
    """The limits of one door."""

    def __init__(self, messages: str, conversations: str, requests: str, receipts: str) -> None:
        self.messages, self.conversations = Limit(messages), Limit(conversations)
        self.requests, self.receipts = Limit(requests), Limit(receipts)
