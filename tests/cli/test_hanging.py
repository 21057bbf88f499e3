"""A program that hangs is killed and started again, each time later, and says where it hung; one that loads or is busy
is left alone.
"""

import asyncio
import logging
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tactful.cli import hanging, supervisor, telling
from tactful.cli.hanging import Health
from tactful.cli.supervisor import Program, Supervisor
from tests.cli.test_supervisor import supervised, until
from tests.conftest import free_port

PATIENCE_S = 1.0

SERVER = """
    import faulthandler, os, signal, sys, time
    from http.server import BaseHTTPRequestHandler, HTTPServer
    faulthandler.register(signal.SIGUSR1)

    class Handler(BaseHTTPRequestHandler):
        asked = 0
        def log_message(self, *_): pass
        def do_GET(self):
            open("asked", "a").write(".")
            Handler.asked += 1
            {course}
            self.send_response(404)
            self.end_headers()

    def hang_here():
        time.sleep(600)

    {before}
    HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ASK_S", 0.05), ("ANSWER_S", 0.4), ("LEAST", 2)):
        monkeypatch.setattr(hanging, name, value)
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.05)


def server(
    folder: Path, course: str = "pass", before: str = "pass", *, deaf: bool = False, loading_s: float = 600
) -> Program:
    """A program that is asked on a port: `course` is what it does when asked, `before` before it listens.

    `deaf`: it cannot tell where it is.
    """
    port = free_port()
    code = textwrap.dedent(SERVER).format(course=course, before=before, port=port)
    if deaf:
        code = code.replace("faulthandler.register(signal.SIGUSR1)", "signal.signal(signal.SIGUSR1, signal.SIG_IGN)")
    command = [sys.executable, "-c", code]
    health = Health(f"http://127.0.0.1:{port}/alive", {"Authorization": "Bearer x"}, PATIENCE_S, loading_s)
    return Program("part", command, folder, {"PATH": os.environ["PATH"]}, health=health)


def asked(folder: Path) -> int:
    file = folder / "asked"
    return len(file.read_text()) if file.exists() else 0


def run(program: Program, true: Callable[[], bool], heard: Callable[[str, str], None] = lambda *_: None) -> list[str]:
    """Keep a program until something is true; why it was started again, each time."""
    told: list[str] = []

    async def wait() -> None:
        await until(true, 60)

    supervised(Supervisor([program], heard, lambda _, why: told.append(why)), wait)
    return told


def test_what_hangs_is_killed_and_started_again_each_time_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    program = server(tmp_path, course="hang_here() if Handler.asked > 2 else None")
    printed: list[str] = []
    told = run(program, lambda: program.hung >= 3, lambda _, line: printed.append(line))
    assert told[:2] == ["hung", "hung"]
    messages = [record.getMessage() for record in caplog.records]
    assert any(each.startswith("part hangs: it has not answered for") for each in messages)
    waits = [each for each in messages if "starting it again" in each]
    assert waits[:2] == [f"part ended (signal 9); starting it again in {wait} s" for wait in ("0.1", "0.1")]
    assert any("in hang_here" in line for line in printed), "where it hung is told"


@pytest.mark.parametrize(
    ("course", "deaf", "told"),
    [
        (
            "os.kill(os.getpid(), signal.SIGSTOP) if Handler.asked > 1 else None",
            False,
            "it was stopped by a signal; the lines before say where each of its",
        ),
        ("while Handler.asked > 1: pass", False, "the lines before say where each of its threads was (1)"),
        ("hang_here() if Handler.asked > 1 else None", True, "it could not say where it was"),
    ],
    ids=["stopped", "spinning", "deaf"],
)
def test_where_it_hung_is_told_or_that_it_could_not_be(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    course: str,
    deaf: bool,
    told: str,
) -> None:
    monkeypatch.setattr(telling, "TELLING_S", 2.0)
    printed: list[str] = []
    program = server(tmp_path, course=course, deaf=deaf)
    run(program, lambda: program.restarts > 0, lambda _, line: printed.append(line))
    assert program.hung == 1
    assert any(record.getMessage().startswith(f"part hung: {told}") for record in caplog.records)
    assert any("in do_GET" in line for line in printed) is not deaf


def test_what_loads_for_long_is_left_alone(tmp_path: Path) -> None:
    program = server(tmp_path, before="time.sleep(3 * 1.0)")
    run(program, lambda: asked(tmp_path) > 3)
    assert (program.restarts, program.hung) == (0, 0)


def test_what_never_comes_up_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = server(tmp_path, before="hang_here()", loading_s=0.5)
    run(program, lambda: program.restarts > 0)
    assert program.hung == 1
    assert asked(tmp_path) == 0


def test_what_is_busy_with_something_long_is_left_alone(tmp_path: Path) -> None:
    """It leaves some questions unanswered, and then answers."""
    program = server(tmp_path, course="time.sleep(0.7) if Handler.asked == 3 else None")
    run(program, lambda: asked(tmp_path) > 8)
    assert (program.restarts, program.hung) == (0, 0)


def test_steady_is_who_answered_for_long_and_not_who_only_lived_for_long(tmp_path: Path) -> None:
    program = server(tmp_path, before="time.sleep(1)", course="hang_here() if Handler.asked > 3 else None")
    assert program.health

    async def course() -> float:
        pulse = hanging.Pulse(program.health)  # type: ignore[arg-type]
        process = await asyncio.create_subprocess_exec(*program.command, cwd=tmp_path)
        try:
            await asyncio.wait_for(pulse.lost(), 60)
        finally:
            process.kill()
            await process.wait()
        return pulse.steady_s

    assert 0 < asyncio.run(course()) < 60
