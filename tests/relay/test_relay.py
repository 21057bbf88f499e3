"""Events reach RabbitMQ at least once, a conversation's in their order, whatever happens to the broker in between."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import insert, select

from tactful.errors import TactfulError
from tactful.relay.rabbit import BrokerAway, NoQueue, Rabbit
from tactful.relay.relaying import Relay
from tactful.store.database import Database
from tactful.store.outgoing import Event, Outgoing
from tactful.store.tables import outbox
from tests.conftest import ROOT, Clock
from tests.relay.conftest import Broker, Queue

SCHEMA = json.loads(files("tactful.store").joinpath("event.schema.json").read_text())
CONVERSATIONS = [f"{number:032x}" for number in range(3)]


def put(database: Database, count: int, conversations: Sequence[str] = CONVERSATIONS) -> None:
    with database.begin() as tx:
        for number in range(1, count + 1):
            for conversation in conversations:
                row = {"conversation_id": conversation, "kind": "turn_answered", "payload": {"seq": number}}
                tx.execute(insert(outbox).values(**row, created_at=1_800_000_000_000))


def waiting(database: Database) -> int:
    return Outgoing(database, lambda: 0).count()


def relay(database: Database, queue: Queue, clock: Clock) -> Relay:
    return Relay(Outgoing(database, clock), lambda: Rabbit(queue.url, queue.exchange))


def in_order(bodies: Sequence[dict[str, Any]]) -> bool:
    """Within each conversation; what comes again counts where it came first."""
    seen: dict[int, dict[str, Any]] = {}
    for body in bodies:
        seen.setdefault(body["id"], body)
    lines: dict[str, list[int]] = {}
    for body in seen.values():
        lines.setdefault(body["conversation_id"], []).append(body["data"]["seq"])
    return all(line == sorted(line) for line in lines.values())


def test_events_arrive_in_the_documented_form_and_are_marked(database: Database, queue: Queue, clock: Clock) -> None:
    put(database, 5)
    asyncio.run(queue.bind())
    asyncio.run(relay(database, queue, clock).run(once=True))
    taken = asyncio.run(queue.take())
    assert len(taken) == 15
    assert waiting(database) == 0
    assert in_order([body for _, body in taken])
    for message, body in taken:
        Draft202012Validator(SCHEMA).validate(body)
        assert (message.message_id, message.type, message.delivery_mode) == (str(body["id"]), body["kind"], 2)
        assert message.routing_key == body["kind"]
    with database.read() as tx:
        assert set(tx.execute(select(outbox.c.delivered_at)).scalars()) == {clock()}


def test_every_kind_that_the_code_announces_is_in_the_documented_form() -> None:
    announced = set()
    for file in (ROOT / "tactful").rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "_post(tx, " in line and '"' in line:
                announced.add(line.split('"')[1])
    assert announced == set(SCHEMA["properties"]["kind"]["enum"])


def test_an_event_that_no_queue_would_hold_stays(database: Database, queue: Queue, clock: Clock) -> None:
    put(database, 1)
    with pytest.raises(NoQueue):
        asyncio.run(relay(database, queue, clock).run(once=True))
    assert waiting(database) == 3


def test_an_event_that_the_broker_refuses_stays(database: Database, queue: Queue, clock: Clock) -> None:
    """A queue that is full says no to the publisher; what it took is not sent again."""
    put(database, 4, CONVERSATIONS[:1])
    asyncio.run(queue.bind(length=2))
    with pytest.raises(BrokerAway):
        asyncio.run(relay(database, queue, clock).run(once=True))
    assert waiting(database) == 2
    taken = asyncio.run(queue.take())
    asyncio.run(relay(database, queue, clock).run(once=True))
    assert [body["data"]["seq"] for _, body in taken + asyncio.run(queue.take())] == [1, 2, 3, 4]


def test_a_broker_that_starts_again_loses_and_reorders_nothing(
    database: Database, broker: Broker, queue: Queue, clock: Clock
) -> None:
    asyncio.run(queue.bind())

    async def story() -> None:
        running = asyncio.create_task(relay(database, queue, clock).run())
        await asyncio.to_thread(put, database, 40)
        restarting = asyncio.create_task(asyncio.to_thread(broker.restart))
        for _ in range(20):
            await asyncio.to_thread(put, database, 1)
            await asyncio.sleep(0.05)
        await restarting
        async with asyncio.timeout(120):
            while await asyncio.to_thread(waiting, database):
                await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(story())
    with database.read() as tx:
        expected = set(tx.execute(select(outbox.c.id)).scalars())
    taken = asyncio.run(queue.take())
    assert {body["id"] for _, body in taken} == expected
    ids: dict[str, list[int]] = {}
    for _, body in taken:
        if body["id"] not in ids.setdefault(body["conversation_id"], []):
            ids[body["conversation_id"]].append(body["id"])
    assert all(line == sorted(line) for line in ids.values())


def test_what_was_confirmed_and_not_marked_comes_again_with_the_same_id(
    database: Database, queue: Queue, clock: Clock
) -> None:
    """The relay dies, or the database goes, between the broker's word and ours."""

    class Forgetful(Outgoing):
        def delivered(self, ids: Any) -> None:
            raise TactfulError("the database went away")

    put(database, 2)
    asyncio.run(queue.bind())
    with pytest.raises(TactfulError):
        asyncio.run(Relay(Forgetful(database, clock), lambda: Rabbit(queue.url, queue.exchange)).run(once=True))
    asyncio.run(relay(database, queue, clock).run(once=True))
    taken = [body for _, body in asyncio.run(queue.take())]
    assert len(taken) == 12
    assert len({body["id"] for body in taken}) == 6
    assert in_order(taken)


