"""Whether a program that runs still answers: one that hangs does not end, so nobody would start another.

Asked is what needs no more than its event loop. Any answer will do, a refusal too. Who has not answered since it was
started is loading. Who is busy with a long turn answers before patience ends: a turn has a deadline, and between two
of them a program hears.
"""

import asyncio
import http.client
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

ASK_S = 5.0  # between two questions
ANSWER_S = 10.0  # for one answer
LEAST = 6  # questions in a row that stay unanswered, whatever the patience
LOADING_S = 600.0  # until the first answer


@dataclass(frozen=True, slots=True)
class Health:
    """Where a program is asked. `patience_s`: for how long it may be busy; `loading_s`: until its first answer."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    patience_s: float = 60.0
    loading_s: float = LOADING_S


class Pulse:
    """One program's answers since it was started."""

    def __init__(self, health: Health) -> None:
        self._health, self._began = health, time.monotonic()
        self._first = self._last = 0.0
        self._unanswered = 0

    @property
    def steady_s(self) -> float:
        """For how long it has answered: from the first answer to the last."""
        return self._last - self._first

    async def lost(self) -> str:
        """Return when it hangs, with what is to be said of it."""
        while True:
            await asyncio.sleep(ASK_S)
            if await asyncio.to_thread(answers, self._health):
                self._last, self._unanswered = time.monotonic(), 0
                self._first = self._first or self._last
                continue
            self._unanswered += 1
            if why := self._why():
                return why

    def _why(self) -> str:
        now = time.monotonic()
        if not self._first:
            loading = now - self._began
            return f"it was not ready after {loading:.0f} s" if loading > self._health.loading_s else ""
        silent = now - self._last
        gone = silent > self._health.patience_s and self._unanswered >= LEAST
        return f"it has not answered for {silent:.0f} s" if gone else ""


def answers(health: Health) -> bool:
    """Whether anything comes back in time."""
    place = urlsplit(health.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_S)
    try:
        connection.request("GET", place.path, headers=dict(health.headers))
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
