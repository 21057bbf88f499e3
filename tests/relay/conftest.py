"""A real RabbitMQ, Debian's, on loopback ports, with everything it keeps in a folder of the test."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aio_pika
import pytest

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
STARTING_S = 180
STOPPING_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Broker:
    """RabbitMQ as a process that can be ended and started again; it keeps its queues."""

    folder: Path
    port: int = field(default_factory=free_port)
    distribution: int = field(default_factory=free_port)
    mapper: int = field(default_factory=free_port)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"tactful{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.mapper),
        }

    def start(self) -> None:
        # Erlang's port mapper would else be started as a daemon that outlives the test.
        mapper = [shutil.which("epmd") or "epmd", "-port", str(self.mapper), "-address", "127.0.0.1"]
        for command in (mapper, [str(SERVER)]):
            with (self.folder / "out").open("ab") as output:
                process = subprocess.Popen(
                    command, env=self.environment, cwd=self.folder, stdout=output, stderr=output, start_new_session=True
                )
            self.processes.append(process)
        deadline = time.monotonic() + STARTING_S
        while time.monotonic() < deadline:
            assert self.processes[-1].poll() is None, (self.folder / "out").read_text(errors="replace")[-2000:]
            if asyncio.run(self._answers()):
                return
            time.sleep(0.3)
        raise AssertionError("RabbitMQ did not come up")

    async def _answers(self) -> bool:
        try:
            async with await aio_pika.connect(self.url, timeout=5):
                return True
        except (aio_pika.exceptions.AMQPError, OSError, TimeoutError):
            return False

    def end(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOPPING_S)
                except subprocess.TimeoutExpired:
                    pass
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait(STOPPING_S)
        self.processes.clear()

    def restart(self) -> None:
        self.end()
        self.start()


@dataclass
class Queue:
    """A durable queue bound to an exchange of its own."""

    url: str
    exchange: str
    name: str

    async def bind(self, *, length: int | None = None) -> None:
        arguments: dict[str, Any] = {"x-max-length": length, "x-overflow": "reject-publish"} if length else {}
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            exchange = await channel.declare_exchange(self.exchange, aio_pika.ExchangeType.TOPIC, durable=True)
            queue = await channel.declare_queue(self.name, durable=True, arguments=arguments)
            await queue.bind(exchange, "#")

    async def take(self) -> list[tuple[aio_pika.abc.AbstractIncomingMessage, dict[str, Any]]]:
        """Everything in it, in order."""
        taken = []
        async with await aio_pika.connect(self.url) as connection:
            queue = await (await connection.channel()).get_queue(self.name)
            while message := await queue.get(fail=False):
                await message.ack()
                taken.append((message, json.loads(message.body)))
        return taken


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if not SERVER.exists():
        pytest.skip("RabbitMQ is not installed; scripts/rabbitmq installs Debian's, which CI does")
    broker = Broker(tmp_path_factory.mktemp("rabbit"))
    try:
        broker.start()
        yield broker
    finally:
        broker.end()


@pytest.fixture
def queue(broker: Broker) -> Queue:
    name = f"t{secrets.token_hex(4)}"
    return Queue(broker.url, name, f"{name}.all")
