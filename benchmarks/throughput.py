"""How many turns a second door and engine answer, and what each process spends on one.

    .venv/bin/python benchmarks/throughput.py --seconds 30 --customers 4 8

Closed loop: so many customers at once, each sending the next message when the one before is answered. The
processor time of a turn hardly depends on what else the machine does; turns a second and milliseconds do.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import uvloop
from installation import Installation, installation
from load import Timed, keep_busy, texts
from measure import DATA, percentile

WARM_UP_S = 5.0


def measure(running: Installation, words: Iterator[str], customers: int, seconds: float) -> dict[str, Any]:
    """One load: turns a second, times, processor time of a turn."""
    own = psutil.Process()
    before, spent, began = running.cpu_ms(), sum(own.cpu_times()[:2]), time.monotonic()
    said = run(running, words, customers, seconds)
    wall, after = time.monotonic() - began, running.cpu_ms()
    cpu = {role: round((after[role] - before.get(role, 0)) / len(said), 2) for role in after}
    return {
        "customers": customers,
        "turns": len(said),
        "turns_a_second": round(len(said) / wall, 1),
        "turn_ms": {f"p{p}": round(percentile([each.turn_ms for each in said], p), 1) for p in (50, 95, 99)},
        "sent_ms": {f"p{p}": round(percentile([each.sent_ms for each in said], p), 1) for p in (50, 95, 99)},
        "cpu_ms_a_turn": cpu | {"all": round(sum(cpu.values()), 2)},
        "client_cpu_ms_a_turn": round((sum(own.cpu_times()[:2]) - spent) * 1000 / len(said), 2),
    }


def run(running: Installation, words: Iterator[str], customers: int, seconds: float) -> list[Timed]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(keep_busy(running.url, words, customers, time.monotonic() + seconds))


def tell(result: dict[str, Any]) -> None:
    turn, sent = result["turn_ms"], result["sent_ms"]
    print(f"{result['customers']} customers: {result['turns_a_second']} turns/s ({result['turns']} turns)")
    print(f"  accepted → first reply: p50 {turn['p50']} ms, p95 {turn['p95']} ms, p99 {turn['p99']} ms")
    print(f"  sent → first reply:     p50 {sent['p50']} ms, p95 {sent['p95']} ms")
    spent = ", ".join(f"{role} {ms}" for role, ms in result["cpu_ms_a_turn"].items())
    print(f"  processor ms a turn:    {spent} (these customers: {result['client_cpu_ms_a_turn']})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA.parent, help="folder of messages, JSON lines")
    parser.add_argument("--seconds", type=float, default=30, help="of each load")
    parser.add_argument("--customers", type=int, nargs="+", default=[1, 4, 8], help="at once, a load each")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    said = texts(options.data)
    words = (text for _ in range(1000) for text in said)
    results = []
    with tempfile.TemporaryDirectory(prefix="tactful-throughput-") as folder, installation(Path(folder)) as running:
        print(f"ready after {running.ready_s:.1f} s")
        run(running, words, 4, WARM_UP_S)
        for customers in options.customers:
            results.append(measure(running, words, customers, options.seconds))
            tell(results[-1])
        memory = running.memory_mb()
        print("memory, MB: " + ", ".join(f"{role} {mb:.0f}" for role, mb in memory.items()))
    if options.json:
        options.json.write_text(json.dumps({"loads": results, "memory_mb": memory}, indent=1) + "\n")


if __name__ == "__main__":
    main()
