"""`tactful relay`: events out of the outbox to RabbitMQ."""

import asyncio
import fcntl
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tactful.config import Settings
from tactful.errors import Conflict, SetupError
from tactful.logs.setup import standard_output, writing
from tactful.relay.rabbit import Rabbit
from tactful.relay.relaying import Relay
from tactful.store.database import Database
from tactful.store.outgoing import Outgoing
from tactful.times import clock

RELAY_LOCK = 0x7AC7F03  # any number, the same for every relay


def relay(once: Annotated[bool, typer.Option("--once", help="end when the outbox is empty")] = False) -> None:
    """Deliver events to RabbitMQ, until Ctrl-C (docs/relay.md). Example: tactful relay --once"""
    settings = Settings()
    if not settings.relay_url:
        raise SetupError("Set TACTFUL_RELAY_URL, for example to amqp://tactful:…@rabbit.internal/")
    for noisy in ("aiormq", "aio_pika"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)  # they print the address, which holds a password
    with writing(settings, [standard_output(settings)]):
        _relay(settings, once)


def _relay(settings: Settings, once: bool) -> None:
    database = Database(settings.database)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was confirmed is still marked
    delivered = 0
    try:
        database.check_schema()
        with alone(settings, database) as check:
            typer.echo(f"Relaying to the exchange {settings.relay_exchange}.")
            there = partial(Rabbit, settings.relay_url, settings.relay_exchange)
            relaying = Relay(Outgoing(database, clock), there, check)
            try:
                asyncio.run(relaying.run(once=once))
            finally:
                delivered = relaying.delivered
    except KeyboardInterrupt:
        pass
    finally:
        database.close()
        typer.echo(f"{delivered} events were delivered.")


@contextmanager
def alone(settings: Settings, database: Database) -> Iterator[Callable[[], None]]:
    """Two relays at once would lose the order: the second one waits here until the first is gone.

    Gives a function that raises `Conflict` once this one may be alone no more.
    """
    if database.is_sqlite:
        with (settings.home / "relay.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lambda: None
        return
    with database.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({RELAY_LOCK})"))
        connection.commit()

        def check() -> None:
            try:
                connection.execute(text("SELECT 1"))
                connection.commit()
            except DBAPIError:
                raise Conflict("The lock on the outbox was lost with the database. Start the relay again.") from None

        yield check
