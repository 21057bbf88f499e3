"""What a comparison tells of two models on the same sentences."""

import pytest

from tactful.learn.comparison import compare
from tactful.learn.prediction import Prediction
from tests.learn.conftest import GOLDEN, TRUTH, but, compared, judged


def test_every_sentence_that_is_taken_differently_is_told_with_what_it_means() -> None:
    old = judged(but({0: "auth_error", 7: "billing_invoice", 12: "auth_error"}), name="old")
    new = judged(but({1: "auth_error", 7: "out_of_scope"}))
    told = {flip.text: flip.change for flip in compared(new, old).flips}
    assert told == {
        "where is invoice 0": "gained",
        "where is invoice 1": "lost",
        "401 from the api, 2": "still wrong",
        "sing me song 2": "gained",
    }


def test_the_paired_test_counts_only_what_one_of_them_has_right() -> None:
    both = compared(judged(TRUTH), judged(but({0: "x", 1: "x"}), name="old"))
    assert (both.gained, both.lost, both.p_value) == (2, 0, pytest.approx(0.5))


def test_confusion_is_what_is_wrong_most_frequent_first() -> None:
    side = compared(judged(but({0: "auth_error", 1: "auth_error", 6: "billing_invoice"}))).candidate
    assert side.confusion == [("billing_invoice", "auth_error", 2), ("auth_error", "billing_invoice", 1)]


def test_groups_are_told_apart_by_tone_and_by_language() -> None:
    side = compared(judged(but({10: "x", 11: "x"}))).candidate
    accuracy = {(group.of, group.name): (group.sentences, group.accuracy) for group in side.groups}
    assert accuracy == {
        ("tone", "plain"): (10, 0.8),
        ("tone", "developer"): (5, 1.0),
        ("language", "en"): (10, 1.0),
        ("language", "de"): (5, 0.6),
    }


def test_a_model_that_is_unsure_of_foreign_sentences_tells_them_apart() -> None:
    assert compared(judged(TRUTH)).candidate.out_of_scope_auroc == 1.0
    assert compared(judged(["auth_error"] * 15)).candidate.out_of_scope_auroc == 0.5


def test_out_of_scope_is_what_no_intent_in_scope_claims() -> None:
    sure_of_nothing = Prediction("out_of_scope", 0.7, False, (("out_of_scope", 0.7), ("greet", 0.2)))
    assert sure_of_nothing.out_of_scope == pytest.approx(0.8)
    assert Prediction("greet", 0.9).out_of_scope == pytest.approx(0.1)


def test_without_a_champion_there_is_one_side_and_no_test() -> None:
    alone = compared(judged(TRUTH))
    assert alone.champion is None
    assert (alone.flips, alone.p_value) == ([], 1.0)


def test_a_model_that_left_sentences_out_is_not_compared() -> None:
    with pytest.raises(ValueError):
        compare(GOLDEN, judged(TRUTH[1:]), None, golden_sha256="")


def test_the_same_predictions_give_the_same_comparison() -> None:
    said = but({0: "auth_error"})
    assert compared(judged(said), judged(TRUTH, name="old")) == compared(judged(said), judged(TRUTH, name="old"))
