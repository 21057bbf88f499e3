"""The supervisor, with real processes: what ends is started again, and nothing outlives a stop."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tactful.cli import supervisor
from tactful.cli.supervisor import Program, Supervisor


def program(folder: Path, code: str, name: str = "part") -> Program:
    return Program(name, [sys.executable, "-c", code], folder, {"PATH": os.environ["PATH"]})


async def until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(0.02)


def ended(pid: int) -> bool:
    """Whether a process is gone, or goes within a second: signals take their time."""
    for _ in range(50):
        if not lives(pid):
            return True
        time.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def supervised(keeping: Supervisor, course: Callable[[], object]) -> None:
    """Run a supervisor, let `course` (a coroutine function) happen, stop it."""

    async def run() -> None:
        running = asyncio.create_task(keeping.run())
        try:
            await course()  # type: ignore[misc]
        finally:
            keeping.stop()
            await asyncio.wait_for(running, 30)

    asyncio.run(run())


def test_what_crashes_is_started_again_each_time_later_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.05)
    caplog.set_level(logging.INFO)
    crashing = program(tmp_path, "import time; open('starts', 'a').write(f'{time.time()}\\n'); raise SystemExit(3)")

    async def three_restarts() -> None:
        await until(lambda: crashing.restarts >= 4)

    supervised(Supervisor([crashing]), three_restarts)
    told = [record.getMessage() for record in caplog.records if "starting it again" in record.getMessage()]
    assert told[:3] == [f"part ended (exit status 3); starting it again in {wait} s" for wait in ("0.1", "0.1", "0.2")]
    assert len((tmp_path / "starts").read_text().splitlines()) >= 4


def test_a_killed_program_is_started_again_under_another_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.05)
    steady = program(tmp_path, "import os, time; open('id', 'w').write(str(os.getpid())); time.sleep(60)")

    async def killed() -> None:
        await until(lambda: (tmp_path / "id").exists() and (tmp_path / "id").read_text() != "")
        first = int((tmp_path / "id").read_text())
        os.kill(first, 9)
        await until(lambda: (tmp_path / "id").read_text() not in ("", str(first)))

    supervised(Supervisor([steady]), killed)
    assert ended(int((tmp_path / "id").read_text()))


def test_a_stop_ends_a_program_and_what_it_started(tmp_path: Path) -> None:
    parent = program(
        tmp_path,
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c',\n"
        "    'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)'])\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(60)",
    )

    async def started() -> None:
        await until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text() != "")

    supervised(Supervisor([parent]), started)
    assert ended(int((tmp_path / "child").read_text()))


def test_who_does_not_listen_is_ended_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_S", 0.3)
    deaf = program(
        tmp_path,
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); open('id', 'w').write(str(os.getpid())); time.sleep(60)",
    )

    async def started() -> None:
        await until(lambda: (tmp_path / "id").exists() and (tmp_path / "id").read_text() != "")

    supervised(Supervisor([deaf]), started)
    assert ended(int((tmp_path / "id").read_text()))


def test_what_programs_print_is_in_the_log_under_their_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    talking = program(tmp_path, "import time; print('hello there', flush=True); time.sleep(60)", name="talker")

    async def heard() -> None:
        await until(lambda: any(r.name == "tactful.talker" and r.getMessage() == "hello there" for r in caplog.records))

    supervised(Supervisor([talking]), heard)
