"""How many machines: from the figures that machines.py measured, by formula and by a small simulation.

    .venv/bin/python benchmarks/sizing.py

The simulation is a closed network of queues: customers who send again as soon as they are answered, and for each turn
the visits in ROUTE, each to a process that serves one at a time. Service times are exponential around what was
measured, which is harsher. The database is shared by all pairs and has as many servers as cores.
"""

import argparse
import heapq
import json
import math
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent / "machines.json"
BUSY = 0.6  # of a core, at the most: beyond it, waiting grows faster than work
RATES = (1, 100, 10_000)
DAYS = 365  # privacy.yml: how long conversations are kept
# A turn's visits, and what share of the process's time each takes.
ROUTE = (
    ("nginx", 0.5), ("door", 0.3), ("detector", 1.0), ("database", 0.3), ("door", 0.2), ("database", 0.1),
    ("engine", 0.5), ("door", 0.2), ("database", 0.2), ("engine", 0.5), ("database", 0.4), ("door", 0.3),
    ("nginx", 0.5),
)  # fmt: skip
SHARED = ("nginx", "database")


@dataclass
class Station:
    """A queue before one or more servers."""

    servers: int = 1
    busy: int = 0
    line: deque[tuple[int, int]] = field(default_factory=deque)


def simulate(
    cpu_ms: Mapping[str, float], pairs: int, customers: int, database_cores: int, turns: int = 40_000, seed: int = 1
) -> float:
    """Turns a second of so many pairs over one database, on machines with a core for each process."""
    luck, order = random.Random(seed), count()
    stations: dict[tuple[str, int], Station] = {
        (name, pair): Station() for name in ("door", "detector", "engine") for pair in range(pairs)
    }
    stations |= {("database", 0): Station(database_cores), ("nginx", 0): Station(2)}
    ends: list[tuple[float, int, int, int, tuple[str, int]]] = []  # when, order, pair, step, station
    now, done = 0.0, 0

    def place(pair: int, step: int) -> tuple[str, int]:
        name = ROUTE[step][0]
        return name, 0 if name in SHARED else pair

    def arrive(pair: int, step: int) -> None:
        where = place(pair, step)
        station = stations[where]
        if station.busy < station.servers:
            serve(pair, step, where)
        else:
            station.line.append((pair, step))

    def serve(pair: int, step: int, where: tuple[str, int]) -> None:
        stations[where].busy += 1
        name, share = ROUTE[step]
        heapq.heappush(ends, (now + luck.expovariate(1 / (cpu_ms[name] * share)), next(order), pair, step, where))

    for _ in range(customers):
        arrive(luck.randrange(pairs), 0)
    while done < turns:
        now, _, pair, step, where = heapq.heappop(ends)
        station = stations[where]
        station.busy -= 1
        if station.line:
            serve(*station.line.popleft(), where)
        if step + 1 < len(ROUTE):
            arrive(pair, step + 1)
        else:
            done += 1
            arrive(luck.randrange(pairs), 0)  # the next one comes through any door
    return done / now * 1000


def needed(cpu_ms: Mapping[str, float], rate: float) -> dict[str, int]:
    """Processes (database: cores) for so many turns a second."""
    return {role: max(1, math.ceil(rate * ms / 1000 / BUSY)) for role, ms in cpu_ms.items()}


def table(figures: Mapping[str, Any]) -> list[str]:
    cpu, memory = figures["cpu_ms_a_turn"], figures["memory_mb"]
    lines = [
        "| turns/s | doors | engines | cores for both | cores of the database | memory of doors and engines "
        "| database after a year | journal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rate in RATES:
        need = needed(cpu, rate)
        doors = max(need["door"], need["detector"], 2)  # two, so that one may go
        engines = max(need["engine"], 2)
        cores = math.ceil(rate * (cpu["door"] + cpu["detector"] + cpu["engine"]) / 1000 / BUSY)
        gigabytes = (doors * memory["door"] + engines * memory["engine"]) / 1000
        terabytes = rate * 86_400 * DAYS * figures["database_bytes_a_turn"] / 1e12
        journal = rate * figures["journal_bytes_a_turn"] / 1e6
        lines.append(
            f"| {rate:,} | {doors:,} | {engines:,} | {max(cores, 4):,} | {need['database']:,} | {gigabytes:,.0f} GB "
            f"| {terabytes:,.2f} TB | {journal:,.2f} MB/s |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=Path, default=FIGURES, help="what machines.py wrote")
    parser.add_argument("--database-cores", type=int, default=4)
    options = parser.parse_args()
    measured = json.loads(options.figures.read_text())
    cpu = measured[-1]["cpu_ms_a_turn"]
    print("Measured, processor milliseconds a turn: " + ", ".join(f"{role} {ms}" for role, ms in cpu.items()))
    print(f"Sessions that waited, on average: {measured[-1]['waits'] or 'none seen'}\n")
    for figures in measured:
        print(f"{figures['pairs']} pairs, measured: {figures['turns_a_second']} turns/s")
    single = simulate(cpu, 1, 24, options.database_cores)
    print(f"\nSimulated, a core for each process, a database of {options.database_cores} cores:")
    for pairs in (1, 2, 3, 4):
        rate = simulate(cpu, pairs, 24 * pairs, options.database_cores)
        print(f"  {pairs} pairs: {rate:.0f} turns/s, {rate / single:.2f} times one pair")
    print("\n" + "\n".join(table(measured[-1])))


if __name__ == "__main__":
    main()
