"""Keeps processes running: starts them, restarts one that dies or hangs, with backoff, and stops them all together.

Of the kept libraries, supervisor and circus have had no release for over a year and bring a control server of
their own, which a privacy product would have to guard; honcho does not restart. What is needed is this page.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tactful import priority
from tactful.cli.hanging import Health, Pulse
from tactful.cli.telling import Telling
from tactful.errors import TactfulError
from tactful.processes import die_with_parent

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
STEADY_S = 60.0  # after so long without a crash the next one counts as the first
GRACE_S = 10.0
LOOK_S = 0.05  # between looks whether a program has ended
LAST_WORDS_S = 2.0  # for what is still in the pipes


@dataclass(slots=True)
class Program:
    """A process to keep running. `before` is called before each start; when it raises, nothing is started.

    `yields`: it leaves the processors to all others. `health`: one that does not answer there is started again.
    `restarts`: how often it was, `hung` of them because it did not answer.
    """

    name: str
    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str] = field(repr=False)
    before: Callable[[], object] | None = field(default=None, repr=False)
    restarts: int = 0
    yields: bool = False
    health: Health | None = None
    hung: int = 0
    grace_s: float = GRACE_S  # to end what it has under way, once it is asked to stop


def _log(program: str, line: str) -> None:
    logging.getLogger(f"tactful.{program}").info("%s", line)


class Supervisor:
    """Runs programs until `stop`. `heard(name, line)` gets each line that they print; `restarted(name, why)` each one
    that is about to be started again, because it "ended" or "hung".
    """

    def __init__(
        self,
        programs: Sequence[Program],
        heard: Callable[[str, str], None] = _log,
        restarted: Callable[[str, str], object] = lambda name, why: None,
    ) -> None:
        self.programs, self._heard, self._restarted = list(programs), heard, restarted
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._running: dict[str, tuple[Program, asyncio.subprocess.Process]] = {}

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Keep every program running; returns once all have stopped."""
        for program in self.programs:
            self.add(program)
        await self._stopping.wait()
        await asyncio.gather(*(self._end(*running) for running in list(self._running.values())))
        keepers = list(self._keepers.values())
        if keepers:
            await asyncio.wait(keepers, timeout=LAST_WORDS_S)
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)

    def add(self, program: Program) -> None:
        """Keep one more program running."""
        self._keepers[program.name] = asyncio.create_task(self._keep(program))

    async def remove(self, name: str) -> None:
        """Stop keeping a program, and end it; nothing when there is none of this name."""
        if keeper := self._keepers.pop(name, None):
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        if running := self._running.pop(name, None):
            await self._end(*running)

    def process_of(self, name: str) -> int | None:
        """The process of a program, while it runs."""
        running = self._running.get(name)
        return running[1].pid if running else None

    async def _keep(self, program: Program) -> None:
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            hung = program.hung
            code, steady_s = await self._once(program)
            if self._stopping.is_set():
                return
            if steady_s > STEADY_S:
                wait = FIRST_WAIT_S
            program.restarts += 1
            self._restarted(program.name, "hung" if program.hung > hung else "ended")
            log.warning("%s ended (%s); starting it again in %.1f s", program.name, _reason(code), wait)
            try:
                await asyncio.wait_for(self._stopping.wait(), wait)
            except TimeoutError:
                wait = min(2 * wait, LONGEST_WAIT_S)

    async def _once(self, program: Program) -> tuple[int, float]:
        """Its exit status, and for how many seconds it was well."""
        if program.before and not await self._allowed(program, program.before):
            return 1, 0.0
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.cwd,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops all in order
            preexec_fn=die_with_parent,
        )
        self._running[program.name] = program, process
        if program.yields:
            priority.yield_to_others(process.pid)
        log.info("%s started (process %d)", program.name, process.pid)
        telling = Telling()
        relaying = asyncio.create_task(self._relay(program, process, telling))
        pulse = Pulse(program.health) if program.health else None
        watching = asyncio.create_task(self._watch(program, process, pulse, telling)) if pulse else None
        try:
            code = await _ended(process)
            # What it had started would hold its port, its pipe or a processor.
            _signal(process, signal.SIGKILL)
            await asyncio.wait([relaying], timeout=LAST_WORDS_S)
        finally:
            relaying.cancel()
            if watching:
                watching.cancel()
        self._running.pop(program.name, None)
        return code, pulse.steady_s if pulse else time.monotonic() - began

    @staticmethod
    async def _watch(program: Program, process: asyncio.subprocess.Process, pulse: Pulse, telling: Telling) -> None:
        """Kill it when it hangs; where it hung stands in the log then, or that it could not tell."""
        why = await pulse.lost()
        program.hung += 1
        log.error("%s hangs: %s; it is killed", program.name, why)
        log.error("%s hung: %s", program.name, await telling.where(process.pid))
        _signal(process, signal.SIGKILL)

    @staticmethod
    async def _allowed(program: Program, before: Callable[[], object]) -> bool:
        try:
            await asyncio.to_thread(before)
        except TactfulError as error:
            log.error("%s is not started: %s", program.name, error)
            return False
        return True

    async def _relay(self, program: Program, process: asyncio.subprocess.Process, telling: Telling) -> None:
        assert process.stdout
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line beyond the reader's limit was dropped
                continue
            if not line:
                return
            if text := line.decode(errors="replace").rstrip():
                telling.heard(text)
                self._heard(program.name, text)

    @staticmethod
    async def _end(program: Program, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        _signal(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), program.grace_s)
        except TimeoutError:
            pass
        # Whoever of its group is left, having ignored the request.
        _signal(process, signal.SIGKILL)


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Its exit status. `wait` would also wait for whoever else holds its pipe: for ever, when a child of it hangs."""
    while process.returncode is None:
        await asyncio.sleep(LOOK_S)
    return process.returncode


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the program and to what it started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"
