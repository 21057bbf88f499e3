"""Long work on models: one at a time over all processes, watched, stopped, and not outlived by its lock."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tactful.errors import NotFound, TactfulError
from tactful.learn.jobs import CANCELLED, DONE, FAILED, VANISHED, Busy, Cancelled, Jobs
from tests.conftest import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from tactful.learn.jobs import Cancelled, Jobs
jobs = Jobs(Path(sys.argv[1]), lambda: 1)
try:
    with jobs.doing("train", "ana") as work:
        work.told("learning")
        time.sleep(60)
except Cancelled:
    pass
"""


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path, lambda: int(time.time() * 1000))


@pytest.fixture
def holder(tmp_path: Path, jobs: Jobs) -> "subprocess.Popen[bytes]":
    """Another process that works."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT)
    until(lambda: (job := jobs.last()) is not None and job.stage == "learning")
    yield process
    process.kill()
    process.wait()


def until(true: Callable[[], bool], patience_s: float = 60) -> None:
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_done_tells_its_stages_and_its_result(jobs: Jobs) -> None:
    told: list[str] = []
    with jobs.doing("train", "ana", told.append) as work:
        work.told("reading")
        work.told("learning")
        work.result |= {"model": "m1"}
        job = jobs.last()
        assert job
        assert job.running
        assert (job.kind, job.by, job.stage, job.pid) == ("train", "ana", "learning", os.getpid())
    job = jobs.last()
    assert job
    assert job.outcome == DONE
    assert [stage for stage, _ in job.stages] == told == ["reading", "learning"]
    assert jobs.done("train") == job
    assert jobs.done("evaluate") is None


def test_a_failure_is_told_in_words_and_the_words_of_unknown_errors_are_not_kept(jobs: Jobs, tmp_path: Path) -> None:
    with pytest.raises(TactfulError), jobs.doing("train", "ana"):
        raise TactfulError("Rasa is not there.")
    assert (job := jobs.last())
    assert (job.outcome, job.why) == (FAILED, "Rasa is not there.")
    with pytest.raises(ValueError), jobs.doing("train", "ana"):
        raise ValueError("I am Zofia")
    assert (job := jobs.last())
    assert job.why == "ValueError."
    assert "Zofia" not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_a_second_one_is_refused_while_another_process_works(jobs: Jobs, holder: object) -> None:
    with pytest.raises(Busy, match="train: learning"), jobs.doing("evaluate", "ben"):
        pass
    assert (job := jobs.last())
    assert job.kind == "train"


def test_one_that_is_cancelled_says_so_and_lets_the_next_one_in(jobs: Jobs, holder: "subprocess.Popen[bytes]") -> None:
    jobs.cancel()
    assert holder.wait(30) == 0
    assert (job := jobs.last())
    assert job.outcome == CANCELLED
    with pytest.raises(NotFound):
        jobs.cancel()
    with jobs.doing("evaluate", "ben"):
        pass


def test_one_that_is_killed_leaves_no_lock_and_is_told_as_failed(jobs: Jobs, holder: "subprocess.Popen[bytes]") -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (job := jobs.last())
    assert (job.outcome, job.why) == (FAILED, VANISHED)
    with jobs.doing("evaluate", "ben"):
        pass


def test_going_back_has_a_lock_of_its_own(tmp_path: Path, holder: object) -> None:
    with Jobs(tmp_path, lambda: 1, "return").doing("rollback", "ben"):
        pass


def test_who_is_cancelled_meets_no_failure_on_the_way() -> None:
    assert not issubclass(Cancelled, Exception)


def test_a_broken_file_is_no_job(jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(json.dumps({"kind": "train"}))
    assert jobs.last() is None
