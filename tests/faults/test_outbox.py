"""Whoever takes the outbox's events is away for ten minutes (of the clock, which the test moves).

Invariant: chat goes on as if nothing were; not an event is lost or deleted undelivered; what waits comes out in the
order in which it happened, in each conversation and in all.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.relay.rabbit import BrokerAway
from tactful.relay.relaying import Relay
from tactful.store.audit import SYSTEM
from tactful.store.outgoing import Event, Outgoing
from tactful.store.tables import messages, outbox
from tests.conftest import Clock
from tests.faults.mending import GENEROUS, answered, serving
from tests.web.conftest import Customer

MINUTES, EACH = 10, 2


class Receiver:
    """Whoever takes the events; RabbitMQ itself, going and coming, is in `tests/relay`."""

    def __init__(self) -> None:
        self.away, self.got = True, list[Event]()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator["Receiver"]:
        if self.away:
            raise BrokerAway
        yield self

    async def deliver(self, event: Event) -> None:
        self.got.append(event)


def test_chat_is_unaffected_and_events_wait_in_order(
    tmp_path: Path, policy: Policy, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = Receiver()
    settings = Settings(home=tmp_path, engine_port=1, outbox_days=0, **GENEROUS)
    monkeypatch.setattr(Services, "clock", staticmethod(clock))
    with serving(settings, policy) as (client, services):
        relay = Relay(Outgoing(services.database, clock), receiver)
        customers = [Customer(client) for _ in range(3)]
        for minute in range(MINUTES):
            for customer in customers:
                for number in range(EACH):
                    answered(customer, f"m{minute}-{number}", f"minute {minute}, number {number}")
            with pytest.raises(BrokerAway):
                asyncio.run(relay.run(once=True))
            clock.forward(seconds=60)
            services.retention.run(SYSTEM)
        with services.database.read() as tx:
            waiting = tx.execute(select(outbox).order_by(outbox.c.id)).mappings().all()
            asked = tx.execute(select(messages).where(messages.c.author == "customer")).mappings().all()
        assert len(waiting) == len(asked) == 3 * MINUTES * EACH
        assert [row["created_at"] for row in waiting] == sorted(row["created_at"] for row in waiting)
        receiver.away = False
        asyncio.run(relay.run(once=True))
        assert sorted(event.id for event in receiver.got) == [row["id"] for row in waiting], "each once"
        for customer in customers:
            theirs = [event.id for event in receiver.got if event.conversation_id == customer.id]
            assert theirs == [row["id"] for row in waiting if row["conversation_id"] == customer.id]
        clock.forward(seconds=1)
        services.retention.run(SYSTEM)
        with services.database.read() as tx:
            assert tx.execute(select(outbox.c.id)).all() == [], "what was delivered goes"
