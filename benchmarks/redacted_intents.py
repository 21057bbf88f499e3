"""What redaction costs the intent classifier: raw texts at both ends, redacted at both, and redacted in training only.

    engine/.venv/bin/python -W ignore benchmarks/redacted_intents.py FOLDER [FOLDER…] [--few]

A FOLDER as for `intents.py`. Texts are redacted by `tactful redact --jsonl`, as the door does it, message by message.
Differences come with McNemar's exact test on the messages that only one of the two got right.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
from intents import Examples, read, trained
from scipy.stats import binomtest

ROOT = Path(__file__).parent.parent
PARTS = ("train_10", "train")


def redacted(texts: list[str]) -> list[str]:
    lines = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts))
    command = [str(ROOT / ".venv" / "bin" / "tactful"), "redact", "--jsonl"]
    done = subprocess.run(command, input=lines, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    withheld = sum(bool(row.get("withheld")) for row in rows)
    print(f"  {len(rows)} texts, {sum(bool(row['spans']) for row in rows)} with something hidden, {withheld} withheld")
    return [row["text"] for row in rows]


def right(train: Examples, test: Examples) -> np.ndarray:
    classifier, _ = trained(train)
    return np.array([classifier.judge(text).ranking[0][0] == intent for text, intent in zip(*test, strict=True)])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    asked.add_argument("--few", action="store_true", help="ten examples of an intent only")
    options = asked.parse_args()
    parts = PARTS[: 1 if options.few else None]
    for folder in options.folders:
        print(folder.name, flush=True)
        raw = {part: read(folder / f"{part}.jsonl") for part in (*parts, "test")}
        hidden = {part: Examples(redacted(rows.texts), rows.intents) for part, rows in raw.items()}
        touched = np.array([a != b for a, b in zip(raw["test"].texts, hidden["test"].texts, strict=True)])
        for part in parts:
            ways = {"raw at both ends": right(raw[part], raw["test"])}
            ways["redacted at both"] = right(hidden[part], hidden["test"])
            ways["redacted in training only"] = right(hidden[part], raw["test"])
            for name, hits in ways.items():
                print(f"  {part}, {name}: {hits.mean():.4f}; of the {touched.sum()} touched {hits[touched].mean():.4f}")
            lost, won = (int((a & ~b).sum()) for a, b in _both(*list(ways.values())[:2]))
            chance = binomtest(lost, lost + won).pvalue if lost + won else 1.0
            print(f"  {part}: redaction loses {lost} and wins {won} of {len(touched)}, p = {chance:.2f}", flush=True)


def _both(one: np.ndarray, other: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(one, other), (other, one)]


if __name__ == "__main__":
    main()
