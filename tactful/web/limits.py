"""Rate limits, fair to others: a moving window for each key, kept in memory by each door."""

from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from tactful.errors import TooMany


class Limit:
    """One limit, such as `20/minute`, counted apart for every key."""

    def __init__(self, rate: str, limiter: MovingWindowRateLimiter) -> None:
        self._item: RateLimitItem = parse(rate)
        self._limiter = limiter

    def spend(self, key: str) -> None:
        """Count one use. Errors: `TooMany` with the seconds to wait."""
        if not self._limiter.hit(self._item, key):
            reset, _ = self._limiter.get_window_stats(self._item, key)
            raise TooMany(retry_after=max(1, ceil(reset - time())))


class Limits:
    """The limits of one door."""

    def __init__(self, messages: str, conversations: str, requests: str, receipts: str) -> None:
        # One storage each: equal rates would otherwise share their windows.
        self.messages = Limit(messages, MovingWindowRateLimiter(MemoryStorage()))
        self.conversations = Limit(conversations, MovingWindowRateLimiter(MemoryStorage()))
        self.requests = Limit(requests, MovingWindowRateLimiter(MemoryStorage()))
        self.receipts = Limit(receipts, MovingWindowRateLimiter(MemoryStorage()))
