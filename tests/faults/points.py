"""Points in the door's code at which a test kills it. They are put around the product's functions from outside, in the
tests' own doors only: nothing that is shipped can be told to die.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from tactful.chat import transcript
from tactful.chat.ending import Ending
from tactful.chat.engine import RasaEngine
from tactful.chat.intake import Intake
from tactful.chat.turns import TurnRunner

IN_THE_MIDDLE_S = 0.004

# Point → (owner, function, whether it is a coroutine, when).
POINTS: dict[str, tuple[Any, str, str]] = {
    "before_accept_commit": (Intake, "_insert", "after"),  # written, not committed
    "after_accept_commit": (Intake, "_accept", "after"),  # committed, 202 not sent
    "after_lease": (TurnRunner, "_answer", "before"),
    "while_engine_works": (RasaEngine, "turn", "during"),
    "after_engine_answer": (RasaEngine, "turn", "after"),  # the engine has saved, the door has not
    "before_turn_commit": (transcript, "add_replies", "after"),  # replies written, not committed
    "after_turn_commit": (Ending, "commit", "after"),  # committed, nobody told
}


def install(point: str, nth: int) -> None:
    """This process kills itself when it reaches `point` for the `nth` time."""
    owner, name, when = POINTS[point]
    wrapped = _killing(getattr(owner, name), when, nth)
    setattr(owner, name, wrapped)


def _killing(function: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    left = nth

    def reached() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if not asyncio.iscoroutinefunction(function):

        def plain(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            reached()
            return result

        return plain

    async def awaited(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            reached()
        task = asyncio.ensure_future(function(*args, **kwargs))
        if when == "during":
            await asyncio.sleep(IN_THE_MIDDLE_S)
            reached()
        result = await task
        if when == "after":
            reached()
        return result

    return awaited
