"""Any door takes any request, any engine any turn: nothing is sticky, and nothing is lost when one of them goes."""

import asyncio
import os
import random
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.machines.customers import crowd
from tests.machines.installation import Installation, Machine
from tests.machines.truths import check

LONG = "TACTFUL_LONG_TESTS" in os.environ
KILLED, ROUNDS = ((0, 1), 10) if LONG else ((0,), 1)  # engines, by number; how often each door meanwhile


def begin(url: str) -> tuple[str, dict[str, str]]:
    begun = httpx.post(f"{url}/api/conversations", json={}).raise_for_status().json()
    return f"/api/conversations/{begun['conversation_id']}", {"Authorization": f"Bearer {begun['token']}"}


def send(url: str, text: str, headers: dict[str, str]) -> int:
    body = {"client_message_id": uuid.uuid4().hex, "text": text}
    seq: int = httpx.post(f"{url}/messages", json=body, headers=headers, timeout=30).raise_for_status().json()["seq"]
    return seq


def answer(url: str, seq: int, headers: dict[str, str]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        params = {"after": seq, "wait": 10}
        shown: list[dict[str, Any]] = httpx.get(f"{url}/messages", params=params, headers=headers, timeout=30).json()[
            "messages"
        ]
        if replies := [message["text"] for message in shown if message["reply_to"] == seq]:
            return "\n".join(replies)
    raise AssertionError("no answer came")


def test_a_conversation_goes_from_door_to_door_and_from_engine_to_engine(machines: Installation) -> None:
    """Sent at one door, heard at the other; what was said to one engine is known to the other."""
    first, second = (door.url for door in machines.doors)
    path, headers = begin(first)
    assert answer(second + path, send(first + path, "stop asking me questions", headers), headers)
    answer(first + path, send(second + path, "My name is Ana Moreira", headers), headers)
    assert "Ana" in answer(second + path, send(first + path, "what do you know about me?", headers), headers)


def test_both_doors_and_both_engines_work(machines: Installation) -> None:
    people = asyncio.run(crowd(machines.url, customers=6, turns=4))
    check(people, machines)
    for door in machines.doors:
        assert _count(door.url, "tactful_turns_total") > 0
    assert not [refused for person in people for refused in person.refused]


def test_the_engines_hold_neither_the_key_nor_the_doors_database(machines: Installation) -> None:
    for engine in machines.engines:
        assert engine.process
        environment = Path(f"/proc/{engine.process.pid}/environ").read_text(encoding="utf-8")
        assert machines.shared["TACTFUL_MASTER_KEY"] not in environment
        assert machines.database not in environment
        assert not (engine.home / "keys.json").exists()


@pytest.mark.parametrize("killed", KILLED)
def test_machines_that_are_killed_lose_no_message_and_answer_none_twice(machines: Installation, killed: int) -> None:
    """Of each pair one works on; a door is killed more often, since it is back sooner."""
    luck = random.Random(7)

    def kill(machine: Machine) -> None:
        time.sleep(luck.uniform(0.3, 1.5))
        machine.kill()
        machine.start()

    def power_cuts() -> None:
        kill(machines.engines[killed])
        for number, door in enumerate(machines.doors * ROUNDS, 1):
            kill(door)
            door.wait()
            print(f"{number} doors killed", flush=True)
        machines.engines[killed].wait()

    people = asyncio.run(crowd(machines.url, customers=4, turns=1000, meanwhile=power_cuts, at_least=4))
    check(people, machines)
    refused = Counter(why for person in people for why in person.refused)
    slowest = max(seconds for person in people for seconds in person.seconds)
    print(f"{sum(len(p.accepted) for p in people)} messages, each answered once; the slowest after {slowest:.1f} s")
    print(f"requests that nobody took, and were sent again: {dict(refused)}")


def _count(url: str, name: str) -> float:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name + "{"))
