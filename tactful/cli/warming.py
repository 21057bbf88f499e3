"""An engine started beside those that answer: it yields to them until it is warm."""

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tactful import priority
from tactful.cli.supervisor import Program, Supervisor
from tactful.learn.models import Model

LOOK_S = 0.2
WARM_S = 300.0  # how long a new engine may take until it is ready
YIELD_S = 90.0  # so long it leaves the processors to others; on a machine that is always busy it would never start


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """A model that runs: in which program, on which port."""

    model: Model
    name: str
    port: int
    program: Program | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ended(self) -> bool:
        """Whether its engine has ended since it was started here."""
        return self.program is not None and self.program.restarts > 0


class NotWarm(Exception):
    """An engine did not come up; why."""


class Warming:
    """Starts engines. `started` makes a program of a model, a name and a port."""

    def __init__(self, supervisor: Supervisor, started: Callable[[Model, str, int], Program]) -> None:
        self._supervisor, self._started = supervisor, started
        self._count = 1

    async def start(self, model: Model, *, wanted: Callable[[], bool], yielding: bool = False) -> Serving:
        """An engine with this model, ready, which includes a first prediction; `yielding`: it goes on giving way.

        Errors: `NotWarm`, also as soon as it is not `wanted` any more; it is stopped then.
        """
        self._count += 1
        name, port = f"engine-{self._count}", _free_port()
        program = self._started(model, name, port)
        program.yields = True
        serving = Serving(model, name, port, program)
        self._supervisor.add(program)
        try:
            await self._warm(serving, program, wanted)
        except BaseException:
            await self._supervisor.remove(name)
            raise
        self._yield(program, yielding)
        return serving

    def _yield(self, program: Program, yields: bool) -> None:
        program.yields = yields
        if process := self._supervisor.process_of(program.name):
            (priority.yield_to_others if yields else priority.as_usual)(process)

    async def end(self, serving: Serving) -> None:
        await self._supervisor.remove(serving.name)

    async def _warm(self, serving: Serving, program: Program, wanted: Callable[[], bool]) -> None:
        secret = program.environment.get("TACTFUL_ENGINE_SECRET", "")
        began = time.monotonic()
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {secret}"}, timeout=30) as client:
            while (taken := time.monotonic() - began) < WARM_S:
                if program.yields and taken > YIELD_S:
                    self._yield(program, False)
                if program.restarts:
                    raise NotWarm("its engine ended while it started")
                if not wanted():
                    raise NotWarm("it was called off")
                if await _ready(client, serving):
                    return
                await asyncio.sleep(LOOK_S)
        raise NotWarm(f"its engine was not ready within {WARM_S:.0f} s")


async def _ready(client: httpx.AsyncClient, serving: Serving) -> bool:
    try:
        return (await client.get(f"{serving.url}/webhooks/door/ready")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
