"""Turns while another model is evaluated, promoted and rolled back, beside the usual ones: is any lost, how slow is it?

    .venv/bin/python benchmarks/promotion.py                 3 customers who never pause, about 4 minutes
    .venv/bin/python benchmarks/promotion.py --pause 0.5     who read before they answer
    .venv/bin/python benchmarks/promotion.py --no-evaluation the exchange alone

The candidate is the served model with other bytes: what is tried is the exchange. Prints p50 and p95 (ms, from
acceptance to the first reply seen) of each phase, and their ratio to the usual ones.
"""

import argparse
import asyncio
import contextlib
import gzip
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from door import DoorCustomer
from installed import one
from measure import ROOT, Dialogue, Played, Turn, percentile

from tactful.chat.engines import read
from tactful.cli.evaluating import tone_of
from tactful.cli.modelling import CONFIG, DATA, ensure_model, fingerprint
from tactful.config import Settings
from tactful.installation import registry
from tactful.learn.golden import read as golden
from tactful.learn.models import CHAMPION
from tactful.learn.registry import Registry

WANTED = 1.5  # times the usual p95
TURNS = 8  # of a conversation
USUAL_S, AFTER_S = 30.0, 15.0
PATIENCE_S = 600.0


@dataclass
class Load:
    """Customers who chat one conversation after the other; when each turn was sent, and what came of it."""

    url: str
    pause_s: float
    over: bool = False
    played: list[tuple[float, Played]] = field(default_factory=list)

    async def customer(self, number: int) -> None:
        sentences = itertools.cycle(example.text for example in golden(ROOT / "tests/nlu", tone_of))
        said = itertools.islice(sentences, number * 37, None)
        async with httpx.AsyncClient(timeout=60) as client:
            door = DoorCustomer(self.url, client)
            while not self.over:
                await door.play(Dialogue("", tuple(Turn(text) for text in itertools.islice(said, TURNS))), self._note)

    async def _note(self, began: float, played: Played) -> bool:
        self.played.append((began, played))
        await asyncio.sleep(self.pause_s)
        return not self.over


@contextlib.asynccontextmanager
async def load(url: str, customers: int, pause_s: float) -> AsyncIterator[Load]:
    made = Load(url, pause_s)
    chatting = [asyncio.create_task(made.customer(number)) for number in range(customers)]
    try:
        yield made
    finally:
        made.over = True
        await asyncio.gather(*chatting)


def candidate(settings: Settings, folder: Path) -> Registry:
    """A register whose candidate is the served model, packed anew."""
    models, other = registry(settings), folder / "another.tar.gz"
    with gzip.open(ensure_model(settings.project)) as packed, gzip.open(other, "wb", compresslevel=1) as again:
        shutil.copyfileobj(packed, again)
    project = settings.project
    models.add(other, data=fingerprint(project, DATA), config=fingerprint(project, CONFIG), seed=None, by="benchmark")
    models.stand("another")
    return models


async def until(what: str, true: Callable[[], bool], asked: "asyncio.Future[None] | None" = None) -> float:
    """Waits; the time at which it came true. Errors: `TimeoutError`; whatever `asked` failed with."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            if asked and asked.done():
                asked.result()
            await asyncio.sleep(0.02)
    print(f"  {what}", flush=True)
    return time.perf_counter()


async def command(home: Path, *words: str) -> None:
    """A command as its user gives it. Errors: `RuntimeError` with what it said."""
    environment = {"TACTFUL_HOME": str(home), "DATABASE_URL": ""}
    run = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv/bin/tactful"), *words, cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await run.communicate()
    if run.returncode:
        raise RuntimeError(f"tactful {' '.join(words)} failed:\n{said.decode(errors='replace')}")


async def course(
    settings: Settings, models: Registry, url: str, options: argparse.Namespace
) -> dict[str, list[Played]]:
    """Everything from usual to usual; the turns of each phase."""
    pointer = settings.home / "run/engine.json"

    def answers(name: str) -> bool:
        return bool((now := read(pointer)) and now.model == name)

    async with load(url, options.customers, options.pause) as chatting:
        marks = [("warm-up", time.perf_counter())]
        await asyncio.sleep(5)
        marks.append(("usual", time.perf_counter()))
        await asyncio.sleep(USUAL_S)
        served = models.state().answering
        assert served
        if options.evaluation:
            marks.append(("evaluating", time.perf_counter()))
            asked = asyncio.create_task(command(settings.home, "promote", "--reason", "a benchmark"))
        else:
            asked = asyncio.create_task(asyncio.to_thread(models.promote, "another", by="benchmark", reason=""))
        champion = until(
            "the alias is moved", lambda: asked.done() or models.state().aliases.get(CHAMPION) == "another"
        )
        marks.append(("loading", await champion))
        marks.append(("promoted", await until("the new engine answers", lambda: answers("another"))))
        await asked
        await asyncio.sleep(AFTER_S)
        began = time.perf_counter()
        models.roll_back(by="benchmark", reason="")
        back = await until("the old engine answers", lambda: answers(served.name))
        print(f"  back in {back - began:.2f} s")
        marks.append(("rolled back", back))
        await asyncio.sleep(AFTER_S)
    return dict(phases(marks, chatting.played))


def phases(marks: list[tuple[str, float]], played: list[tuple[float, Played]]) -> Iterator[tuple[str, list[Played]]]:
    """The turns that were sent in each phase."""
    ends = [*(at for _, at in marks[1:]), time.perf_counter()]
    for (name, since), end in zip(marks, ends, strict=True):
        yield name, [turn for began, turn in played if since <= began < end]


def told(turns: dict[str, list[Played]]) -> dict[str, Any]:
    """p50 and p95 of each phase, and how they stand to the usual ones; prints them."""
    figures: dict[str, Any] = {}
    usual = [p.turn_ms for p in turns["usual"] if p.turn_ms is not None]
    everything = [p for name, each in turns.items() if name not in {"warm-up", "usual"} for p in each]
    for name, each in {**turns, "all after usual": everything}.items():
        times = [p.turn_ms for p in each if p.turn_ms is not None]
        p50, p95 = percentile(times, 50), percentile(times, 95)
        ratio = p95 / percentile(usual, 95)
        figures[name] = {"turns": len(each), "p50": round(p50, 1), "p95": round(p95, 1), "p95_ratio": round(ratio, 2)}
        print(f"{name:>16}: {len(each):5} turns, p50 {p50:6.1f} ms, p95 {p95:6.1f} ms, {ratio:.2f} × the usual p95")
    failed = [p.failure or "doubled" for each in turns.values() for p in each if not p.answered or _doubled(p)]
    figures["failed"] = len(failed)
    print(f"{len(failed)} turns failed or were answered twice {sorted(set(failed))}")
    return figures


def _doubled(played: Played) -> bool:
    return len(played.replies) != len(set(played.replies))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between a reply and the next message")
    parser.add_argument("--no-evaluation", dest="evaluation", action="store_false", help="without the evaluation")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tactful-promotion-") as folder, one(Path(folder)) as installed:
        settings = Settings(home=Path(folder), database_url="")
        figures = told(asyncio.run(course(settings, candidate(settings, Path(folder)), installed.url, options)))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    raise SystemExit(figures["failed"] > 0 or figures["all after usual"]["p95_ratio"] > WANTED)


if __name__ == "__main__":
    main()
