"""Models that stand ready for questions: loaded once, patient while they load, ended when one falls silent."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tactful.learn.asking import Engine, ModelSilent
from tactful.learn.standing import Standing, StillLoading

# In the place of the engine's Python: answers as `tactful_engine.predict` does, once a file lets it.
STAND_IN = """#!{python}
import json, os, sys, time
while not os.path.exists({gate!r}):
    time.sleep(0.02)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["text"] == "die":
        sys.exit(1)
    answer = {{"id": asked["id"], "intent": asked["text"], "confidence": 0.9, "fallback": False, "ranking": []}}
    print("Rasa says something", json.dumps(os.getpid()), flush=True)
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture
def engine(tmp_path: Path, gate: Path) -> Engine:
    python = tmp_path / "python"
    python.write_text(STAND_IN.format(python=sys.executable, gate=str(gate)))
    python.chmod(0o700)
    return Engine(python, tmp_path, {})


@pytest.fixture
def standing(engine: Engine) -> Iterator[Standing]:
    standing = Standing(engine)
    yield standing
    standing.close()


def test_both_models_answer_and_answer_again(standing: Standing, gate: Path) -> None:
    gate.touch()
    models = [Path("one"), Path("two")]
    assert [said.intent for said in standing.ask(models, "greet")] == ["greet", "greet"]
    assert [said.intent for said in standing.ask(models, "goodbye")] == ["goodbye", "goodbye"]


def test_who_does_not_want_to_wait_asks_again_and_gets_the_answer_to_the_newest_question(
    engine: Engine, gate: Path
) -> None:
    impatient = Standing(engine, patience_s=0.1)
    with pytest.raises(StillLoading):
        impatient.ask([Path("one")], "greet")
    gate.touch()
    impatient._patience_s = 30
    assert impatient.ask([Path("one")], "goodbye")[0].intent == "goodbye"
    impatient.close()


def test_a_model_that_ends_is_told_and_started_anew(standing: Standing, gate: Path) -> None:
    gate.touch()
    with pytest.raises(ModelSilent):
        standing.ask([Path("one")], "die")
    assert standing.ask([Path("one")], "greet")[0].intent == "greet"
