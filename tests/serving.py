"""The door under uvicorn, in a thread of its own, for tests that look at it through a browser."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from tactful.bootstrap import Services
from tactful.web.app import door_app
from tactful.web.server import Bounds, configured

STARTING_S = 120
STOPPING_S = 10


@contextmanager
def door(make: Callable[[], Services], bounds: Bounds | None = None) -> Iterator[Services]:
    """Serves until the block ends, also when it fails. `make` is called within the server's loop."""
    made: list[tuple[uvicorn.Server, Services]] = []

    async def serve() -> None:
        services = make()
        bounded = uvicorn.Server(configured(door_app(services), services.settings, bounds, timeout_graceful_shutdown=1))
        made.append((bounded, services))
        await made[0][0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTING_S
    while not (made and made[0][0].started):
        assert thread.is_alive(), "the door did not start"
        assert time.monotonic() < deadline, "the door did not start in time"
        time.sleep(0.05)
    server, services = made[0]
    try:
        yield services
    finally:
        server.should_exit = True
        thread.join(STOPPING_S)
