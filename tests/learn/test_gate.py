"""What keeps a candidate from customers: one test a reason, and what is not held against it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tactful.errors import SetupError
from tactful.learn.gate import Checks, Limits, load, refusals
from tests.conftest import ROOT
from tests.learn.conftest import CHECKED, TRUTH, but, compared, judged

LIMITS = Limits(intent_fall=0.2)


def codes(*args: object, checks: Checks = CHECKED, limits: Limits = LIMITS) -> list[str]:
    return [each.code for each in refusals(compared(*args), checks, limits)]  # type: ignore[arg-type]


def test_a_model_as_good_as_the_champion_passes() -> None:
    assert codes(judged(TRUTH), judged(TRUTH, name="old")) == []
    assert codes(judged(TRUTH)) == []


def test_a_fall_of_accuracy_is_refused() -> None:
    assert "overall" in codes(judged(but({0: "auth_error"})), judged(TRUTH, name="old"))
    assert codes(judged(but({0: "auth_error"})), judged(TRUTH, name="old"), limits=Limits(
        overall_fall=0.1, intent_fall=0.2, calibration_rise=0.1, out_of_scope_fall=0.5)) == []  # fmt: skip


def test_an_intent_that_falls_is_refused_though_all_in_all_it_is_better() -> None:
    new = judged(but({5: "billing_invoice", 6: "billing_invoice", 7: "out_of_scope"}))
    old = judged(but({0: "x", 1: "x", 10: "y", 11: "y"}), name="old")
    said = refusals(compared(new, old), CHECKED, LIMITS)
    assert [each.code for each in said if each.code in ("overall", "intent")] == ["intent"]
    assert "auth_error" in said[0].sentence


def test_an_intent_can_have_a_limit_of_its_own() -> None:
    new, old = judged(but({0: "auth_error"})), judged(but({5: "x", 6: "x"}), name="old")
    assert "intent" not in codes(new, old)
    assert "intent" in codes(new, old, limits=Limits(intent_fall=0.2, intents={"billing_invoice": 0.0}))


def test_worse_calibration_is_refused() -> None:
    assert codes(judged(TRUTH, 0.6), judged(TRUTH, 0.99, name="old")) == ["calibration"]


def test_worse_out_of_scope_is_refused() -> None:
    old = judged(but({0: "out_of_scope", 1: "auth_error"}), name="old")
    new = judged(but({10: "auth_error", 0: "auth_error"}))
    assert "out_of_scope" in codes(new, old)


@pytest.mark.parametrize(("cost", "code"), [({"p95": 60.0}, "latency"), ({"peak": 4000.0}, "memory")])
def test_what_costs_too_much_is_refused(cost: dict[str, float], code: str) -> None:
    assert codes(judged(TRUTH, **cost)) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        (replace(CHECKED, personal=("words.json (EMAIL_ADDRESS)",)), "scan"),
        (replace(CHECKED, conversations_failed=("a story",)), "conversations"),
        (replace(CHECKED, conversations=0), "conversations"),
        (replace(CHECKED, leaked=2), "leak"),
    ],
)
def test_a_failed_check_is_refused(checks: Checks, code: str) -> None:
    assert codes(judged(TRUTH), checks=checks) == [code]


def test_what_was_not_checked_counts_as_failed() -> None:
    assert codes(judged(TRUTH), checks=Checks()) == ["scan", "conversations", "leak"]


def test_the_limits_of_this_project_can_be_read() -> None:
    assert load(ROOT / "learning.yml").limits.intents["forget_me"] == 0.0


def test_a_limit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "learning.yml").write_text("limits: {overal_fall: 1}\n")
    with pytest.raises(SetupError, match=r"learning.yml: limits.overal_fall"):
        load(tmp_path / "learning.yml")


def test_a_fall_on_the_recent_sample_counts_when_it_is_more_than_chance() -> None:
    same = compared(judged(TRUTH), judged(TRUTH, name="old"))
    for wrong, refused in (({0: "x"}, False), (dict.fromkeys(range(8), "x"), True)):
        lately = compared(judged(but(wrong)), judged(TRUTH, name="old"))
        codes = [each.code for each in refusals(same, CHECKED, Limits(calibration_rise=0.5), lately)]
        assert (codes == ["recent"]) is refused
