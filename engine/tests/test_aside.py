"""While one turn waits for the disk or is thought over, others go on; what began under a lock ends under it."""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import List

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from tactful_engine.aside import aside, think_ahead
from tactful_engine.lean_store import lean

POOL = ThreadPoolExecutor(1)


def test_who_is_cancelled_waits_until_the_work_has_ended() -> None:
    begun, go_on, written = threading.Event(), threading.Event(), []

    def write() -> None:
        begun.set()
        go_on.wait(30)
        written.append(True)

    async def story() -> None:
        task = asyncio.create_task(aside(POOL, write))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
            assert not task.done()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert written

    asyncio.run(story())


def test_other_turns_go_on_while_one_waits_for_the_store(tmp_path: Path) -> None:
    store = SQLTrackerStore(Domain.empty(), db=str(tmp_path / "engine.db"))
    lean(store)

    async def story() -> None:
        await store.save(DialogueStateTracker.from_events("c0", [UserUttered("nought")]))
        busy = sqlite3.connect(tmp_path / "engine.db", isolation_level=None)
        busy.execute("BEGIN IMMEDIATE")
        saving = asyncio.create_task(store.save(DialogueStateTracker.from_events("c1", [UserUttered("one")])))
        for _ in range(20):  # the event loop turns
            await asyncio.sleep(0.001)
        assert not saving.done()
        busy.execute("ROLLBACK")
        await saving

    asyncio.run(story())
    read = asyncio.run(store.retrieve("c1"))
    assert [event.text for event in read.events] == ["one"]


def test_components_that_can_think_ahead_are_asked_in_a_thread() -> None:
    asked: List[object] = []

    def foresee(text: str) -> None:
        asked.append((text, threading.current_thread() is threading.main_thread()))

    nodes = {
        "tokenizer": SimpleNamespace(_component=SimpleNamespace()),
        "classifier": SimpleNamespace(_component=SimpleNamespace(foresee=foresee)),
    }
    processor = SimpleNamespace(graph_runner=SimpleNamespace(_instantiated_nodes=nodes))
    asyncio.run(think_ahead(processor, "hello"))
    assert asked == [("hello", False)]
