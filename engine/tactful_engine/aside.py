"""Work aside from the event loop: while a commit waits for the disk or a network multiplies, other turns go on."""

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Callable, TypeVar

from rasa.core.processor import MessageProcessor

Result = TypeVar("Result")

# More would only wait for each other: for the interpreter, or for the one who may write to SQLite.
THREADS = 2

_thinking = ThreadPoolExecutor(THREADS, "thinking")


async def aside(threads: Executor, work: Callable[[], Result]) -> Result:
    """The work's result. Whoever is cancelled waits all the same: work begun under a lock ends under it."""
    done = asyncio.get_running_loop().run_in_executor(threads, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        while not done.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([done])
        done.cancelled() or done.exception()  # looked at: asyncio would print it
        raise


async def think_ahead(processor: MessageProcessor, text: str) -> None:
    """Have the components that can (`foresee`) work out what they will be asked of this text, and remember it."""
    for node in getattr(processor.graph_runner, "_instantiated_nodes", {}).values():
        if foresee := getattr(node._component, "foresee", None):
            await aside(_thinking, partial(foresee, text))
