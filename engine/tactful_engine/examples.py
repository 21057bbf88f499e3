"""What a classifier learns from: the vectors of sentences, whose intent is known."""

import re
from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_matrix

from tactful_engine import kernel_ridge
from tactful_engine.calibration import Calibration
from tactful_engine.sentence_encoder import SIZE, unit

MANY = 4000  # examples, from where fewer dimensions say as much
KEPT = 384
EXACT = 2000  # up to here every example is left out once; beyond, a part is held out
HELD_OUT = 1500
FOLDS, TIMES = 10, 5
NAME_NOISE = 0.3  # an intent's own name is one more example, a doubtful one


def words_of(intent: str) -> str:
    """`card_arrival` → "card arrival"."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", intent)).strip().lower() or intent


def projection(rows: np.ndarray) -> np.ndarray:
    """The directions in which many rows differ most; none for few rows, which do not show all there are."""
    if len(rows) < MANY:
        return np.zeros((SIZE, 0), dtype=np.float32)
    return eigh(rows.T @ rows, subset_by_index=(SIZE - KEPT, SIZE - 1), check_finite=False)[1]


@dataclass
class Examples:
    """Meanings (rows of length 1), spellings, the number of each one's intent, and how much each is to be doubted."""

    rows: np.ndarray
    letters: csr_matrix
    labels: np.ndarray
    noise: np.ndarray
    seed: int

    @classmethod
    def of(cls, rows: np.ndarray, letters: csr_matrix, labels: Sequence[int], named: int, seed: int) -> "Examples":
        """The last `named` rows are the intents' names."""
        noise = np.full(len(rows), kernel_ridge.NOISE, dtype=np.float32)
        noise[len(rows) - named :] += NAME_NOISE
        return cls(rows, letters, np.array(labels), noise, seed)

    def learn(self) -> Tuple[np.ndarray, Calibration]:
        """The weight of every example for every intent, and what held-out examples say about the scores."""
        targets = np.eye(self.labels.max() + 1, dtype=np.float32)[self.labels]
        real = np.flatnonzero(self.noise == self.noise.min())  # names are no messages
        gram = kernel_ridge.Gram(self.rows, self.letters, self.noise)
        return self._exactly(gram, targets, real) if len(targets) <= EXACT else self._on_a_part(gram, targets, real)

    def _exactly(
        self, gram: kernel_ridge.Gram, targets: np.ndarray, real: np.ndarray
    ) -> Tuple[np.ndarray, Calibration]:
        """By folds that take as much of every intent: of one left out alone, only its own intent would be short."""
        random = np.random.RandomState(self.seed)
        inverse = kernel_ridge.inverse(gram)
        scores = [self._scores(inverse, targets, real, random) for _ in range(TIMES)]
        labels, nearest = np.tile(self.labels[real], TIMES), np.tile(gram.nearest(real, real), TIMES)
        return inverse @ targets, Calibration.learn(np.vstack(scores), labels, nearest, TIMES)

    def _scores(
        self, inverse: np.ndarray, targets: np.ndarray, real: np.ndarray, random: np.random.RandomState
    ) -> np.ndarray:
        folds = np.full(len(targets), -1)
        for label in np.unique(self.labels[real]):
            own = random.permutation(real[self.labels[real] == label])
            folds[own] = (np.arange(len(own)) + random.randint(FOLDS)) % FOLDS
        return kernel_ridge.leave_out(inverse, targets, folds)[real]

    def _on_a_part(
        self, gram: kernel_ridge.Gram, targets: np.ndarray, real: np.ndarray
    ) -> Tuple[np.ndarray, Calibration]:
        rest = np.random.RandomState(self.seed).permutation(real)[: min(HELD_OUT, len(real) // 5)]
        learnt = np.setdiff1d(np.arange(len(targets)), rest)
        order = np.hstack([learnt, rest])
        weights, scores = kernel_ridge.solve(gram.part(order), targets[order], len(rest))
        calibration = Calibration.learn(scores, self.labels[rest], gram.nearest(rest, learnt))
        return weights[np.argsort(order)], calibration


def project(rows: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The rows in fewer dimensions, of length 1 again; as they are without directions."""
    return unit(rows @ directions) if directions.size else rows


def once(texts: Sequence[str], intents: Sequence[str], most: int, seed: int) -> Tuple[List[str], List[str]]:
    """Every pair of text and intent once, and a random part when there are more than `most`."""
    pairs = list(dict.fromkeys(zip(texts, intents, strict=True)))
    if len(pairs) > most:
        chosen = np.random.RandomState(seed).permutation(len(pairs))[:most]
        pairs = [pairs[i] for i in sorted(chosen)]
    return [text for text, _ in pairs], [intent for _, intent in pairs]
