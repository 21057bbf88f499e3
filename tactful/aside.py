"""What waits for the database, in a thread, while the event loop goes on.

anyio's own way takes twice the processor and four times as long, six times a turn. What is called here may not use
`anyio.from_thread`: for that there is `anyio.to_thread`.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST = 40  # as many as anyio lets work at once

_threads = ThreadPoolExecutor(MOST, "aside")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread. Who is cancelled waits until it has ended: nothing is written behind his back."""
    call = copy_context().run
    done = asyncio.get_running_loop().run_in_executor(_threads, lambda: call(work, *args, **kwargs))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await ended(done)
        raise


async def ended(done: asyncio.Future[T]) -> None:
    """Wait until it has ended, however often the waiting is cancelled; what came of it is nobody's business."""
    while not done.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([done])
    done.cancelled() or done.exception()
