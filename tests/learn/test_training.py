"""What reviewers settled, trained for real: the export is Rasa's data, and the same data gives the same figures.

Over a minute of a processor: with TACTFUL_LONG_TESTS=1.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tactful.cli.modelling import fingerprint
from tactful.learn.asking import Engine, environment
from tactful.learn.comparison import Side, compare
from tactful.learn.prediction import Example, Tested
from tactful.learn.teaching import Reviewed, Source, lesson
from tests.conftest import ROOT

HERE = [(f"{said} {what}", intent) for intent, what in (("refund_request", "my money back"), ("greet", "hello there"))
        for said in ("please", "hi", "so", "now", "well", "i say", "okay", "PERSON_1 says")]  # fmt: skip
JUDGED = [
    *(Example(text, "refund_request") for text in ("give my money back", "money back", "i want money")),
    *(Example(text, "greet") for text in ("hello", "hello you", "why hello")),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of nothing but reviewed turns, with the pipeline and the engine of this one."""
    shutil.copy(ROOT / "config.yml", tmp_path)
    folder = tmp_path / "data/nlu/reviewed"
    folder.mkdir(parents=True)
    turns = [Reviewed(text, intent, Source("c" * 32, n, (), 1)) for n, (text, intent) in enumerate(HERE)]
    intents = {intent for _, intent in HERE}
    taught = lesson(turns, by_hand={}, golden=set(), intents=intents, personal=lambda text: False)
    assert len(taught.sentences) == len(HERE)
    (folder / "reviewed.yml").write_text(taught.nlu(), encoding="utf-8")
    (tmp_path / "domain.yml").write_text(yaml.safe_dump({"version": "3.1", "intents": sorted(intents)}))
    return tmp_path


def trained(project: Path) -> Iterator[Side]:
    """Figures of models that were trained anew each time."""
    python = ROOT / "engine/.venv/bin/python"
    engine = Engine(python, ROOT, environment())
    while True:
        shutil.rmtree(project / ".rasa", ignore_errors=True)
        rasa = [str(python), "-W", "ignore", "-m", "rasa"]
        command = [*rasa, "train", "nlu", "--nlu", "data", "--fixed-model-name", "m"]
        done = subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        run = engine.predict(project / "models/m.tar.gz", [example.text for example in JUDGED])
        assert [each.intent for each in run.predictions] == [example.intent for example in JUDGED]
        yield compare(JUDGED, Tested("m", "", run), None, golden_sha256="").candidate


@pytest.mark.engine
@pytest.mark.skipif("TACTFUL_LONG_TESTS" not in os.environ, reason="TACTFUL_LONG_TESTS=1")
def test_reviewed_turns_are_trained_and_the_same_data_gives_the_same_figures(project: Path) -> None:
    before = fingerprint(project)
    once, again = (side for side, _ in zip(trained(project), range(2), strict=False))
    assert fingerprint(project) == before
    cost = {"p50_ms", "p95_ms", "peak_mb", "size_mb"}
    named = [name for name in Side.__dataclass_fields__ if name not in cost]
    assert [getattr(once, name) for name in named] == [getattr(again, name) for name in named]
