"""The detector in a process of its own: a message that takes too long, or kills it, harms nobody else.

Python cannot stop a runaway regular expression from inside. From outside it can be killed, and is.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from anyio import to_thread

from tactful.errors import DetectorUnavailable
from tactful.privacy.lists import Lists
from tactful.privacy.spans import Span

log = logging.getLogger(__name__)

LARGEST_LINE = 4_000_000  # bytes
STARTING_S = 120.0
TEACHING_S = 10.0  # for the installation's lists, however long they are
QUEUE_BUDGETS = 4  # how many budgets a message may wait for its turn
RECYCLE_AFTER = 20_000  # messages: spaCy's string store only ever grows
RESTART_S = 0.5
SLOW, FAILED, RECYCLED = "slow", "failed", "recycled"
# Loads what is loaded when it is first needed, so that no message's budget pays for it.
WARM_UP = (
    "Hi, I'm Ana Berg, ana@example.com, +1 415 555 0100, 12 Elm Street, card 4242 4242 4242 4242, born 3 May 1990."
)


class _Worker:
    """One worker process; asked one message at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.asked = 0
        self.taught = ""  # version of the lists that it has

    @classmethod
    async def start(cls, command: Sequence[str]) -> "_Worker":
        """A worker that has answered a first message. Errors: `DetectorUnavailable`."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a stack trace could quote a message
            limit=LARGEST_LINE,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(STARTING_S):
                await worker.ask(question_of(WARM_UP, "What is your name?", [("Ana Berg", "PERSON")]))
        except BaseException:
            await worker.end()
            raise
        return worker

    async def ask(self, question: dict[str, object]) -> list[Span]:
        """Errors: `DetectorUnavailable` when the worker dies or does not answer in spans."""
        assert self.process.stdin
        assert self.process.stdout
        self.asked += 1
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            await self.process.stdin.drain()
            answer = json.loads(await self.process.stdout.readline())
            return [Span(*span) for span in answer["spans"]]
        except (OSError, ValueError, TypeError, KeyError):
            raise DetectorUnavailable from None

    async def teach(self, lists: Lists) -> None:
        """Hand it the installation's lists, unless it has them. Errors: as `ask`; `TimeoutError`."""
        if self.taught != lists.version:
            async with asyncio.timeout(TEACHING_S):
                await self.ask({"lists": lists.as_json()})
            self.taught = lists.version

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> None:
        """Kill the process and take what it still said, so that its pipes are closed."""
        self.kill()
        await self.process.communicate()


class IsolatedDetector:
    """`workers` detector processes behind one queue, each message with a time budget in milliseconds.

    `lists` gives what reviewers have taught until now; every message is read with what it gives then. `replaced`
    hears why a worker went: slow, failed or recycled.
    """

    def __init__(
        self,
        policy: Path,
        budget_ms: int,
        workers: int = 1,
        *,
        command: Sequence[str] | None = None,
        lists: Callable[[], Lists] = Lists,
        replaced: Callable[[str], None] = lambda why: None,
    ) -> None:
        self._lists, self._replaced = lists, replaced
        self._command = command or (sys.executable, "-m", "tactful.privacy.worker", str(policy))
        self._budget_s = budget_ms / 1000
        self._count = workers
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._alive: set[_Worker] = set()
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether at least one worker is up."""
        return bool(self._alive)

    async def start(self) -> None:
        """Start the workers; returns once all are warm. Errors: `DetectorUnavailable`."""
        try:
            started = await asyncio.gather(*(_Worker.start(self._command) for _ in range(self._count)))
        except TimeoutError:
            raise DetectorUnavailable("The detector did not start.") from None
        for worker in started:
            self._enlist(worker)

    async def close(self) -> None:
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._alive))
        self._alive.clear()

    async def detect(
        self,
        text: str,
        *,
        question: str | None = None,
        known: Sequence[tuple[str, str]] = (),
        whose: str = "",
        lists: Lists | None = None,
    ) -> list[Span]:
        """Spans of personal data in `text`, sorted and apart from each other.

        `question` is what the bot asked last, `known` are (value, type) of this conversation, `whose` the subject's id,
        `lists` those of this moment, where the caller has just read them.
        Errors: `DetectorUnavailable` when it cannot be told within the budget. Then the text must be withheld.
        """
        if lists is None:
            lists = await to_thread.run_sync(self._lists)
        try:
            async with asyncio.timeout(self._budget_s * QUEUE_BUDGETS):
                worker = await self._idle.get()
        except TimeoutError:
            raise DetectorUnavailable from None
        try:
            await worker.teach(lists)
            async with asyncio.timeout(self._budget_s):
                spans = await worker.ask(question_of(text, question, known, whose))
        except BaseException as error:
            # Its answer may still come, to somebody else's question: this worker is never asked again.
            self._replace(worker, SLOW if isinstance(error, TimeoutError) else FAILED)
            if isinstance(error, TimeoutError):
                raise DetectorUnavailable from None
            raise
        if worker.asked >= RECYCLE_AFTER:
            self._replace(worker, RECYCLED)
        else:
            self._idle.put_nowait(worker)
        return spans

    def _enlist(self, worker: _Worker) -> None:
        self._alive.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker, why: str) -> None:
        self._replaced(why)
        if why != RECYCLED:
            log.warning("detector worker replaced: %s", why)
        self._alive.discard(worker)
        worker.kill()
        errand = asyncio.create_task(self._start_another(worker))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _start_another(self, before: _Worker) -> None:
        await before.end()
        while True:
            try:
                self._enlist(await _Worker.start(self._command))
                return
            except (DetectorUnavailable, TimeoutError, OSError):
                log.error("detector worker did not start; trying again")
                await asyncio.sleep(RESTART_S)


def question_of(
    text: str, question: str | None, known: Sequence[tuple[str, str]], whose: str = ""
) -> dict[str, object]:
    """What a worker is asked of one message."""
    return {"text": text, "question": question, "known": list(known), "whose": whose}
