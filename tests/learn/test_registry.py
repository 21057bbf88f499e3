"""The register of models: what was entered is what is loaded, and no alias moves unseen."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tactful.errors import NotFound
from tactful.learn.model_files import ModelChanged, verify
from tactful.learn.models import CANDIDATE, CHAMPION, PREVIOUS, Canary, Model
from tactful.learn.register_file import RegistryBroken
from tactful.learn.registry import OneAtATime, Registry
from tests.conftest import Clock


@pytest.fixture
def registry(tmp_path: Path, clock: Clock) -> Registry:
    return Registry(tmp_path / "home/models.json", b"key" * 8, clock)


def entered(registry: Registry, folder: Path, name: str, content: bytes = b"weights") -> Model:
    file = folder / f"{name}.tar.gz"
    file.write_bytes(content)
    return registry.add(file, data="d" * 12, config="c" * 12, seed=None, by="ana")


def test_what_was_entered_is_there_for_the_next_process(registry: Registry, tmp_path: Path, clock: Clock) -> None:
    model = entered(registry, tmp_path, "one")
    assert Registry(registry.path, b"key" * 8, clock).state().named("one") == model
    assert verify(model) == tmp_path / "one.tar.gz"


def test_a_file_that_was_changed_since_is_not_loaded(registry: Registry, tmp_path: Path) -> None:
    model = entered(registry, tmp_path, "one")
    model.path.write_bytes(b"weightz")
    with pytest.raises(ModelChanged):
        verify(model)
    with pytest.raises(ModelChanged):
        registry.add(model.path, data="", config="", seed=None, by="eve")
    model.path.unlink()
    with pytest.raises(NotFound):
        verify(model)


@pytest.mark.parametrize("part", ["models", "aliases", "moves"])
def test_a_register_that_was_written_by_somebody_else_is_not_believed(
    registry: Registry, tmp_path: Path, part: str
) -> None:
    entered(registry, tmp_path, "one")
    registry.promote("one", by="ana", reason="first")
    content = json.loads(registry.path.read_text())
    content[part] = type(content[part])()
    registry.path.write_text(json.dumps(content))
    with pytest.raises(RegistryBroken):
        registry.state()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"mac": 3}', '{"mac": "zz"}'])
def test_a_register_that_was_cut_is_not_taken_for_an_empty_one(registry: Registry, content: str) -> None:
    registry.path.parent.mkdir()
    registry.path.write_text(content)
    with pytest.raises(RegistryBroken):
        registry.state()


def test_promotion_takes_the_candidates_place_and_rollback_gives_it_back(registry: Registry, tmp_path: Path) -> None:
    entered(registry, tmp_path, "one")
    entered(registry, tmp_path, "two", b"other")
    registry.promote("one", by="ana", reason="first")
    registry.stand("two")
    registry.promote(CANDIDATE, by="ben", reason="better")
    assert registry.state().aliases == {CHAMPION: "two", PREVIOUS: "one"}
    move = registry.roll_back(by="ana", reason="complaints")
    assert (move.model, move.before, move.act) == ("one", "two", "rolled back")
    assert registry.state().aliases == {CHAMPION: "one", PREVIOUS: "two"}
    assert [(m.act, m.model, m.by) for m in registry.state().moves] == [
        ("promoted", "one", "ana"), ("promoted", "two", "ben"), ("rolled back", "one", "ana"),
    ]  # fmt: skip


def test_there_is_no_rollback_before_a_second_champion(registry: Registry, tmp_path: Path) -> None:
    entered(registry, tmp_path, "one")
    registry.promote("one", by="ana", reason="")
    with pytest.raises(NotFound):
        registry.roll_back(by="ana", reason="")


def test_a_model_in_use_cannot_be_forgotten(registry: Registry, tmp_path: Path) -> None:
    entered(registry, tmp_path, "one")
    registry.stand("one")
    with pytest.raises(ModelChanged):
        registry.forget("one")
    entered(registry, tmp_path, "two")
    registry.forget("two")
    assert list(registry.state().models) == ["one"]


def test_whoever_writes_at_once_loses_nothing(registry: Registry, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: entered(registry, tmp_path, f"model-{n}"), range(24)))
    assert len(registry.state().models) == 24


def test_the_figures_of_a_model_stay_with_it(registry: Registry, tmp_path: Path) -> None:
    entered(registry, tmp_path, "one")
    registry.measured("one", {"accuracy": 0.9})
    assert registry.state().named("one").metrics == {"accuracy": 0.9}


@pytest.fixture
def tried(registry: Registry, tmp_path: Path) -> Registry:
    """A champion called one, a canary called two."""
    for name in ("one", "two", "three"):
        entered(registry, tmp_path, name, name.encode())
    registry.promote("one", by="ana", reason="first")
    registry.try_out("two", 0.1, by="ben", reason="looks better")
    return registry


def test_a_canary_leaves_the_champion_where_it_is(tried: Registry, clock: Clock) -> None:
    assert tried.state().aliases == {CHAMPION: "one"}
    assert tried.state().canary == Canary("two", 0.1, clock.now, "ben", "looks better")


def test_another_share_goes_on_counting_from_when_it_began(tried: Registry, clock: Clock) -> None:
    began = clock.now
    clock.forward(days=1)
    tried.try_out("two", 0.3, by="ben", reason="going well")
    assert (canary := tried.state().canary)
    assert (canary.share, canary.since) == (0.3, began)


def test_a_canary_that_is_promoted_is_none_any_more_and_rollback_goes_to_the_champion_before(tried: Registry) -> None:
    tried.promote("two", by="ben", reason="went well")
    assert tried.state().canary is None
    assert tried.state().aliases == {CHAMPION: "two", PREVIOUS: "one"}
    tried.roll_back(by="ben", reason="no")
    assert tried.state().aliases[CHAMPION] == "one"


def test_a_canary_that_ends_leaves_no_trace_but_the_moves(tried: Registry) -> None:
    tried.try_no_more(by="ben", reason="complaints")
    assert tried.state().canary is None
    assert tried.state().aliases == {CHAMPION: "one"}
    assert [move.act for move in tried.state().moves][1:] == ["tried with 10% of new conversations", "tried no more"]
    with pytest.raises(NotFound):
        tried.try_no_more(by="ben", reason="again")


def test_only_one_model_is_tried_at_a_time_and_it_cannot_be_forgotten(tried: Registry) -> None:
    with pytest.raises(OneAtATime):
        tried.try_out("three", 0.1, by="eve", reason="me too")
    with pytest.raises(OneAtATime):
        tried.promote("three", by="eve", reason="me first")
    with pytest.raises(ModelChanged, match="canary"):
        tried.forget("two")


def test_a_canary_cannot_be_written_in_by_somebody_else(tried: Registry) -> None:
    content = json.loads(tried.path.read_text())
    content["canary"]["share"] = 0.9
    tried.path.write_text(json.dumps(content))
    with pytest.raises(RegistryBroken):
        tried.state()


def test_a_shadow_listens_until_another_model_answers(registry: Registry, tmp_path: Path) -> None:
    for name in ("one", "two"):
        entered(registry, tmp_path, name, name.encode())
    registry.promote("one", by="ana", reason="first")
    shadow = registry.listen("two", by="ben")
    assert registry.state().shadow == shadow
    with pytest.raises(OneAtATime):
        registry.listen("two", by="eve")
    with pytest.raises(ModelChanged, match="shadow"):
        registry.forget("two")
    registry.try_out("two", 0.1, by="ben", reason="heard well")
    assert registry.state().shadow is None
    with pytest.raises(OneAtATime):
        registry.listen("one", by="ben")
    with pytest.raises(NotFound):
        registry.listen_no_more()


def test_why_somebody_went_back_may_be_entered_after_it_was_done(registry: Registry, tmp_path: Path) -> None:
    for name in ("one", "two"):
        entered(registry, tmp_path, name)
        registry.promote(name, by="ana", reason="")
    move = registry.roll_back(by="ana", reason="")
    registry.explain(move, "PERSON_1 complained")
    assert [each.reason for each in registry.state().moves] == ["", "", "PERSON_1 complained"]


def test_what_was_served_before_the_first_promotion_is_not_told_as_answering_after_it(
    registry: Registry, tmp_path: Path
) -> None:
    first = entered(registry, tmp_path, "one")
    entered(registry, tmp_path, "two")
    registry.serve("one")
    assert registry.state().names_of(first) == ["served"]
    registry.promote("two", by="ana", reason="")
    assert registry.state().names_of(first) == ["previous"]


def test_what_answered_before_a_trial_is_the_champion_from_then_on(registry: Registry, tmp_path: Path) -> None:
    for name in ("one", "two"):
        entered(registry, tmp_path, name, name.encode())
    registry.serve("one")
    registry.try_out("two", 0.1, by="ana", reason="")
    registry.serve("two")  # what a start notes when the data has become another
    assert registry.state().answering == registry.state().named("one")
    registry.try_no_more(by="ana", reason="")
    assert registry.state().named(CHAMPION).name == "one"
