"""The main job on real input: dialogues played through the door, beside `rasa init`'s bot in the same run.

    .venv/bin/python benchmarks/replay.py                     both, taking turns, 160 dialogues, 3 at a time
    .venv/bin/python benchmarks/replay.py --limit 20 --no-stock
    .venv/bin/python benchmarks/replay.py --machines --limit 60 --no-stock   two doors, two engines, PostgreSQL, nginx
    .venv/bin/python benchmarks/replay.py --url http://127.0.0.1:8380 --no-stock     a Tactful that is running

Prints turns answered, the time from acceptance to the first reply seen over server-sent events, what was answered
twice, and what `tactful leakscan` finds of the labelled values afterwards. Exit status 1 when a turn was not answered,
or one was twice.
"""

import argparse
import asyncio
import contextlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from door import DoorCustomer
from installed import answered_twice, one, several
from leaks import Leaks
from measure import DATA, Dialogue, Played, percentile, read_dialogues, summary
from measure import play_all as play_group
from stock_rasa import TURN_DEADLINE_S, StockCustomer, stock_bot

GROUP = 20  # dialogues until the other one plays: noise of the machine falls on both
WANTED = 0.4  # of stock's p50 and p95


async def take_turns(
    dialogues: Sequence[Dialogue], tactful_url: str, stock_url: str | None, concurrency: int
) -> tuple[list[Played], list[Played]]:
    """Both play every dialogue, a group at a time; first one each, unmeasured."""
    ours: list[Played] = []
    theirs: list[Played] = []
    async with httpx.AsyncClient(timeout=TURN_DEADLINE_S) as client:
        door = DoorCustomer(tactful_url, client)
        stock = StockCustomer(stock_url, client) if stock_url else None
        await door.play(Dialogue("warm-up", dialogues[0].turns))
        if stock:
            await stock.play(Dialogue("warm-up", dialogues[0].turns))
        for first in range(0, len(dialogues), GROUP):
            group = dialogues[first : first + GROUP]
            ours += await play_group(group, door.play, concurrency, f"tactful, from {first}")
            if stock:
                theirs += await play_group(group, stock.play, concurrency, f"rasa init, from {first}")
    return ours, theirs


def tell(name: str, result: dict[str, Any]) -> None:
    turn, sent = result["turn_ms"], result["sent_ms"]
    print(f"{name}: {result['answered']} of {result['turns']} turns answered, {result['withheld']} withheld")
    print(f"  accepted → first reply: p50 {turn['p50']} ms, p95 {turn['p95']} ms, p99 {turn['p99']} ms")
    print(f"  sent → first reply:     p50 {sent['p50']} ms, p95 {sent['p95']} ms")
    for failure, times in result["failures"].items():
        print(f"  {failure}: {times} times")


def compare(ours: Sequence[Played], theirs: Sequence[Played]) -> dict[str, float]:
    """Ours as a share of stock's, at the same percentile."""
    shares = {}
    for percent in (50, 95):
        mine, stock = (percentile([p.turn_ms for p in s if p.turn_ms is not None], percent) for s in (ours, theirs))
        shares[f"p{percent}"] = round(mine / stock, 3)
    return shares


def play(options: argparse.Namespace, home: Path) -> dict[str, Any]:
    dialogues = read_dialogues(options.data, options.limit)
    print(f"{len(dialogues)} dialogues, {sum(len(d.turns) for d in dialogues)} turns, {options.concurrency} at a time")
    with contextlib.ExitStack() as started:
        installed = None if options.url else started.enter_context(several(home) if options.machines else one(home))
        stock_url = started.enter_context(stock_bot()) if options.stock else None
        leaks = Leaks(dialogues, installed) if installed else None
        if leaks:
            leaks.before()
        url = installed.url if installed else options.url
        ours, theirs = asyncio.run(take_turns(dialogues, url, stock_url, options.concurrency))
        results = told(ours, theirs)
        if installed and leaks:
            installed.stop()
            results["twice"] = answered_twice(installed, ours)
            print(f"answered twice or not at all: {len(results['twice'])}", *results["twice"], sep="\n  ")
            results["leaks"] = leaks.after(ours)
            leaks.tell(results["leaks"])
    return results


def told(ours: Sequence[Played], theirs: Sequence[Played]) -> dict[str, Any]:
    """The figures, printed."""
    results: dict[str, Any] = {"tactful": summary(ours)}
    tell("tactful", results["tactful"])
    if theirs:
        results["stock"] = summary(theirs)
        tell("rasa init", results["stock"])
        results["share"] = compare(ours, theirs)
        print(f"tactful ÷ rasa init: p50 {results['share']['p50']} (wanted ≤ {WANTED}), p95 {results['share']['p95']}")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="dialogues, JSON lines")
    parser.add_argument("--concurrency", type=int, default=3, help="dialogues at a time")
    parser.add_argument("--limit", type=int, help="only so many dialogues")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--machines", action="store_true", help="two doors and two engines, PostgreSQL, nginx")
    where.add_argument("--url", help="a running Tactful, instead of one started for this; nothing is scanned then")
    parser.add_argument("--no-stock", dest="stock", action="store_false", help="without rasa init's bot")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tactful-replay-") as folder:
        results = play(options, Path(folder))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    raise SystemExit(results["tactful"]["answered"] < results["tactful"]["turns"] or bool(results.get("twice")))


if __name__ == "__main__":
    main()