def test_conversations_do_not_wait_for_one_whose_event_is_refused(database: Database, clock: Clock) -> None:
    class Picky:
        """Refuses one conversation's second event."""

        def __init__(self) -> None:
            self.taken: list[Event] = []

        async def __aenter__(self) -> "Picky":
            return self

        async def __aexit__(self, *_: Any) -> None: ...

        async def deliver(self, event: Event) -> None:
            if event.conversation_id == CONVERSATIONS[1] and json.loads(event.body)["data"]["seq"] == 2:
                raise BrokerAway
            self.taken.append(event)

    put(database, 3)
    place = Picky()
    with pytest.raises(BrokerAway):
        asyncio.run(Relay(Outgoing(database, clock), lambda: place).run(once=True))
    assert [event.conversation_id for event in place.taken].count(CONVERSATIONS[1]) == 1
    assert waiting(database) == 2


def test_the_command_delivers_until_it_is_stopped_and_a_second_one_waits(
    url: str, database: Database, queue: Queue, tmp_path: Path
) -> None:
    asyncio.run(queue.bind())
    put(database, 2)
    first, second = (started(url, queue, tmp_path) for _ in range(2))
    try:
        until(lambda: waiting(database) == 0)
        put(database, 1)
        until(lambda: waiting(database) == 0)
        first.send_signal(signal.SIGTERM)
        second.send_signal(signal.SIGTERM) if url.startswith("sqlite") else None
        said = first.communicate(timeout=60)[0]
        assert first.returncode == 0
        assert "guest:guest" not in said
    finally:
        for process in (first, second):
            process.kill()
            process.communicate(timeout=60)
    taken = [body for _, body in asyncio.run(queue.take())]
    assert len(taken) == len({body["id"] for body in taken}) == 9


def started(url: str, queue: Queue, home: Path) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "TACTFUL_HOME": str(home),
        "TACTFUL_RELAY_URL": queue.url,
        "TACTFUL_RELAY_EXCHANGE": queue.exchange,
    }
    command = [sys.executable, "-m", "tactful.cli.main", "relay"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def until(seen: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.2)
