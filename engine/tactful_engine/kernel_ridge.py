"""Kernel ridge regression on unit vectors: one column of scores a class, from the examples that are near.

Solved by a Cholesky factorisation in blocks, whose work is products of matrices: ten thousand examples take seconds.
The examples that stand last are held out for nothing, since the factor of the others is the corner of the whole one.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import List, NamedTuple

import numpy as np
import tensorflow as tf
from scipy.linalg import cholesky, solve_triangular
from scipy.sparse import csr_matrix

WIDTH = 3.0  # the kernel is exp(WIDTH * (cosine - 1))
NOISE = 0.05  # of an example
BLOCK = 1024  # columns factorised at once
OFTEN = 20  # a column of the spelling that one in so many examples has is cheaper as a dense one


def kernel(row: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Similarity of a row with each of the rows, between 0 and 1."""
    return np.exp(WIDTH * (product(rows, row) - 1.0))


def product(rows: np.ndarray, row: np.ndarray) -> np.ndarray:
    """rows × row on one core: a BLAS's threads cost more than so little work, most on a busy machine."""
    return np.einsum("ij,j->i", rows, row)


def cosine(similar: np.ndarray) -> np.ndarray:
    """The cosine that the kernel was made from."""
    return 1.0 + np.log(np.maximum(similar, 1e-6)) / WIDTH


@dataclass
class Gram:
    """The examples' kernel: how alike they are in meaning (rows of length 1) and in spelling (the product of sparse
    rows), and how much each one is to be doubted. Worked out part by part, and never held as a whole."""

    rows: np.ndarray
    letters: csr_matrix
    noise: np.ndarray

    def __post_init__(self) -> None:
        often = np.diff(self.letters.tocsc().indptr) * OFTEN > len(self.rows)
        self._rows, self._often = tf.constant(self.rows), tf.constant(self.letters[:, often].toarray())
        self._seldom = self.letters[:, ~often].tocsr()

    def part(self, rows: np.ndarray) -> "Gram":
        """The kernel of some of the examples, in this order."""
        return Gram(self.rows[rows], self.letters[rows], self.noise[rows])

    def below(self, start: int, stop: int) -> tf.Tensor:
        """Some columns from the diagonal down, with noise. TensorFlow's products: NumPy's know fewer processors."""
        spelling = (self._seldom[start:] @ self._seldom[start:stop].T).toarray()
        spelling[np.diag_indices(stop - start)] += self.noise[start:stop]
        spelling += tf.linalg.matmul(self._often[start:], self._often[start:stop], transpose_b=True).numpy()
        cosines = tf.linalg.matmul(self._rows[start:], self._rows[start:stop], transpose_b=True)
        return tf.exp(WIDTH * (cosines - 1.0)) + spelling

    def nearest(self, some: np.ndarray, others: np.ndarray) -> np.ndarray:
        """For each of some examples the cosine with the most similar one of the others, itself never."""
        cosines = tf.linalg.matmul(self.rows[some], self.rows[others], transpose_b=True).numpy()
        cosines[some[:, None] == others[None, :]] = -1.0
        return cosines.max(axis=1)


class Solution(NamedTuple):
    """The examples' weights, and the scores that the last ones would get from all those before."""

    weights: np.ndarray
    held_out: np.ndarray


class _Column(NamedTuple):
    """Of the Cholesky factor, from the diagonal down; and the inverse of the corner at the diagonal."""

    start: int
    stop: int
    corner_undone: np.ndarray
    below: tf.Tensor  # without the corner


def solve(gram: Gram, targets: np.ndarray, held: int = 0) -> Solution:
    """The weights of all examples: (kernel + noise) × weights = targets; and what the last `held` would get if they
    had not been learnt."""
    learnt = len(targets) - held
    rest, found = targets.copy(), np.empty_like(targets)
    scores = targets[learnt:].copy()
    factor = _factor(gram, [*range(0, learnt, BLOCK), *range(learnt, len(targets), BLOCK), len(targets)])
    for column in factor:
        here, after = slice(column.start, column.stop), slice(column.stop, None)
        found[here] = column.corner_undone @ rest[here]
        rest[after] -= tf.linalg.matmul(column.below, found[here]).numpy()
        if column.stop == learnt:
            scores -= rest[learnt:]
    for column in reversed(factor):
        here, after = slice(column.start, column.stop), slice(column.stop, None)
        ahead = tf.linalg.matmul(column.below, found[after], transpose_a=True).numpy()
        found[here] = column.corner_undone.T @ (found[here] - ahead)
    return Solution(found, scores)


def _factor(gram: Gram, edges: List[int]) -> List[_Column]:
    """The Cholesky factor of the kernel with its noise, in columns between the edges."""
    columns: List[_Column] = []
    for start, stop in pairwise(edges):
        left = gram.below(start, stop)
        for earlier in columns:
            known = earlier.below[start - earlier.stop :]
            left -= tf.linalg.matmul(known, known[: stop - start], transpose_b=True)
        corner = cholesky(left[: stop - start].numpy(), lower=True, check_finite=False)
        undone = solve_triangular(corner, np.eye(stop - start, dtype=np.float32), lower=True, check_finite=False)
        below = tf.linalg.matmul(left[stop - start :], undone, transpose_b=True)
        columns.append(_Column(start, stop, undone, below))
    return columns


def inverse(gram: Gram) -> np.ndarray:
    """The inverse of the kernel with its noise."""
    return solve(gram, np.eye(len(gram.noise), dtype=np.float32)).weights


def leave_one_out(gram: Gram, targets: np.ndarray) -> np.ndarray:
    """The scores each example would get from all the others (Rasmussen and Williams, 2006, eq. 5.12)."""
    undone = inverse(gram)
    return targets - (undone @ targets) / np.diag(undone)[:, None]


def leave_out(inverse: np.ndarray, targets: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """The scores each example would get from all but those of its fold; of fold -1, none (zeros)."""
    weights, scores = inverse @ targets, np.zeros_like(targets)
    for fold in range(folds.max() + 1):
        out = np.flatnonzero(folds == fold)
        scores[out] = targets[out] - np.linalg.solve(inverse[np.ix_(out, out)], weights[out])
    return scores
