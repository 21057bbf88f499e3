"""Actions that look at what is stored do so beside the event loop, which serves every other customer meanwhile."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from rasa_sdk.executor import ActionExecutor

from tactful.assistant import context

SLOTS = {"level": "expert", "home": "Porto", "shown_trips": ["lisbon"], "onboarding_open": False}


class Watched(context.Stranger):
    """Tells in which threads somebody asked."""

    def __init__(self) -> None:
        self.asked: dict[str, set[int]] = {}
        self.running = ""

    def __getattribute__(self, name: str) -> object:
        if name in ("profile", "learned", "history", "overview"):
            self.asked.setdefault(self.running, set()).add(threading.get_ident())
        return super().__getattribute__(name)


@pytest.fixture
def watched() -> Iterator[Watched]:
    before, mine = context.current(), Watched()
    context.set_context(mine)
    yield mine
    context.set_context(before)


def test_no_action_looks_from_the_loop(watched: Watched) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")

    async def all_of_them() -> None:
        for name in executor.actions:
            watched.running = name
            for said in ("why", "what do you know about me?"):
                message = {"text": said, "intent": {"name": "why_this_reply", "confidence": 1.0}, "entities": []}
                tracker = {
                    "sender_id": "c", "slots": SLOTS, "latest_message": message, "events": [], "paused": False,
                    "followup_action": None, "active_loop": {}, "latest_action_name": "utter_trip_reasons",
                }  # fmt: skip
                with suppress(Exception):  # a tracker made for all of them does not suit every one
                    await executor.run({"next_action": name, "tracker": tracker, "domain": {"slots": {}, "forms": {}}})

    asyncio.run(all_of_them())
    assert {"action_session_start", "action_sync_profile", "action_greet"} <= set(watched.asked)
    assert [name for name, threads in watched.asked.items() if threading.get_ident() in threads] == []
