"""Figures against what books and a pencil give."""

import numpy as np
import pytest

from tactful.learn.figures import auroc, calibration_error, f1, f1_intervals, mcnemar, reliability, wilson


def test_wilsons_interval_is_that_of_the_literature() -> None:
    low, high = wilson(81, 263)  # Newcombe (1998), table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_wilsons_interval_of_no_error_is_not_a_point() -> None:
    low, high = wilson(8, 8)
    assert low < 0.7
    assert high == pytest.approx(1.0)


@pytest.mark.parametrize(("gained", "lost", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (1, 9, 0.021484375)])
def test_mcnemars_test_is_exact(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


def test_mcnemars_test_holds_for_thousands_and_never_passes_one() -> None:
    assert mcnemar(3000, 3000) == 1.0
    assert 0 < mcnemar(2000, 2200) < 0.01


def test_f1_counts_what_is_missed_and_what_is_wrongly_said() -> None:
    scores = f1(["a", "a", "b", "b"], ["a", "b", "b", "c"], ["a", "b", "c"])
    assert scores == pytest.approx([2 / 3, 0.5, 0.0])


def test_the_interval_of_f1_holds_it_is_wider_for_fewer_sentences_and_the_same_twice() -> None:
    few = ["a"] * 8 + ["b"] * 8
    said = ["a"] * 7 + ["b"] * 9
    low, high = f1_intervals(few, said, ["a", "b"], seed=7)
    again, _ = f1_intervals(few, said, ["a", "b"], seed=7)
    many_low, many_high = f1_intervals(few * 20, said * 20, ["a", "b"], seed=7)
    score = f1(few, said, ["a", "b"])
    assert (low <= score).all()
    assert (score <= high).all()
    assert (high - low > many_high - many_low).all()
    assert (low == again).all()


def test_auroc_counts_pairs_and_ties_by_half() -> None:
    assert auroc(np.array([0.9, 0.5]), np.array([0.1, 0.5])) == pytest.approx(3.5 / 4)
    assert auroc(np.array([]), np.array([0.1])) is None


def test_calibration_error_is_the_distance_between_saying_and_being_right() -> None:
    sure = np.array([0.9] * 10 + [0.6] * 10)
    right = np.array([True] * 9 + [False] + [True] * 3 + [False] * 7)
    assert calibration_error(sure, right) == pytest.approx(0.15)
    assert sum(n for _, _, n in reliability(sure, right)) == 20
    assert calibration_error(np.array([1.0]), np.array([True])) == 0.0
