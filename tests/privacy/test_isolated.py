"""The detector in its own process: whatever happens to it, no message passes unread and the next one is served."""

import asyncio
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tactful.errors import DetectorUnavailable
from tactful.privacy.isolated import IsolatedDetector
from tests.conftest import ROOT

# A worker in the real protocol that finds whole texts, and misbehaves on request.
WORKER = """
    import json, os, sys, time
    for line in sys.stdin:
        text = json.loads(line)["text"]
        if text == "die": os._exit(1)
        if text == "hang": time.sleep(60)
        if text == "late": time.sleep(.7)
        if text == "garbage": print("no json", flush=True); continue
        if text == "other": print('{"found": []}', flush=True); continue
        if text == "long": print("x" * 5_000_000, flush=True); continue
        print(json.dumps({"spans": [[0, len(text), "PERSON", 1.0, "test"]]}), flush=True)
"""
BUDGET_MS = 400


@asynccontextmanager
async def detector(workers: int = 1, source: str = WORKER) -> AsyncIterator[IsolatedDetector]:
    command = [sys.executable, "-c", textwrap.dedent(source)]
    isolated = IsolatedDetector(Path("unused"), BUDGET_MS, workers, command=command)
    await isolated.start()
    try:
        yield isolated
    finally:
        await isolated.close()


def run(steps: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await steps()

    asyncio.run(bounded())


async def until_ready(isolated: IsolatedDetector) -> None:
    while not isolated.ready:
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("text", ["die", "hang", "garbage", "other", "long"])
def test_a_worker_that_fails_gives_no_answer_and_another_takes_its_place(text: str) -> None:
    async def steps() -> None:
        async with detector() as isolated:
            with pytest.raises(DetectorUnavailable) as error:
                await isolated.detect(text)
            assert text not in str(error.value).split()
            assert not isolated.ready
            await until_ready(isolated)
            assert [span.end for span in await isolated.detect("Ana")] == [3]

    run(steps)


def test_a_late_answer_never_reaches_another_message() -> None:
    """Spans of one text laid over another would leave a value standing."""

    async def steps() -> None:
        async with detector() as isolated:
            with pytest.raises(DetectorUnavailable):
                await isolated.detect("late")
            await until_ready(isolated)
            await asyncio.sleep(0.5)
            assert [span.end for span in await isolated.detect("a longer text")] == [13]

    run(steps)


def test_a_customer_who_leaves_takes_no_other_down() -> None:
    """A cancelled request leaves an answer underway; that worker is replaced too."""

    async def steps() -> None:
        async with detector() as isolated:
            waiting = asyncio.create_task(isolated.detect("late"))
            await asyncio.sleep(0.1)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await until_ready(isolated)
            assert [span.end for span in await isolated.detect("Ana")] == [3]

    run(steps)


def test_one_bad_message_holds_up_only_its_own_worker() -> None:
    async def steps() -> None:
        async with detector(workers=2) as isolated:
            hanging = asyncio.create_task(isolated.detect("hang"))
            await asyncio.sleep(0.05)
            assert isolated.ready
            assert [span.end for span in await isolated.detect("Ana")] == [3]
            with pytest.raises(DetectorUnavailable):
                await hanging

    run(steps)


def test_many_at_once_each_get_their_own_answer() -> None:
    async def steps() -> None:
        async with detector(workers=2) as isolated:
            texts = ["x" * length for length in range(1, 60)]
            answers = await asyncio.gather(*(isolated.detect(text) for text in texts))
            assert [spans[0].end for spans in answers] == [len(text) for text in texts]

    run(steps)


def test_a_detector_that_cannot_start_says_so() -> None:
    async def steps() -> None:
        with pytest.raises(DetectorUnavailable):
            async with detector(source="raise SystemExit(3)"):
                pass

    run(steps)


def test_the_real_worker_finds_with_the_question_and_what_is_known() -> None:
    async def steps() -> None:
        isolated = IsolatedDetector(ROOT / "privacy.yml", 20_000)
        await isolated.start()
        try:
            found = await isolated.detect("card number 4111 1111 1111 1111 ☎️")
            assert [(span.start, span.end, span.type) for span in found] == [(12, 31, "CREDIT_CARD")]
            again = await isolated.detect("as zzyx said", known=[("zzyx", "PERSON")])
            assert [(span.start, span.end, span.type) for span in again] == [(3, 7, "PERSON")]
        finally:
            await isolated.close()

    run(steps)
