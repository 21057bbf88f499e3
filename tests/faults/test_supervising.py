"""A supervisor is killed outright, or a program of its, that had started others.

Invariant: nothing outlives a killed supervisor, not even what hangs, so its ports are free; a program is started again
whatever its children do, and they end with it.
"""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.test_supervisor import lives
from tests.conftest import ROOT


def until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


def below(pid: int) -> list[int]:
    """Every process that this one started, and those they did."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return [each for child in children for each in (child, *below(child))]


SUPERVISING = """
    import asyncio, os, sys
    from pathlib import Path
    from tactful.cli.supervisor import Program, Supervisor
    deaf = ("import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "open('pid', 'w').write(str(os.getpid())); time.sleep(600)")
    program = Program("deaf", [sys.executable, "-c", deaf], Path(sys.argv[1]), dict(os.environ))
    asyncio.run(Supervisor([program]).run())
"""


def test_what_does_not_listen_does_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(SUPERVISING), str(tmp_path)]
    supervisor = subprocess.Popen(command, cwd=ROOT)
    pid = tmp_path / "pid"
    try:
        until(lambda: pid.exists() and pid.read_text() != "", 60)
    finally:
        supervisor.kill()
        supervisor.wait()
    until(lambda: not lives(int(pid.read_text())), 10)


def test_what_a_killed_program_had_started_ends_before_it_is_started_again(tmp_path: Path) -> None:
    """A detector that hangs in a message would keep a processor busy for ever."""
    supervising = SUPERVISING.replace(
        "open('pid', 'w')",
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); open('pid', 'w')",
    )
    supervisor = subprocess.Popen([sys.executable, "-c", textwrap.dedent(supervising), str(tmp_path)], cwd=ROOT)
    pid = tmp_path / "pid"
    try:
        until(lambda: pid.exists() and pid.read_text() != "", 60)
        first = int(pid.read_text())
        (orphan,) = below(first)
        os.kill(first, signal.SIGKILL)
        until(lambda: not lives(orphan), 10)
        until(lambda: pid.read_text() not in ("", str(first)), 60)
    finally:
        started = below(supervisor.pid)
        supervisor.kill()
        supervisor.wait()
        for each in started:  # the second orphan, whose parent dies by a signal that it does not see
            if lives(each):
                os.kill(each, signal.SIGKILL)
