"""The real engine is asked: what it says, what it costs, and what a broken model comes to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tactful.cli.evaluating import tone_of
from tactful.cli.modelling import DATA, ensure_model, fingerprint
from tactful.learn.asking import Engine, ModelSilent, environment
from tactful.learn.evaluating import Evaluation
from tactful.learn.gate import Learning, load
from tactful.learn.model_files import hash_of
from tactful.learn.models import Model
from tests.conftest import ROOT, Clock

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(ROOT / "engine/.venv/bin/python", ROOT, environment())


@pytest.fixture(scope="module")
def model() -> Model:
    path = ensure_model(ROOT)
    return Model(path.name, str(path), hash_of(path), fingerprint(ROOT, DATA), "", None, 0, "test")


def test_a_model_says_what_it_understood_in_the_order_of_the_sentences(engine: Engine, model: Model) -> None:
    run = engine.predict(
        model.path,
        [
            "where is my invoice",
            "hello\nthere",
            "the committee adjourned after a vote on the amendment",
            "I got a 401 from the api",
        ],
    )
    said = run.predictions
    assert [each.intent for each in said][:2] == ["billing_invoice", "greet"]
    assert said[3].intent == "auth_error"
    assert said[2].fallback
    assert said[2].intent != "nlu_fallback"
    assert said[2].out_of_scope > said[0].out_of_scope
    assert 0 < run.p50_ms <= run.p95_ms
    assert run.peak_mb > 50


def test_what_is_no_model_is_an_error_that_tells_no_sentence(engine: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no model")
    with pytest.raises(ModelSilent) as said:
        engine.predict(broken, ["my name is Zofia"])
    assert "Zofia" not in str(said.value)


def test_an_evaluation_is_the_same_twice_but_for_what_it_cost(engine: Engine, model: Model, clock: Clock) -> None:
    figures = [_report(engine, model, clock) for _ in range(2)]
    assert figures[0] == figures[1]
    assert figures[0]["comparison"]["candidate"]["accuracy"] > 0.9


def _report(engine: Engine, model: Model, clock: Clock) -> dict[str, object]:
    held = load(ROOT / "learning.yml")
    assert held == Learning.model_validate(held.model_dump())
    judged = Evaluation(engine, held, tone_of, _values, fingerprint(ROOT, DATA), clock)
    content = json.loads(judged.report(model, None).json())
    assert content["checks"]["conversations"] > 50
    assert content["checks"]["leaked"] == 0
    assert content["checks"]["personal"] == []
    side = content["comparison"]["candidate"]
    for cost in ("p50_ms", "p95_ms", "peak_mb"):
        assert side.pop(cost) > 0
    return content | {"refusals": None, "passes": None}


def _values() -> Iterator[str]:
    yield "Zofia Kowalczyk"
