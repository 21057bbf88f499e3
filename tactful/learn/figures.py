"""The figures of a comparison: accuracy, F1, calibration, out-of-scope, and the paired test.

Everything takes and gives plain arrays; what is drawn by chance is drawn from a seed, so a report is the same twice.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # the two-sided 95 % of a normal distribution
BINS = 15
RESAMPLES = 2000

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927), which holds for few sentences and for shares near 1."""
    if of == 0:
        return 0.0, 1.0
    share = right / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p of McNemar's test: how likely such a difference is between equally good models.

    `gained`: sentences that only the second model has right; `lost`: those that only the first one has.
    """
    n = gained + lost
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, k) for k in range(min(gained, lost) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def f1(true: Sequence[str], said: Sequence[str], intents: Sequence[str]) -> Floats:
    """F1 of each intent; 0 for one that was never said and never right."""
    scores: Floats = _f1(*_counts(true, said, intents), np.ones((1, len(true))))[0]
    return scores


def f1_intervals(true: Sequence[str], said: Sequence[str], intents: Sequence[str], seed: int) -> tuple[Floats, Floats]:
    """The 95 % bootstrap interval of each intent's F1 (percentiles of `RESAMPLES` draws with replacement)."""
    n = len(true)
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64)
    low, high = np.percentile(_f1(*_counts(true, said, intents), draws), [2.5, 97.5], axis=0)
    return low, high


def _counts(true: Sequence[str], said: Sequence[str], intents: Sequence[str]) -> tuple[Floats, Floats]:
    """One column an intent: where it is the true one, and where it was said."""
    order = np.array(intents)[None, :]
    is_true = np.array(true)[:, None] == order
    is_said = np.array(said)[:, None] == order
    return is_true.astype(np.float64), is_said.astype(np.float64)


def _f1(is_true: Floats, is_said: Floats, weights: Floats) -> Floats:
    both = weights @ (is_true * is_said)
    either = weights @ is_true + weights @ is_said
    return np.divide(2 * both, either, out=np.zeros_like(both), where=either > 0)


def auroc(positive: Floats, negative: Floats) -> float | None:
    """How often a positive's score is above a negative's, ties counting half; None when there are none of one kind."""
    if not len(positive) or not len(negative):
        return None
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / 2 / len(negative))


def reliability(confidence: Floats, right: Bools) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, sentences) of each bin of equal width that holds any."""
    which = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        (float(confidence[which == b].mean()), float(right[which == b].mean()), int((which == b).sum()))
        for b in range(BINS)
        if (which == b).any()
    ]


def calibration_error(confidence: Floats, right: Bools) -> float:
    """Expected calibration error: how far confidences are from the truth, on average (Naeini et al., 2015)."""
    bins = reliability(confidence, right)
    return sum(n * abs(sure - share) for sure, share, n in bins) / max(1, len(right))
