"""Rasa hangs under `tactful up` while customers chat: stopped, or spinning; then the door is stopped.

Invariant: it is noticed, what hangs is killed and started again, and where it hung stands in the log; each accepted
message is answered once, Rasa's store holds each once, and nothing raw is kept, the log included. Patience is shortened
from outside: with what is shipped it takes a minute and two deadlines of a turn.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tactful.config import Settings
from tests.cli.test_supervisor import lives
from tests.conftest import PATIENT, ROOT, free_port
from tests.faults import promises
from tests.faults.conftest import LONG
from tests.faults.crowd import Crowd, an_address
from tests.faults.pair import GENEROUS
from tests.faults.test_supervising import below, until

pytestmark = pytest.mark.engine

READY_S = 240
SPINNING = Path(__file__).parent / "spinning"
# A machine with other work on it may keep a program from answering for seconds.
SHORT = """
    import sys
    from tactful.cli import hanging, up, walled
    from tactful.cli.main import run
    hanging.ASK_S, hanging.ANSWER_S, hanging.LEAST, walled.BUSY_S = 1.0, 4.0, 3, 4.0
    health = up._health_of_door
    def hurried(settings):
        return hanging.Health(health(settings).url, patience_s=10.0)
    up._health_of_door = hurried
    sys.argv[0] = "tactful"
    run()
"""
STOPPED = "it was stopped by a signal; the lines before say where each of its"
TOLD = {signal.SIGSTOP: STOPPED, signal.SIGUSR2: "the lines before say where each of its"}
BOTH = {"engine": signal.SIGSTOP, "door": signal.SIGSTOP}
# Who hangs at once, and by what.
ROUNDS = [{"engine": signal.SIGSTOP}, {"engine": signal.SIGUSR2}, {"door": signal.SIGSTOP}, BOTH] if LONG else [BOTH]


@contextmanager
def up(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`tactful up` with little patience, ready."""
    own = {"TACTFUL_HOME": str(home), "TACTFUL_TURN_DEADLINE_S": "3", "PYTHONPATH": str(SPINNING)}
    with (home / "up.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SHORT), "up", "--port", str(port)],
            cwd=ROOT, env={**os.environ, **PATIENT, **GENEROUS, **own}, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        until(lambda: _ready(port, process, home), READY_S)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()


def _ready(port: int, process: "subprocess.Popen[bytes]", home: Path) -> bool:
    assert process.poll() is None, (home / "up.log").read_text(errors="replace")[-2000:]
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=15).is_success
    except httpx.HTTPError:
        return False


def process_of(supervisor: int, program: str) -> int:
    part = {"engine": b"tactful_engine.serve", "door": b"tactful.cli.door"}[program]
    (found,) = [pid for pid in below(supervisor) if part in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found


def test_what_hangs_is_killed_and_each_message_is_answered_once(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(home=tmp_path, port=port)
    log = tmp_path / "logs" / "tactful.log"

    async def story(supervisor: "subprocess.Popen[bytes]") -> Crowd:
        crowd = Crowd(f"http://127.0.0.1:{port}", size=4, pause_s=0.3, name=an_address)
        crowd.start()
        for hangs in ROUNDS:
            accepted, read = crowd.accepted, len(log.read_text())
            await asyncio.to_thread(until, lambda least=accepted: crowd.accepted > least + 4, 60)
            hung = {process_of(supervisor.pid, program): by for program, by in hangs.items()}
            for pid, by in hung.items():
                os.kill(pid, by)
            began = time.monotonic()

            def all_told(hangs: dict[str, signal.Signals] = hangs, start: int = read) -> bool:
                crowd.check()
                new = log.read_text()[start:]
                return all(f"{program} hung: {TOLD[by]}" in new for program, by in hangs.items())

            await asyncio.to_thread(until, all_told, 120)
            noticed = time.monotonic() - began
            await asyncio.to_thread(until, lambda pids=hung: not any(lives(pid) for pid in pids), 30)
            await asyncio.to_thread(until, lambda: _ready(port, supervisor, tmp_path), READY_S)
            took = time.monotonic() - began
            print(f"{list(hangs)} hung: noticed after {noticed:.0f} s, ready again after {took:.0f} s")
            dump = log.read_text()[read:]
            for program, by in hangs.items():
                assert f"{program} hangs: it has not answered for" in dump
                assert re.search(rf'tactful\.{program} +File "[^"]+", line \d+ in \w+', dump), "where it hung is told"
                assert (" in spin" in dump) is (by == signal.SIGUSR2)
        await crowd.stop()
        await promises.all_answered(settings)
        return crowd

    with up(tmp_path, port) as supervisor:
        crowd = asyncio.run(story(supervisor))
    promises.kept(settings, crowd, says_back=False)
    promises.rasa_heard_once(tmp_path, crowd.accepted)
    promises.nothing_raw(settings, [customer.name for customer in crowd.customers])
    assert "[EMAIL_ADDRESS]" not in log.read_text(), "no address came as far as the wall, either"
