"""RabbitMQ as a place to deliver to: an event is delivered once the broker has confirmed that a queue holds it."""

from types import TracebackType
from typing import Self

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange
from aio_pika.exceptions import AMQPError, PublishError

from tactful.errors import Unavailable
from tactful.store.outgoing import Event

TIMEOUT_S = 10.0


class BrokerAway(Unavailable):
    code, message = "broker_away", "RabbitMQ does not answer."


class NoQueue(Unavailable):
    code = "no_queue"
    message = "No queue is bound to the exchange, so RabbitMQ would throw the events away. Bind one."


class Rabbit:
    """A connection, for as long as the block lasts. Errors: `BrokerAway`, in every method."""

    def __init__(self, url: str, exchange: str) -> None:
        self._url, self._name = url, exchange
        self._connection: AbstractConnection | None = None
        self._exchange: AbstractExchange | None = None

    async def __aenter__(self) -> Self:
        try:
            self._connection = await aio_pika.connect(self._url, timeout=TIMEOUT_S)
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._exchange = await channel.declare_exchange(
                self._name, aio_pika.ExchangeType.TOPIC, durable=True, timeout=TIMEOUT_S
            )
        except (AMQPError, OSError, TimeoutError, RuntimeError) as error:
            await self._close()
            raise BrokerAway(f"RabbitMQ does not answer ({type(error).__name__}).") from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def deliver(self, event: Event) -> None:
        """Returns once a queue holds the event, on the broker's disk if it is durable. Errors: `NoQueue`, too."""
        assert self._exchange
        message = aio_pika.Message(
            event.body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(event.id),
            type=event.kind,
            app_id="tactful",
        )
        try:
            await self._exchange.publish(message, routing_key=event.kind, mandatory=True, timeout=TIMEOUT_S)
        except PublishError:
            raise NoQueue from None
        except (AMQPError, OSError, TimeoutError, RuntimeError) as error:
            raise BrokerAway(f"RabbitMQ does not answer ({type(error).__name__}).") from None

    async def _close(self) -> None:
        if self._connection:
            try:
                await self._connection.close()
            except (AMQPError, OSError, TimeoutError, RuntimeError):
                pass  # it is gone
