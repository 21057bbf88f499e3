"""Work in threads keeps what anyio's way promises: its result, its context, and that who is cancelled waits."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from tactful.aside import aside

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


def test_the_result_comes_from_another_thread_with_the_callers_context() -> None:
    def work(number: int, *, more: int) -> tuple[int, str, threading.Thread]:
        return number + more, WHO.get(), threading.current_thread()

    async def story() -> None:
        WHO.set("me")
        number, who, thread = await aside(work, 7, more=1)
        assert (number, who) == (8, "me")
        assert thread is not threading.current_thread()

    asyncio.run(story())


def test_what_is_raised_is_raised_here() -> None:
    def fail() -> None:
        raise LookupError

    async def story() -> None:
        with pytest.raises(LookupError):
            await aside(fail)

    asyncio.run(story())


def test_who_is_cancelled_again_and_again_waits_until_the_work_has_ended() -> None:
    begun, go_on = threading.Event(), threading.Event()
    written: list[bool] = []

    def write() -> None:
        begun.set()
        go_on.wait(30)
        written.append(True)
        raise LookupError  # nobody's business any more

    async def story() -> None:
        task = asyncio.create_task(aside(write))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
            assert not task.done()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert written

    asyncio.run(story())
