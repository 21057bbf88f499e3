"""A program that yields to all others while no customer waits for it. Linux only; elsewhere nothing happens.

Two of the kernel's scales, since which one counts depends on the machine: that of sessions among sessions
("autogroup"; each program here is a session of its own), which anybody may go down and up again, and that of threads
among threads, which may be gone up again only by who has the right to.
"""

import contextlib
import os
import resource
from pathlib import Path

LOW, USUAL = 10, 0  # a tenth of what others get, when they want all
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
