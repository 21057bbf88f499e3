"""Another champion, another engine: started beside the one that answers, warmed, and only then given the turns.

Models are never exchanged within a process that serves. The engine before stays alive, so that going back is a matter
of pointing to it; the one before that is ended.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from tactful.chat.engines import Pointer
from tactful.cli.supervisor import Program, Supervisor
from tactful.errors import TactfulError
from tactful.learn.registry import CHAMPION, Model, Registry

log = logging.getLogger("tactful.up")

LOOK_S = 0.2  # between looks at the register
WARM_S = 240.0  # how long a new engine may take until it is ready


@dataclass(frozen=True, slots=True)
class Serving:
    """A model that runs: in which program, on which port."""

    model: Model
    program: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Swapping:
    """Follows the register's champion. `started` makes a program of a model, a name and a port."""

    def __init__(
        self,
        supervisor: Supervisor,
        registry: Registry,
        pointer: Path,
        started: Callable[[Model, str, int], Program],
        now: Serving,
    ) -> None:
        self._supervisor, self._registry, self._pointer, self._started = supervisor, registry, pointer, started
        self._now, self._before = now, None  # type: Serving, Serving | None
        self._count = 1
        self._point()

    async def watch(self) -> None:
        """Until it is cancelled."""
        seen = None
        while True:
            stamp = _stamp(self._registry.path)
            if stamp != seen:
                seen = stamp
                try:
                    await self._follow()
                except TactfulError as error:
                    log.error("the champion is not exchanged: %s", error)
                except OSError as error:
                    log.error("the champion is not exchanged (%s)", type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def _follow(self) -> None:
        champion = self._registry.state().alias(CHAMPION)
        if champion is None or champion.sha256 == self._now.model.sha256:
            return
        if self._before and self._before.model.sha256 == champion.sha256:
            self._now, self._before = self._before, self._now
            self._point()
            log.info("%s answers again", champion.name)
            return
        await self._exchange(champion)

    async def _exchange(self, champion: Model) -> None:
        self._count += 1
        new = Serving(champion, f"engine-{self._count}", _free_port())
        program = self._started(champion, new.program, new.port)
        self._supervisor.add(program)
        if why := await self._warmed(new, program):
            await self._supervisor.remove(new.program)
            self._point(refused=champion.sha256, why=why)
            log.error("%s does not answer: %s", champion.name, why)
            return
        oldest, self._before, self._now = self._before, self._now, new
        self._point()
        log.info("%s answers now; %s is kept at hand", champion.name, self._before.model.name)
        if oldest:
            await self._supervisor.remove(oldest.program)

    async def _warmed(self, new: Serving, program: Program) -> str:
        """Wait until it is ready, which includes a first prediction; else why it is not."""
        secret = program.environment.get("TACTFUL_ENGINE_SECRET", "")
        deadline = time.monotonic() + WARM_S
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {secret}"}, timeout=30) as client:
            while time.monotonic() < deadline:
                if program.restarts:
                    return "its engine ended while it started"
                try:
                    if (await client.get(f"{new.url}/webhooks/door/ready")).status_code == httpx.codes.OK:
                        return ""
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(LOOK_S)
        return f"its engine was not ready within {WARM_S:.0f} s"

    def _point(self, refused: str = "", why: str = "") -> None:
        model, others = self._now.model, (self._before.url,) if self._before else ()
        Pointer(
            url=self._now.url, model=model.name, sha256=model.sha256, others=others, refused=refused, why=why
        ).write(self._pointer)  # fmt: skip


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
