"""Where a program is that hangs: asked by a signal it prints a line for each frame of each thread, if it still can.

`faulthandler` does it in the signal's own handler, so also one that spins or waits for ever tells. One that is stopped
(by SIGSTOP, or from a terminal) gets signals only once it goes on: it is let go on for as long as it tells. That is
safe: it is killed right after, and may be at any point. One that waits inside the kernel, or in a debugger, cannot.
"""

import asyncio
import os
import signal
import time
from pathlib import Path

TELLING_S = 5.0  # for all of it
QUIET_S = 0.3  # after a line, and it has told all
LOOK_S = 0.05
HEADS = ("Thread 0x", "Current thread 0x")
STOPPED = "T"
STATES = {"D": "it waits inside the kernel, for a disk mostly", "t": "a debugger holds it"}


class Telling:
    """One process, and what it has told of its threads."""

    def __init__(self) -> None:
        self._threads, self._last = 0, 0.0

    def heard(self, line: str) -> None:
        """A line that it printed."""
        if line.startswith(HEADS):
            self._threads += 1
        self._last = time.monotonic()

    async def where(self, pid: int) -> str:
        """Let it tell; returns how that went, in a sentence."""
        before, state = self._threads, state_of(pid)
        _send(pid, signal.SIGUSR1)
        if state == STOPPED:
            _send(pid, signal.SIGCONT)
        deadline = time.monotonic() + TELLING_S
        while time.monotonic() < deadline:
            await asyncio.sleep(LOOK_S)
            if self._threads > before and time.monotonic() - self._last > QUIET_S:
                break
        stopped = "it was stopped by a signal; " if state == STOPPED else ""
        if told := self._threads - before:
            return f"{stopped}the lines before say where each of its threads was ({told})"
        return f"{stopped}it could not say where it was" + (f": {STATES[state]}" if state in STATES else "")


def state_of(pid: int) -> str:
    """Linux's letter for what a process does; empty elsewhere, and when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
