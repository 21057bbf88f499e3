"""`tactful door`: the door as a process, the public app and, on a port for engines only, the custom actions."""

import asyncio
import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
import uvicorn
import uvloop

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.logs import passing
from tactful.logs.setup import standard_output, writing
from tactful.logs.wall import Wall
from tactful.web.actions import actions_app, rasa_domain
from tactful.web.app import door_app
from tactful.web.server import configured

log = logging.getLogger(__name__)


class OuterServer(uvicorn.Server):
    """A server that, asked to stop, first lets go of whoever listens, and gives load balancers time to notice.

    Asked a second time, it stops at once.
    """

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services, self._loop = services, asyncio.get_running_loop()
        self._asked = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._asked:
            self.should_exit = True
        self._asked = True
        self._loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        self._services.leave()
        self._loop.call_later(self._services.settings.leave_s, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


class InnerServer(uvicorn.Server):
    """A server that leaves signals to the door's, with which it shares the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings, wall: Wall) -> None:
    """Serve until SIGTERM or SIGINT."""
    services = build(settings)
    wall.counted_by(services.metrics.log_line)
    door = OuterServer(configured(door_app(services), settings), services)
    inner = InnerServer(
        uvicorn.Config(
            actions_app(services.actions_secret, rasa_domain(settings.project), traces=services.metrics.stages.traces),
            host=settings.actions_host,
            port=settings.actions_port,
            lifespan="off",
            ws="none",
            access_log=False,  # it would hold addresses of clients
            log_config=None,
            server_header=False,
        )
    )
    serving = asyncio.create_task(inner.serve())
    log.info("the door starts on port %d", settings.port)
    try:
        await door.serve()
    finally:
        inner.should_exit = True
        await serving


def door(
    port: Annotated[int | None, typer.Option(help="port of the door; custom actions are two ports above")] = None,
) -> None:
    """Start a door alone, for engines on other machines (docs/many_machines.md). Example: tactful door --port 8380"""
    if port is not None:
        os.environ["TACTFUL_PORT"] = str(port)
    main()


def _output(settings: Settings) -> logging.Handler:
    """Standard output: to a supervisor with its mark, else to whoever collects logs."""
    output = standard_output(settings)
    if mark := os.environ.get(passing.VARIABLE):
        output.setFormatter(passing.Marked(mark))
    return output


def main() -> None:
    settings = Settings()
    os.umask(0o077)  # what a door writes is for its owner only
    faulthandler.register(signal.SIGUSR1)  # where every thread is, for whoever finds that it hangs
    try:
        with (
            writing(settings, [_output(settings)]) as wall,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(serve(settings, wall))
    except KeyboardInterrupt:
        pass
    except TactfulError as error:
        sys.exit(f"tactful: {error}")


if __name__ == "__main__":
    main()
