"""Whether cost stays flat as work grows: a long conversation, memory over many turns, bytes a turn.

    .venv/bin/python benchmarks/flat.py                         500 turns of one conversation, then 20,000 turns
    .venv/bin/python benchmarks/flat.py --turns 2000

Milliseconds and processor time of turns 3 to 7 of many conversations, beside those around turn 100 and 500 of one.
Memory is the proportional set size. Bytes are what the databases hold, their journals written back, less the texts.
"""

import argparse
import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import Any

import uvloop
from installation import Installation, installation
from load import Customer, Timed, keep_busy, texts
from measure import DATA

EARLY, AROUND = (3, 8), 50  # turns of the short conversations that count; turns around a place of the long one
TOLD_S = 20.0


class Place:
    """Turns at one place of a conversation, with the processor time of everything while they were played."""

    def __init__(self, running: Installation) -> None:
        self._running, self.said, self.cpu_ms = running, list[Timed](), 0.0

    def begin(self) -> float:
        return sum(self._running.cpu_ms().values())

    def end(self, before: float, said: list[Timed]) -> None:
        self.said += said
        self.cpu_ms += sum(self._running.cpu_ms().values()) - before

    def figures(self) -> dict[str, float]:
        times = [each.sent_ms for each in self.said]
        return {
            "turns": len(times),
            "median_ms": round(median(times), 1),
            "mean_ms": round(mean(times), 1),
            "cpu_ms": round(self.cpu_ms / len(times), 1),
        }


async def play(customer: Customer, words: Iterator[str], turns: int) -> list[Timed]:
    return [await customer.say(text) for text in islice(words, turns)]


async def long_conversation(running: Installation, words: Iterator[str], longest: int) -> dict[str, Any]:
    """Turn 5 of conversations that alternate with one that goes on: noise of the machine falls on both."""
    early, places = Place(running), {100: Place(running), longest: Place(running)}
    going_on, turn = await Customer.arrive(running.url), 0
    for place, measured in places.items():
        await play(going_on, words, place - AROUND - turn)
        for _ in range(2 * AROUND // 5):
            customer = await Customer.arrive(running.url)
            await play(customer, words, EARLY[0] - 1)
            before = early.begin()
            early.end(before, await play(customer, words, EARLY[1] - EARLY[0]))
            await customer.leave()
            before = measured.begin()
            measured.end(before, await play(going_on, words, 5))
        turn = place + AROUND
    await going_on.leave()
    figures = {"5": early.figures()} | {str(place): measured.figures() for place, measured in places.items()}
    return figures | {
        "ratio_ms": round(figures[str(longest)]["median_ms"] / figures["5"]["median_ms"], 2),
        "ratio_cpu": round(figures[str(longest)]["cpu_ms"] / figures["5"]["cpu_ms"], 2),
    }


def many_turns(
    running: Installation, words: Iterator[str], turns: int, customers: int, play: Callable[..., list[Timed]]
) -> dict[str, Any]:
    """Memory after the first tenth and at the end, and what the databases grew by."""
    marks: list[tuple[int, dict[str, float]]] = []
    done, kept, spoken, told = 0, stored(running.home), said(running.home), time.monotonic()
    for mark in range(10):
        step = islice(words, turns // 10)
        done += len(play(keep_busy(running.url, step, customers, time.monotonic() + 3600)))
        marks.append((done, running.memory_mb()))
        if time.monotonic() - told > TOLD_S or mark in (0, 9):
            told = time.monotonic()
            print(f"  after {done} turns: " + ", ".join(f"{k} {v:.0f} MB" for k, v in marks[-1][1].items()), flush=True)
    grown, texts_grown = stored(running.home) - kept, said(running.home) - spoken
    warm, end = (sum(marks[place][1].values()) for place in (0, 9))
    return {
        "turns": done,
        "memory_mb": {str(turn): {k: round(v) for k, v in memory.items()} for turn, memory in marks},
        "memory_growth": round(end / warm - 1, 3),
        "bytes_a_turn": round(grown / done),
        "text_bytes_a_turn": round(texts_grown / done),
        "bytes_a_turn_beyond_text": round((grown - texts_grown) / done),
    }


def stored(home: Path) -> int:
    """Bytes of the databases in use: pages that are free count no more."""
    total = 0
    for path in home.rglob("*.db"):
        with sqlite3.connect(path) as database:
            asked = ("page_count", "freelist_count", "page_size")
            pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in asked)
            total += (pages - free) * size
        database.close()
    return total


def said(home: Path) -> int:
    """Bytes of what customers and the bot said, as it is kept, once."""
    with sqlite3.connect(home / "tactful.db") as database:
        (total,) = database.execute("SELECT coalesce(sum(length(CAST(text AS BLOB))), 0) FROM messages").fetchone()
    database.close()
    return int(total)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA.parent, help="folder of messages, JSON lines")
    parser.add_argument("--longest", type=int, default=500, help="turn of the long conversation that is measured last")
    parser.add_argument("--turns", type=int, default=20_000, help="for memory and bytes; 0 leaves them out")
    parser.add_argument("--customers", type=int, default=4, help="at once, for memory and bytes")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    said_once = texts(options.data)
    words = (text for _ in range(1000) for text in said_once)
    results: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory(prefix="tactful-flat-") as folder,
        installation(Path(folder)) as running,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(keep_busy(running.url, words, 4, time.monotonic() + 5))
        if options.longest:
            results["conversation"] = runner.run(long_conversation(running, words, options.longest))
            for place, figures in results["conversation"].items():
                print(f"  {place}: {figures}")
        if options.turns:
            results["many"] = many_turns(running, words, options.turns, options.customers, runner.run)
            print({k: v for k, v in results["many"].items() if k != "memory_mb"})
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
