"""Whether this door can do its work: each part is tried, in a bounded time, and one that fails says why.

Trying is not free, and anybody may ask: an answer counts for a second, and while a part is being tried nobody tries
it again.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from anyio import to_thread

from tactful.chat.engine import Engine
from tactful.errors import TactfulError
from tactful.metrics import Metrics
from tactful.privacy.isolated import IsolatedDetector
from tactful.store.database import Database
from tactful.store.files import LEAST_FREE

PATIENCE_S = 3.0  # for each part; all are tried at once
COUNTS_S = 1.0
SENTENCE, NAME = "Hi, my name is Ana Berg.", "Ana"  # nobody's

Ailing = Callable[[], Awaitable[str]]
"""Tries a part; why it cannot do its work, in words of ours, or nothing."""


class Readiness:
    """The parts by name, and how each is."""

    def __init__(self, parts: Mapping[str, Ailing], metrics: Metrics, patience_s: float = PATIENCE_S) -> None:
        self._parts, self._metrics, self._patience_s = parts, metrics, patience_s
        self._trying: dict[str, asyncio.Task[str]] = {}
        self._known: dict[str, str] = {}
        self._until = 0.0

    async def look(self) -> dict[str, str]:
        """Part → why it is not ready; empty for one that is."""
        if time.monotonic() >= self._until:
            found = await asyncio.gather(*(self._try(name) for name in self._parts))
            self._known = dict(zip(self._parts, found, strict=True))
            self._until = time.monotonic() + COUNTS_S
            for name, why in self._known.items():
                self._metrics.ready.labels(name).set(not why)
            self._metrics.engine_up.set(not self._known.get("engine"))
        return self._known

    async def _try(self, name: str) -> str:
        task = self._trying.get(name)
        if task is None or task.done():
            task = self._trying[name] = asyncio.create_task(_told(self._parts[name]))
        done, _ = await asyncio.wait({task}, timeout=self._patience_s)
        return task.result() if done else f"no answer within {self._patience_s:g} s"


async def _told(ailing: Ailing) -> str:
    try:
        return await ailing()
    except TactfulError as error:
        return str(error)
    except Exception as error:  # its text could hold anything, its type cannot
        return f"it failed ({type(error).__name__})"


def parts(database: Database, detector: IsolatedDetector, engine: Engine, home: str) -> dict[str, Ailing]:
    """What a door needs."""
    return {
        "database": partial(to_thread.run_sync, partial(_database, database, home)),
        "migration": partial(to_thread.run_sync, partial(_migration, database)),
        "detector": partial(_detector, detector),
        "engine": engine.ailing,
    }


def _database(database: Database, home: str) -> str:
    """A write, which is undone."""
    database.try_writing()
    free = shutil.disk_usage(home).free
    return f"only {free // 1_000_000} MB are free on the disk" if database.is_sqlite and free < LEAST_FREE else ""


def _migration(database: Database) -> str:
    database.check_schema()
    return ""


async def _detector(detector: IsolatedDetector) -> str:
    if not detector.ready:
        return "no process of it is up"
    spans = await detector.detect(SENTENCE)
    return "" if any(SENTENCE[span.start : span.end].startswith(NAME) for span in spans) else "it finds no name"
