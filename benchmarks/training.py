"""What `rasa train nlu` takes as a whole, and how much of it is the classifier's.

    engine/.venv/bin/python -W ignore benchmarks/training.py FOLDER [FOLDER…]

A FOLDER as for `intents.py`; its train.jsonl is written as a Rasa project in a temporary folder and trained by Rasa's
own command, with the pipeline of docs/classifier.md. Seconds of the clock and of the processor, and the most memory.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from intents import read

CONFIG = """recipe: default.v1
assistant_id: benchmark
language: en
pipeline:
- name: WhitespaceTokenizer
- name: tactful_engine.intent_classifier.TactfulIntentClassifier
- name: tactful_engine.out_of_scope.ScopeFallbackClassifier
"""
STEP = re.compile(r"(Starting to train|Finished training) component 'TactfulIntentClassifier'")


def written(folder: Path, project: Path) -> None:
    """The examples as a Rasa project."""
    by_intent: dict[str, list[str]] = {}
    for text, intent in zip(*read(folder / "train.jsonl"), strict=True):
        by_intent.setdefault(intent, []).append(" ".join(text.split()))
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {json.dumps(intent)}", "  examples: |", *(f"    - {text}" for text in texts)]
    (project / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (project / "config.yml").write_text(CONFIG, encoding="utf-8")


def measure(folder: Path, project: Path) -> None:
    written(folder, project)
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml", "--out", "models"]
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUNBUFFERED": "1"}
    before, started, steps = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), []
    with subprocess.Popen(
        command, cwd=project, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        steps = [time.monotonic() - started for line in process.stdout if STEP.search(line)]
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - started
    if process.returncode:
        sys.exit(f"Rasa could not train on {folder}.")
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = sum(path.stat().st_size for path in (project / "models").iterdir()) / 1e6
    print(f"{folder.name}: {seconds:.0f} s, the classifier {steps[1] - steps[0]:.0f} s of them", end="; ")
    print(f"{busy:.0f} s of processor; {after.ru_maxrss / 1024:.0f} MB of memory; the model {size:.0f} MB", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    for folder in asked.parse_args().folders:
        with tempfile.TemporaryDirectory() as project:
            measure(folder, Path(project))


if __name__ == "__main__":
    main()
