"""The same graph on a cluster that runs elsewhere: a real scheduler, real workers, over TCP."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tactful.bulk import workers
from tactful.errors import SetupError
from tests.bulk.conftest import Redact, export, json_lines
from tests.conftest import ROOT, free_port


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def scheduler() -> Iterator[str]:
    address = f"tcp://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        quiet = ("--host", "127.0.0.1", "--no-dashboard")
        started = [start("distributed.cli.dask_scheduler", "--port", address.rpartition(":")[2], *quiet)]
        worker = ("distributed.cli.dask_worker", address, "--nthreads", "2", "--no-nanny", *quiet)
        started += [start(*worker) for _ in range(2)]
        for process in started:
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
        yield address


def test_a_cluster_gives_what_local_processes_give(tmp_path: Path, scheduler: str, redact: Redact) -> None:
    rows = [{"id": n, "conversation": n % 5, "text": f"«P{n}» {'.' * 300}"} for n in range(600)]
    given = json_lines(tmp_path / "a.jsonl", *rows)
    redact(given, out=tmp_path / "here")
    export(given, out=tmp_path / "there").run(partial(workers.cluster, scheduler))
    for name in ("a.jsonl", "manifest.json"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


@pytest.mark.filterwarnings("error")
def test_two_exports_at_once_are_not_in_each_others_way() -> None:
    with workers.local(1) as one, workers.local(1) as other:
        assert one.submit(int, "7").result(timeout=30) == other.submit(int, "7").result(timeout=30) == 7


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CONNECTING_S", 1)
    given = json_lines(tmp_path / "a.jsonl", {"text": "x"})
    began = time.monotonic()
    with pytest.raises(SetupError, match="No Dask scheduler"):
        export(given, out=tmp_path / "out").run(partial(workers.cluster, f"tcp://127.0.0.1:{free_port()}"))
    assert time.monotonic() - began < 30
