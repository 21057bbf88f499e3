"""`tactful door`: the door as a process, the public app and, on a port for engines only, the custom actions."""

import asyncio
import logging
import os
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
from tactful.web.actions import actions_app, rasa_domain
from tactful.web.app import door_app


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


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    services = build(settings)
    door = OuterServer(
        uvicorn.Config(
            door_app(services),
            host=settings.host,
            port=settings.port,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=30,
            access_log=False,  # it would hold addresses of clients
            log_config=None,
            server_header=False,
        ),
        services,
    )
    inner = InnerServer(
        uvicorn.Config(
            actions_app(services.actions_secret, rasa_domain(settings.project)),
            host=settings.actions_host,
            port=settings.actions_port,
            lifespan="off",
            access_log=False,  # it would hold addresses of clients
            log_config=None,
            server_header=False,
        )
    )
    serving = asyncio.create_task(inner.serve())
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


def main() -> None:
    settings = Settings()
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpx2", "authlib", "alembic", "rasa_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except KeyboardInterrupt:
        pass
    except TactfulError as error:
        sys.exit(f"tactful: {error}")


if __name__ == "__main__":
    main()
