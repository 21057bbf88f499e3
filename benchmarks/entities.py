"""How often cities, airports, dates and money are found with their exact values; on sentences labelled by hand.

    engine/.venv/bin/python -W ignore benchmarks/entities.py [--show tune|test|all]

Sentences: benchmarks/travel/*.txt, as `[next Friday](date: 2027-03-19)`. Every second one is for tuning the rules, the
others are for the figures. A find counts if kind and value (of a city, name and code) are exact and it stands there.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tactful_engine.travel.entities import extract
from tactful_engine.travel.gazetteer import folded

HERE = Path(__file__).parent / "travel"
MARKED = re.compile(r"\[([^\]]+)\]\((\w+): ([^)]+)\)")
KINDS = ("city", "airport", "date", "money")


class Value(NamedTuple):
    """A kind and an exact value, and where it stands."""

    kind: str
    value: str
    start: int
    end: int

    def is_(self, other: "Value") -> bool:
        same = (self.kind, folded(self.value)) == (other.kind, folded(other.value))
        return same and self.start < other.end and other.start < self.end


class Sentence(NamedTuple):
    text: str
    values: list[Value]
    today: date
    origin: str


def read(path: Path) -> Iterator[Sentence]:
    lines = path.read_text(encoding="utf-8").splitlines()
    today = date.fromisoformat(re.search(r"reference (\S+)", lines[0])[1])  # type: ignore[index]
    for line in lines[1:]:
        text, values, at = "", [], 0
        for match in MARKED.finditer(line):
            text += line[at : match.start()]
            values.append(Value(match[2], match[3], len(text), len(text) + len(match[1])))
            text, at = text + match[1], match.end()
        yield Sentence(text + line[at:], values, today, path.stem)


def found(sentence: Sentence) -> list[Value]:
    values = []
    for each in extract(sentence.text, sentence.today):
        value = f"{each.value} {each.more['iata'] or 'null'}" if each.kind == "city" else each.value
        values.append(Value(each.kind, value, each.start, each.end))
    return values


def measure(name: str, sentences: list[Sentence], *, show: bool) -> None:
    right, wrong, missed, whole = Counter(), Counter(), Counter(), 0
    times = []
    for sentence in sentences:
        started = time.perf_counter()
        answers = found(sentence)
        times.append((time.perf_counter() - started) * 1000)
        hits = [answer for answer in answers if any(answer.is_(value) for value in sentence.values)]
        lost = [value for value in sentence.values if not any(value.is_(answer) for answer in answers)]
        right.update(value.kind for value in hits)
        wrong.update(answer.kind for answer in answers if answer not in hits)
        missed.update(value.kind for value in lost)
        whole += len(hits) == len(answers) and not lost
        if show and (lost or len(hits) < len(answers)):
            surplus = [answer[:2] for answer in answers if answer not in hits]
            print(f"  {sentence.text}\n    missed {[value[:2] for value in lost]}, wrong {surplus}")
    for kind in KINDS:
        print(
            f"  {name} {kind}: precision {_share(right[kind], wrong[kind])}, recall {_share(right[kind], missed[kind])}"
        )
    total = sum(right.values())
    f1 = 2 * total / (2 * total + sum(wrong.values()) + sum(missed.values()))
    times.sort()
    print(f"  {name}: {whole} of {len(sentences)} sentences wholly right ({whole / len(sentences):.1%}); F1 {f1:.3f}; "
          f"p50 {times[len(times) // 2]:.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f} ms")  # fmt: skip


def _share(part: int, rest: int) -> str:
    return f"{part / (part + rest):.3f} ({part} of {part + rest})" if part + rest else "-"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--show", choices=("tune", "test"), help="print what went wrong in one half")
    options = asked.parse_args()
    for path in sorted(HERE.glob("*.txt")):
        sentences = list(read(path))
        print(f"{path.stem}: {len(sentences)} sentences")
        for part, name in ((0, "tune"), (1, "test")):
            measure(name, sentences[part::2], show=options.show == name)


if __name__ == "__main__":
    main()
