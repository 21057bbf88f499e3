"""The parts of an archive put together: in the archive's order, each document once, with what is to be reported."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import merge
from pathlib import Path
from typing import Any, TextIO

from tactful.bulk.files import whole


@dataclass(slots=True)
class Tally:
    """What came of an archive."""

    documents: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    withheld: list[dict[str, Any]] = field(default_factory=list)


def assemble(parts: Sequence[Path], header: str, target: Path) -> Tally:
    """Write `target`, whole or not at all."""
    tally = Tally()
    with ExitStack() as stack, whole(target) as out:
        files = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in parts]
        out.write(header)
        for _, line in merge(*(_lines(file, tally) for file in files), key=lambda row: row[0]):
            out.write(line + "\n")
    tally.withheld.sort(key=lambda each: each["row"])
    return tally


def _lines(file: TextIO, tally: Tally) -> Iterator[tuple[int, str]]:
    for raw in file:
        found = json.loads(raw)
        if isinstance(found, dict):
            tally.documents += found["documents"]
            tally.spans.update(found["spans"])
            tally.withheld += found["withheld"]
        else:
            yield found[0], found[1]
