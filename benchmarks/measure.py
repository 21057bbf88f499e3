"""What both benchmarks share: dialogues, playing several at once, times, processes that are always ended."""

import asyncio
import contextlib
import json
import math
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data/sgd_chats.jsonl"
STARTING_S = 300
STOPPING_S = 25


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's turn and the personal values labelled in it."""

    text: str
    labels: tuple[str, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    turns: tuple[Turn, ...]


@dataclass(slots=True)
class Played:
    """What came of one turn. Times in milliseconds, none where there was no reply.

    `turn_ms`: from the acceptance (HTTP 202) to the first reply; `sent_ms`: from sending to the first reply. Stock
    Rasa answers within the request, so there both are the request's time.
    """

    conversation: str
    seq: int = 0
    labels: tuple[str, ...] = field(repr=False, default=())
    turn_ms: float | None = None
    sent_ms: float | None = None
    withheld: bool = False
    failure: str = ""
    heard_twice: bool = False  # a message of this conversation, until then
    replies: list[str] = field(default_factory=list, repr=False)

    @property
    def answered(self) -> bool:
        return bool(self.replies) and not self.failure


def read_dialogues(path: Path, limit: int | None = None) -> list[Dialogue]:
    """Dialogues of a JSONL file: `{"id", "turns": [{"text", "spans": [{"start", "end", "type"}]}]}`."""
    dialogues = []
    for line in path.read_text(encoding="utf-8").splitlines()[:limit]:
        row = json.loads(line)
        turns = (
            Turn(turn["text"], tuple(turn["text"][span["start"] : span["end"]] for span in turn["spans"]))
            for turn in row["turns"]
        )
        dialogues.append(Dialogue(row["id"], tuple(turns)))
    return dialogues


async def play_all(
    dialogues: Sequence[Dialogue],
    play: Callable[[Dialogue], Awaitable[list[Played]]],
    concurrency: int,
    progress: str,
) -> list[Played]:
    """Play every dialogue, so many at a time, each in its own order."""
    waiting, done, results = iter(dialogues), 0, []

    async def player() -> None:
        nonlocal done
        for dialogue in waiting:
            results.extend(await play(dialogue))
            done += 1
            if done % 20 == 0 or done == len(dialogues):
                print(f"  {progress}: {done} of {len(dialogues)} dialogues", flush=True)

    await asyncio.gather(*(player() for _ in range(concurrency)))
    return results


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest-rank percentile; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def summary(played: Sequence[Played]) -> dict[str, Any]:
    """Turns, answered, withheld, and times in milliseconds."""
    turn = [result.turn_ms for result in played if result.turn_ms is not None]
    sent = [result.sent_ms for result in played if result.sent_ms is not None]
    failures: dict[str, int] = {}
    for result in played:
        if result.failure:
            failures[result.failure] = failures.get(result.failure, 0) + 1
    return {
        "turns": len(played),
        "answered": sum(result.answered for result in played),
        "withheld": sum(result.withheld for result in played),
        "failures": failures,
        "turn_ms": {f"p{p}": round(percentile(turn, p), 1) for p in (50, 95, 99)},
        "sent_ms": {f"p{p}": round(percentile(sent, p), 1) for p in (50, 95, 99)},
    }


def free_port() -> int:
    """A port with two free ones after it, below those that the kernel gives to connections (ip_local_port_range)."""
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        if all(_is_free(port + offset) for offset in (0, 1, 2)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def running(command: Sequence[str], cwd: Path, environment: Mapping[str, str], ready: str, log: Path) -> Iterator[int]:
    """A program, from the moment `ready` (a URL) answers 200; its process id. Ended, with its group, on leaving.

    Errors: `RuntimeError` when it ends or stays silent, with the end of its log.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(process, ready, log)
        yield process.pid
    finally:
        _end(process)


def _wait(process: "subprocess.Popen[bytes]", ready: str, log: Path) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(ready, timeout=10).status_code == httpx.codes.OK:
                return
        time.sleep(0.5)
    raise RuntimeError(f"{ready} did not come up:\n{log.read_text(errors='replace')[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """By its own id: first asked, so that it can stop what it started, then ended with its group."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOPPING_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOPPING_S)
