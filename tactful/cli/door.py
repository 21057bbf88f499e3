"""The door as a process: the public app, and the engine's custom actions on a loopback port."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from tactful.bootstrap import build
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.web.actions import actions_app, rasa_domain
from tactful.web.app import door_app


class InnerServer(uvicorn.Server):
    """A server that leaves signals to the door's, with which it shares the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    services = build(settings)
    door = uvicorn.Server(
        uvicorn.Config(
            door_app(services),
            host=settings.host,
            port=settings.port,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=30,
            access_log=False,  # it would hold addresses of clients
            log_config=None,
            server_header=False,
        )
    )
    inner = InnerServer(
        uvicorn.Config(
            actions_app(services.actions_secret, rasa_domain(settings.project)),
            host="127.0.0.1",
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
