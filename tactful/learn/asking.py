"""Asking a real model: the engine's own Python loads its archive and says what it makes of sentences."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tactful.errors import SetupError, TactfulError
from tactful.learn.prediction import Prediction, Run
from tactful.priority import GivingWay

LONGEST_S = 1800
TODAY = {"TACTFUL_TODAY": "2027-03-10"}  # on which "in June" means what stands in the written conversations


class ModelSilent(TactfulError):
    code, message = "model_silent", "The model could not be loaded or did not answer."


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine's Python, in whose environment, and from which folder.

    `way`: it leaves the processors to others for a time, since customers are answered on this machine meanwhile.
    """

    python: Path
    project: Path
    environment: Mapping[str, str] = field(repr=False)
    way: GivingWay | None = field(default=None, repr=False)

    def predict(self, model: Path, texts: Sequence[str]) -> Run:
        """What a model says to each text. Errors: `ModelSilent`."""
        lines = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))
        out = self._run(["tactful_engine.predict", "--model", str(model)], lines, "The model could not be asked")
        try:
            *answers, last = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
            figures = last["run"]
        except (ValueError, KeyError):
            raise ModelSilent("The model's answers could not be read.") from None
        if [answer["id"] for answer in answers] != list(range(len(texts))):
            raise ModelSilent("The model left sentences unanswered.")
        size = model.stat().st_size / 1e6
        return Run([prediction(answer) for answer in answers], **figures, size_mb=round(size, 1))

    def conversations(self, model: Path, folder: Path) -> tuple[int, list[str]]:
        """How many written conversations were tried, and the names of those that went another way.

        Errors: `ModelSilent` when Rasa's own test of them did not run.
        """
        with TemporaryDirectory() as out:
            command = ["rasa", "test", "core", "--quiet", "--e2e", "--no-plot", "--model", str(model)]
            command += ["--stories", str(folder), "--out", out]
            self._run(command, None, "The conversation tests did not run", TODAY)
            failed = yaml.safe_load((Path(out) / "failed_test_stories.yml").read_text(encoding="utf-8")) or {}
        written = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yml"))]
        return sum(len(each["stories"]) for each in written), _names(failed)

    def ask(self, module: str, lines: Sequence[Mapping[str, Any]], otherwise: str) -> list[dict[str, Any]]:
        """What a module of the engine answers to JSON lines. Errors: `ModelSilent`, which begins with `otherwise`."""
        out = self._run([module], "".join(json.dumps(line) + "\n" for line in lines), otherwise)
        try:
            return [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        except ValueError:
            raise ModelSilent(f"{otherwise}: the answer could not be read.") from None

    def _run(
        self, module: Sequence[str], given: str | None, otherwise: str, also: Mapping[str, str] | None = None
    ) -> str:
        process = subprocess.Popen(
            [str(self.python), "-W", "ignore", "-m", *module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.project,
            env={**self.environment, **(also or {})},
            text=True,
            start_new_session=True,
        )
        try:
            with self.way.of(process.pid) if self.way else nullcontext():
                said, wrong = process.communicate(given, timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            raise ModelSilent(f"{otherwise} within {LONGEST_S / 60:.0f} minutes.") from None
        finally:
            process.kill()  # nothing when it has ended
            process.wait()
        if process.returncode:
            # What it wrote may quote a sentence; the last line's kind of error is enough to go by.
            raise ModelSilent(f"{otherwise}: {_kind(wrong)}")
        return said


def engine(project: Path, *, way: GivingWay | None = None, **more: str) -> Engine:
    """The engine of a project. Errors: `SetupError` when it is not installed."""
    python = project / "engine/.venv/bin/python"
    if not python.exists():
        raise SetupError("The engine is not installed. Run: make install")
    return Engine(python, project, environment(**more), way)


def environment(**more: str) -> dict[str, str]:
    """The environment Rasa runs in: no telemetry, quiet TensorFlow."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "TQDM_DISABLE": "1",
        **more,
    }


def prediction(answer: Mapping[str, Any]) -> Prediction:
    ranking = tuple((name, float(sure)) for name, sure in answer["ranking"])
    return Prediction(answer["intent"], answer["confidence"], answer["fallback"], ranking)


def _names(failed: Mapping[str, Any]) -> list[str]:
    return [str(story["story"]).split(" (")[0] for story in failed.get("stories") or ()]


def _kind(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].partition(":")[0][:80] if lines else "it gave no reason"
