"""Work gives way to who answers customers, for a time; told on a real process."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tactful.priority import LOW, USUAL, GivingWay

AUTOGROUP = Path("/proc/self/autogroup")
grouped = pytest.mark.skipif(not AUTOGROUP.exists(), reason="this kernel groups no sessions")


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as sleeping:
        yield sleeping
        with suppress(ProcessLookupError):
            sleeping.kill()


def level(process: subprocess.Popen[bytes]) -> int:
    """Its session's among the sessions."""
    return int(Path(f"/proc/{process.pid}/autogroup").read_text().rpartition(" ")[2])


@grouped
def test_it_yields_and_takes_its_share_once_its_time_is_over(process: subprocess.Popen[bytes]) -> None:
    over = threading.Event()
    way = GivingWay(left_s=0.05, over=over.set)
    with way.of(process.pid):
        assert over.wait(30)
    assert level(process) == USUAL
    with way.of(process.pid):
        assert level(process) == USUAL  # nothing of the time is left


@grouped
def test_within_its_time_it_yields(process: subprocess.Popen[bytes]) -> None:
    told: list[str] = []
    way = GivingWay(left_s=600, over=lambda: told.append("over"))
    with way.of(process.pid):
        assert level(process) == LOW
    assert not told
    assert 0 < way.left_s < 600


def test_a_process_that_is_gone_hurts_nobody(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    with GivingWay().of(process.pid):
        pass


@pytest.mark.parametrize("module", ["background", "rollback"])
def test_who_begins_work_or_goes_back_waits_for_no_heavy_import(module: str) -> None:
    code = f"import sys, tactful.cli.{module}; print('tactful.bootstrap' in sys.modules, 'spacy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]
