"""Real sentences as carriers: labelled values become slots, so that nobody's name is kept and folds can be told apart.

python -m ner.carriers FOLDER      makes ner/carriers/*.jsonl from the labelled files in FOLDER
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OPEN, CLOSE = "⟦", "⟧"
SLOT = re.compile(r"⟦([^⟦⟧]+)⟧")
LABELLED = ("sgd_dev", "presidio_synth", "multidogo_dev", "wnut17_person")
PLAIN = ("banking77", "hwu64")
PLACES = frozenset({"city", "location", "origin_city", "destination_city", "pickup_city", "area", "GPE"})
_UNIT = re.compile(r"(?i)(?:apt|apartment|suite|ste|unit|flat|room|floor)\b")


def slot(kind: str, value: str) -> str:
    """The slot for a labelled value: names by how many words and which case, numbers by their shape."""
    words = value.split()
    case = "l" if value.islower() else "u" if value.isupper() and len(value) > 3 else ""
    if kind == "PERSON":
        name = "FIRST" if len(words) == 1 else "PERSON2" if len(words) == 2 else "PERSON3"
        return f"{OPEN}{name}{case}|PERSON{CLOSE}"
    if kind == "STREET_ADDRESS":
        has_digit, has_letter = any(c.isdigit() for c in value), any(c.isalpha() for c in value)
        name = (
            f"SHAPE={_shape(value)}" if not has_letter or _UNIT.match(value)
            else "CITY" if not has_digit
            else "LINE" if len(words) <= 4 and "\n" not in value
            else "ADDRESS"
        )  # fmt: skip
        return f"{OPEN}{name}{case if 'SHAPE' not in name else ''}|STREET_ADDRESS{CLOSE}"
    if kind in {"EMAIL_ADDRESS", "USERNAME"} and "@" not in value:
        return f"{OPEN}{'SPOKEN' if kind == 'EMAIL_ADDRESS' else 'USER'}{case}|{kind}{CLOSE}"
    if kind in {"EMAIL_ADDRESS"}:
        return f"{OPEN}MAIL{case}|{kind}{CLOSE}"
    return f"{OPEN}SHAPE={_shape(value)}|{kind}{CLOSE}"


def place(value: str) -> str:
    """The slot for a town that stays readable."""
    return f"{OPEN}CITY{'l' if value.islower() else 'u' if value.isupper() and len(value) > 3 else ''}|{CLOSE}"


def _shape(value: str) -> str:
    return "".join(
        "9" if c.isdigit() else "A" if c.isalpha() and c.isupper() else "a" if c.isalpha() else c
        for c in value.replace(OPEN, "(").replace(CLOSE, ")")
    )


def carrier(row: Mapping[str, Any]) -> str:
    """A labelled row's text with slots for its values."""
    text, at, parts = row["text"], 0, []
    places = [span for span in row["keep"] if span["type"] in PLACES]
    for span in sorted([*row["spans"], *places], key=lambda span: (span["start"], span["type"] in PLACES)):
        if span["start"] >= at:
            value = text[span["start"] : span["end"]]
            parts += [text[at : span["start"]], place(value) if span["type"] in PLACES else slot(span["type"], value)]
            at = span["end"]
    return "".join(parts) + str(text[at:])


def carriers(path: Path) -> Iterator[str]:
    """The file's sentences with slots for their values, each once."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    yield from dict.fromkeys(carrier(row) for row in rows)


def main(folder: Path) -> None:
    """Write one JSON string a line."""
    for name in LABELLED:
        lines = [json.dumps(each, ensure_ascii=False) for each in carriers(folder / f"{name}.jsonl")]
        (HERE / "carriers" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in PLAIN:
        rows = map(json.loads, (folder / "nlu" / name / "train.jsonl").read_text(encoding="utf-8").splitlines())
        texts = sorted({row["text"] for row in rows})
        lines = [json.dumps(text, ensure_ascii=False) for text in texts]
        (HERE / "carriers" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
