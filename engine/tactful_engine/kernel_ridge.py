"""Kernel ridge regression on unit vectors: one column of scores a class, from the examples that are near.

Solved by conjugate gradients behind a Nyström preconditioner (Rudi et al., "FALKON", 2017): a few products with the
kernel instead of a factorisation, so ten thousand examples take seconds.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np
import tensorflow as tf
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

WIDTH = 3.0  # the kernel is exp(WIDTH * (cosine - 1))
NOISE = 0.05  # of an example
LANDMARKS, STEPS, ENOUGH = 1000, 40, 5e-3


def kernel(row: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Similarity of a row with each of the rows, between 0 and 1."""
    return np.exp(WIDTH * (product(rows, row) - 1.0))


def product(rows: np.ndarray, row: np.ndarray) -> np.ndarray:
    """rows × row on one core: a BLAS's threads cost more than so little work, most on a busy machine."""
    return np.einsum("ij,j->i", rows, row)


def cosine(similar: np.ndarray) -> np.ndarray:
    """The cosine that the kernel was made from."""
    return 1.0 + np.log(np.maximum(similar, 1e-6)) / WIDTH


def itself(rows: np.ndarray) -> np.ndarray:
    """The kernel of the rows with themselves. TensorFlow's product: NumPy's knows fewer processors."""
    cosine = tf.linalg.matmul(rows, rows, transpose_b=True)
    return tf.exp(WIDTH * (cosine - 1.0)).numpy()


@dataclass
class Gram:
    """The examples' kernel: how alike they are in meaning (dense) and in spelling (the product of sparse rows)."""

    meaning: np.ndarray
    letters: csr_matrix
    noise: np.ndarray

    def __post_init__(self) -> None:
        self._held = tf.constant(self.meaning)

    def part(self, rows: np.ndarray) -> "Gram":
        """The kernel of some of the examples."""
        return Gram(self.meaning[np.ix_(rows, rows)], self.letters[rows], self.noise[rows])

    def between(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Some of the examples beside some others, without noise."""
        return self.meaning[np.ix_(rows, columns)] + (self.letters[rows] @ self.letters[columns].T).toarray()

    def times(self, weights: np.ndarray) -> np.ndarray:
        """The kernel with its noise times the weights."""
        product = tf.linalg.matmul(self._held, weights).numpy()
        product += self.letters @ (self.letters.T @ weights)
        return product + self.noise[:, None] * weights


def solve(gram: Gram, targets: np.ndarray, seed: int) -> np.ndarray:
    """The weights of the examples: gram × weights = targets, to half a percent."""
    undo = _preconditioner(gram, seed)
    weights = np.zeros_like(targets)
    rest, size = targets.copy(), np.linalg.norm(targets)
    ahead = undo(rest)
    direction, energy = ahead, np.sum(rest * ahead, axis=0)
    for _ in range(STEPS):
        image = gram.times(direction)
        step = energy / np.maximum(np.sum(direction * image, axis=0), 1e-20)
        weights += step * direction
        rest -= step * image
        if np.linalg.norm(rest) < ENOUGH * size:
            break
        ahead = undo(rest)
        energy, before = np.sum(rest * ahead, axis=0), energy
        direction = ahead + (energy / np.maximum(before, 1e-20)) * direction
    return weights


def leave_one_out(gram: Gram, targets: np.ndarray) -> np.ndarray:
    """The scores each example would get from all the others (Rasmussen and Williams, 2006, eq. 5.12); cubic."""
    undone = inverse(gram)
    return targets - (undone @ targets) / np.diag(undone)[:, None]


def inverse(gram: Gram) -> np.ndarray:
    """The inverse of the kernel with its noise; cubic."""
    every = np.arange(len(gram.noise))
    return np.linalg.inv(gram.between(every, every) + np.diag(gram.noise))


def leave_out(inverse: np.ndarray, targets: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """The scores each example would get from all but those of its fold; of fold -1, none (zeros)."""
    weights, scores = inverse @ targets, np.zeros_like(targets)
    for fold in range(folds.max() + 1):
        out = np.flatnonzero(folds == fold)
        scores[out] = targets[out] - np.linalg.solve(inverse[np.ix_(out, out)], weights[out])
    return scores


def _preconditioner(gram: Gram, seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """Applies the inverse of the low-rank part of the kernel that a sample of the examples spans, plus the noise."""
    every = np.arange(len(gram.noise))
    size = min(LANDMARKS, len(every))
    sample = np.sort(np.random.RandomState(seed).choice(len(every), size, replace=False))
    columns = gram.between(every, sample)
    scaled = columns / gram.noise[:, None]
    core = columns[sample] + tf.linalg.matmul(columns, scaled, transpose_a=True).numpy()
    core[np.diag_indices(size)] += 1e-3
    factor = cho_factor(core.astype(np.float64), check_finite=False)

    def undo(rest: np.ndarray) -> np.ndarray:
        inner = cho_solve(factor, scaled.T @ rest, check_finite=False).astype(np.float32)
        return rest / gram.noise[:, None] - scaled @ inner

    return undo
