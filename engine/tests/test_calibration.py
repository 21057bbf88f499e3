"""Confidences from what is left out: by folds, in closed form, and with all examples in mind."""

from typing import Tuple

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from tactful_engine.calibration import USUAL, Calibration
from tactful_engine.kernel_ridge import BLOCK, Gram, inverse, kernel, leave_out, solve


def gram(size: int, random: np.random.RandomState) -> Gram:
    rows = random.randn(size, 5).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    spelling = csr_matrix((random.rand(size, 40) < np.linspace(0.01, 0.4, 40)).astype(np.float32) * 0.1)
    return Gram(rows, spelling, np.full(size, 0.1, np.float32))


def between(gram: Gram, some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The kernel, straight from its definition."""
    meaning = np.vstack([kernel(row, gram.rows[others]) for row in gram.rows[some]])
    return meaning + (gram.letters[some] @ gram.letters[others].T).toarray()


def test_weights_solve_the_kernel_with_its_noise() -> None:
    random = np.random.RandomState(2)
    size = BLOCK + 300  # more than one block
    whole, targets = gram(size, random), np.eye(3, dtype=np.float32)[np.arange(size) % 3]
    every, weights = np.arange(size), solve(whole, targets).weights
    assert between(whole, every, every) @ weights + 0.1 * weights == pytest.approx(targets, abs=2e-3)


def test_what_stands_last_is_held_out_as_if_it_had_never_been_seen() -> None:
    random = np.random.RandomState(3)
    size, held = BLOCK + 50, 200
    whole, targets = gram(size, random), np.eye(3, dtype=np.float32)[np.arange(size) % 3]
    first, last = np.arange(size - held), np.arange(size - held, size)
    alone = solve(whole.part(first), targets[first]).weights
    assert solve(whole, targets, held).held_out == pytest.approx(between(whole, last, first) @ alone, abs=2e-3)


def test_the_nearest_example_is_another_one() -> None:
    whole, every = gram(12, np.random.RandomState(4)), np.arange(12)
    cosines = whole.rows @ whole.rows.T - 3 * np.eye(12)
    assert whole.nearest(every, every) == pytest.approx(cosines.max(axis=1), abs=1e-5)


def test_leaving_folds_out_gives_what_the_others_alone_would_say() -> None:
    random = np.random.RandomState(0)
    whole, targets = gram(12, random), np.eye(3, dtype=np.float32)[np.arange(12) % 3]
    folds = np.array([0, 1, 2, -1] * 3)
    scores = leave_out(inverse(whole), targets, folds)
    for fold in range(3):
        out, kept = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights = inverse(whole.part(kept)) @ targets[kept]
        assert scores[out] == pytest.approx(between(whole, out, kept) @ weights, abs=1e-3)
    assert not scores[folds == -1].any()


def told(size: int, seed: int) -> Tuple[np.ndarray, np.ndarray]:
    """Scores of four classes, and labels that they tell of."""
    random = np.random.RandomState(seed)
    labels = random.randint(4, size=size)
    return (np.eye(4)[labels] * 0.4 + random.randn(size, 4) * 0.25).astype(np.float32), labels


def test_with_many_messages_confidences_are_the_accuracy() -> None:
    scores, labels = told(5000, 1)
    confidences = Calibration.learn(scores, labels, np.ones(5000)).confidences(scores).max(axis=1)
    right = scores.argmax(axis=1) == labels
    for low, high in ((0.2, 0.6), (0.6, 0.9), (0.9, 1.0)):
        some = (confidences >= low) & (confidences < high)
        assert confidences[some].mean() == pytest.approx(right[some].mean(), abs=0.04)


def test_a_few_messages_hardly_move_what_is_usual() -> None:
    scores, _ = told(12, 2)
    few = Calibration.learn(scores, scores.argmax(axis=1), np.ones(12))  # all right
    assert few.correction == pytest.approx(USUAL, abs=0.5)


def test_a_message_that_is_seen_more_often_counts_once() -> None:
    scores, labels = told(300, 3)
    once = Calibration.learn(scores, labels, np.ones(300))
    often = Calibration.learn(np.tile(scores, (5, 1)), np.tile(labels, 5), np.ones(1500), 5)
    assert often.correction == pytest.approx(once.correction, abs=1e-3)


def test_an_intent_whose_messages_score_low_is_no_stranger_for_it() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.1], [0.1, 0.4], [0.2, 0.3]] * 50, dtype=np.float32)
    learnt = Calibration.learn(scores, np.array([0, 0, 1, 1] * 50), np.zeros(200))
    high, low = learnt.familiarity(np.array([[0.6, 0.0], [0.0, 0.6]], dtype=np.float32), np.zeros(2))
    assert low > high + 0.3
    assert learnt.usual == pytest.approx([0.85 * 0.8 + 0.6 * 0.2, 0.35 * 0.8 + 0.6 * 0.2], abs=0.01)


def test_a_model_of_before_measures_all_intents_alike() -> None:
    arrays = Calibration.learn(*told(300, 4), np.ones(300)).arrays()
    del arrays["usual"]
    before = Calibration.restore(arrays, 4)
    assert before.familiarity(np.array([[0.1, 0.5, 0.2, 0.0]]), np.array([0.7])) == pytest.approx([1.2])
