"""Bulk redaction: messages a second with one worker and with two, on an archive that it makes itself.

    python benchmarks/bulk.py [--messages N] [--rounds N]

Rounds of one and of two workers alternate; the medians are told. A rate is that of the middle of a run, from the first
part that is done to the last; `whole run` has the start of Dask and of the detectors in it, too.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tactful.bulk import workers
from tactful.bulk.documents import Options
from tactful.bulk.export import Export

ROOT = Path(__file__).resolve().parent.parent
BUDGET_MS = 1_000
FIRST = (
    "Ana Bo Carla Deniz Elif Farid Greta Hugo Ines Jonas Kira Luca Mina Nils Olga Pavel Rosa Sven Tara Yusuf".split()
)
LAST = "Berg Costa Demir Eriksen Fontaine Garcia Haas Ivanov Jansen Kaya Lund Moreau Novak Okafor Petrov Rossi".split()
STREETS = "Elm Street|Oak Avenue|Mill Road|Harbour Lane|Station Road|Church Street".split("|")
PERSONAL = (
    "my name is {first} {last} and i booked a trip for next friday",
    "you can reach me at {mail}, or call {phone} after six",
    "hi, this is {first}, please send the invoice to {number} {street}, it is for my company",
    "the card ending in {four} was charged twice, my email is {mail}",
    "{first} {last} here again, any news about the refund?",
)
CLEAN = (
    "i would like to fly from berlin to lisbon in october, what would it cost for two people",
    "what does error 429 mean and how long should my client wait before it tries again?",
    "thanks, that is all for now",
    "is breakfast included in the price, and can we check in before noon",
    "no, the other one please, we prefer trains to flights if it takes less than six hours",
    "ok",
    "which of the two is quieter in the evening? we travel with a baby and sleep early",
)


def messages(count: int, seed: int = 7) -> Iterator[str]:
    """A third of them hold something personal."""
    choose = random.Random(seed)
    for _ in range(count):
        first, last = choose.choice(FIRST), choose.choice(LAST)
        template = choose.choice(PERSONAL if choose.random() < 1 / 3 else CLEAN)
        yield template.format(
            first=first,
            last=last,
            mail=f"{first}.{last}{choose.randrange(100)}@example.com".lower(),
            phone=f"+1 415 555 01{choose.randrange(100):02}",
            number=choose.randrange(1, 200),
            street=choose.choice(STREETS),
            four=choose.randrange(1000, 10_000),
        )


class Watch:
    """When how many documents were done."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, int]] = []

    def __call__(self, done: int, of: int) -> None:
        self.seen.append((time.perf_counter(), done))

    @property
    def rate(self) -> float:
        """Documents a second, from the first part that was done."""
        (began, before), (ended, after) = self.seen[1], self.seen[-1]
        return (after - before) / (ended - began)


def run(archive: Path, count: int) -> tuple[float, float]:
    """Messages a second: in the middle, and of the whole run."""
    watch = Watch()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        export = Export([str(archive)], Path(out) / "out", Options(), ROOT / "privacy.yml", BUDGET_MS)
        told = export.run(partial(workers.local, count), progress=watch)
    assert not told["withheld"], told["withheld"][:3]
    return watch.rate, told["documents"] / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rates: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.jsonl"
        rows = (json.dumps({"id": number, "text": text}) for number, text in enumerate(messages(asked.messages)))
        archive.write_text("\n".join(rows) + "\n", encoding="utf-8")
        for _ in range(asked.rounds):
            for count in rates:
                rates[count].append(run(archive, count))
                print(f"{count} worker(s): {rates[count][-1][0]:,.0f} messages/s", flush=True)
    middle = {count: statistics.median(rate for rate, _ in runs) for count, runs in rates.items()}
    whole = {count: statistics.median(rate for _, rate in runs) for count, runs in rates.items()}
    print(f"\n{asked.messages:,} messages, {asked.rounds} rounds, medians\n")
    print("| workers | messages/s | whole run |\n|---|---|---|")
    for count in rates:
        print(f"| {count} | {middle[count]:,.0f} | {whole[count]:,.0f} |")
    print(f"| 2 ÷ 1 | {middle[2] / middle[1]:.2f} | {whole[2] / whole[1]:.2f} |")


if __name__ == "__main__":
    main()
