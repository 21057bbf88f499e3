"""What a redactor's spans are worth on labelled messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Spans = list[tuple[int, int]]  # [start, end) in code points


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of spans hidden, of what must stay that stayed, of messages without personal data that were touched."""

    hidden: float | None
    kept: float | None
    touched: float | None
    by_type: dict[str, str]


def score(rows: Sequence[dict[str, Any]], answers: Sequence[Spans]) -> Scores:
    """`answers` are spans of each row's text."""
    hit: dict[str, int] = {}
    total: dict[str, int] = {}
    kept = keep = touched = clean = 0
    for row, spans in zip(rows, answers, strict=True):
        text, covered = row["text"], {place for start, end in spans for place in range(start, end)}
        for span in row["spans"]:
            letters = _letters(text, span)
            total[span["type"]] = total.get(span["type"], 0) + 1
            hit[span["type"]] = hit.get(span["type"], 0) + (letters <= covered)
        keep += len(row["keep"])
        kept += sum(not (_letters(text, span) & covered) for span in row["keep"])
        clean += not row["spans"]
        touched += not row["spans"] and bool(covered)
    return Scores(
        _share(sum(hit.values()), sum(total.values())),
        _share(kept, keep),
        _share(touched, clean),
        {kind: f"{hit[kind]}/{total[kind]}" for kind in sorted(total)},
    )


def _letters(text: str, span: dict[str, Any]) -> set[int]:
    return {place for place in range(span["start"], span["end"]) if text[place].isalnum()}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
