"""What a turn costs each process where doors and engines share a PostgreSQL behind nginx, with one pair and with two.

    .venv/bin/python benchmarks/machines.py --seconds 30 --json benchmarks/machines.json
    .venv/bin/python benchmarks/sizing.py                       what follows from that

Processor time of a turn hardly depends on what else the machine does; turns a second do. `waits`: how many of the
database's sessions stood in a queue for a lock, on average, seen every 50 ms.
"""

import argparse
import asyncio
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import uvloop
from load import Timed, keep_busy, texts
from measure import DATA, percentile
from several import Installation, Server, installation, postgresql, with_driver
from sqlalchemy import create_engine, text

LOOK_S = 0.05
WAITS = text(
    "SELECT wait_event_type || ' ' || wait_event FROM pg_stat_activity "
    "WHERE state = 'active' AND wait_event_type IN ('Lock', 'LWLock', 'IO')"
)


def cpu_ms(running: "Installation", postmaster: int) -> dict[str, float]:
    """Role → milliseconds of processor time until now, of all machines of that role together."""
    spent: dict[str, float] = {"database": _family(psutil.Process(postmaster))}
    for machine in (*running.doors, *running.engines, running.proxy):
        assert machine.process
        process = psutil.Process(machine.process.pid)
        role = machine.name.partition("-")[0]
        below = sum(_own(child) for child in process.children(recursive=True))
        spent[role] = spent.get(role, 0) + _own(process) + (below if role == "nginx" else 0)
        if role == "door":
            spent["detector"] = spent.get("detector", 0) + below
    return spent


def _own(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system) * 1000


def _family(process: psutil.Process) -> float:
    """With children that are there and those that are gone."""
    times = process.cpu_times()
    gone = float(times.children_user + times.children_system) * 1000
    return _own(process) + gone + sum(_own(child) for child in process.children(recursive=True))


def memory_mb(running: "Installation", postmaster: int) -> dict[str, float]:
    """Role → proportional set size in MB of one machine of that role; the database's of all its processes."""
    found: dict[str, float] = {}
    for machine in (running.doors[0], running.engines[0], running.proxy):
        assert machine.process
        process = psutil.Process(machine.process.pid)
        family = [process, *process.children(recursive=True)]
        found[machine.name.partition("-")[0]] = sum(each.memory_full_info().pss for each in family) / 1e6
    server = psutil.Process(postmaster)
    found["database"] = sum(p.memory_full_info().pss for p in (server, *server.children())) / 1e6
    return {role: round(mb) for role, mb in found.items()}


class Watching:
    """Counts what sessions of the database wait for, while the block lasts."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(with_driver(url))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen: Counter[str] = Counter()
        self.looks = 0

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._engine.dispose()

    def _look(self) -> None:
        with self._engine.connect() as connection:
            while not self._over.wait(LOOK_S):
                self.seen.update(connection.execute(WAITS).scalars())
                connection.rollback()
                self.looks += 1


def figures(url: str) -> dict[str, float]:
    """The database's own counters: bytes, transactions, bytes of journal."""
    engine = create_engine(with_driver(url))
    with engine.connect() as connection:
        size, commits, journal = connection.execute(
            text(
                "SELECT pg_database_size(current_database()), (SELECT sum(xact_commit) FROM pg_stat_database), "
                "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
            )
        ).one()
    engine.dispose()
    return {"bytes": float(size), "commits": float(commits), "journal": float(journal)}


def load(url: str, words: Iterator[str], customers: int, seconds: float) -> list[Timed]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(keep_busy(url, words, customers, time.monotonic() + seconds))


def measure(server: Server, pairs: int, words: Iterator[str], customers: int, seconds: float) -> dict[str, Any]:
    """One installation under load."""
    postmaster = server.postmaster
    with tempfile.TemporaryDirectory() as home, installation(server, Path(home), pairs) as running:
        load(running.url, words, customers, 5.0)
        before, at, began = cpu_ms(running, postmaster), figures(running.database), time.monotonic()
        kept = figures(running.trackers)["bytes"]
        with Watching(running.database) as watching:
            said = load(running.url, words, customers, seconds)
        wall, after, then = time.monotonic() - began, cpu_ms(running, postmaster), figures(running.database)
        grown = figures(running.trackers)["bytes"] - kept
        memory = memory_mb(running, postmaster)
    turns = len(said)
    return {
        "pairs": pairs,
        "customers": customers,
        "turns": turns,
        "turns_a_second": round(turns / wall, 1),
        "turn_ms": {f"p{p}": round(percentile([each.turn_ms for each in said], p), 1) for p in (50, 95)},
        "sent_ms": {f"p{p}": round(percentile([each.sent_ms for each in said], p), 1) for p in (50, 95)},
        "cpu_ms_a_turn": {role: round((after[role] - before[role]) / turns, 2) for role in after},
        "commits_a_turn": round((then["commits"] - at["commits"]) / turns, 1),
        "journal_bytes_a_turn": round((then["journal"] - at["journal"]) / turns),
        "database_bytes_a_turn": round((then["bytes"] - at["bytes"] + grown) / turns),
        "waits": {name: round(count / watching.looks, 3) for name, count in watching.seen.most_common(8)},
        "memory_mb": memory,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA.parent, help="folder of messages, JSON lines")
    parser.add_argument("--seconds", type=float, default=30, help="of each load")
    parser.add_argument("--customers", type=int, default=12, help="at once")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    said = texts(options.data)
    words = (each for _ in range(1000) for each in said)
    results = []
    with postgresql() as server:
        for pairs in (1, 2):
            results.append(measure(server, pairs, words, options.customers, options.seconds))
            print(json.dumps(results[-1], indent=1), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
