"""A program that yields to all others while no customer waits for it. Linux only; elsewhere nothing happens.

Two of the kernel's scales, since which one counts depends on the machine: that of sessions among sessions
("autogroup"; each program here is a session of its own), which anybody may go down and up again, and that of threads
among threads, which may be gone up again only by who has the right to.
"""

import contextlib
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LOW, USUAL = 10, 0  # a tenth of what others get, when they want all
GIVES_WAY_S = 180.0  # so long in all: on a machine that is always busy, work would never end
CAP_SYS_NICE = 23


def yield_to_others(process: int) -> None:
    """From now on it gets what nobody else wants of the processors. `process` leads a session of its own."""
    _session(process, LOW)
    if _may_come_back():
        _threads(process, LOW)


def as_usual(process: int) -> None:
    """It is again like any other."""
    _session(process, USUAL)
    if _may_come_back():
        _threads(process, USUAL)


@dataclass(slots=True)
class GivingWay:
    """Work that leaves the processors to others for so many seconds in all, and then takes its share.

    `over` is told once, from another thread, when nothing of that time is left.
    """

    left_s: float = GIVES_WAY_S
    over: Callable[[], object] = lambda: None

    @contextlib.contextmanager
    def of(self, process: int) -> Iterator[None]:
        """Within the block the process yields, as long as there is time left. It leads a session of its own."""
        if self.left_s <= 0:
            yield
            return
        began, end = time.monotonic(), threading.Timer(self.left_s, self._end, (process,))
        end.daemon = True
        yield_to_others(process)
        end.start()
        try:
            yield
        finally:
            end.cancel()
            end.join()  # what it tells comes before what is told next
            self.left_s -= time.monotonic() - began

    def _end(self, process: int) -> None:
        as_usual(process)
        self.over()


def _session(process: int, level: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(level))


def _threads(process: int, level: int) -> None:
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                os.setpriority(os.PRIO_PROCESS, int(thread), level)


def _may_come_back() -> bool:
    """Whether this process may raise what it lowered."""
    if not hasattr(resource, "RLIMIT_NICE"):
        return False
    if resource.getrlimit(resource.RLIMIT_NICE)[0] >= 20 - USUAL:
        return True
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> CAP_SYS_NICE & 1)
    return False
