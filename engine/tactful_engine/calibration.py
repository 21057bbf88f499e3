"""From scores to confidences that mean what they say, and to how unlike the examples a message is."""

from dataclasses import dataclass
from typing import Any, Dict, Tuple

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax, logit, softmax

# What holds for scores of this kind: the mean over twelve draws of ten examples an intent of each of two public
# training files, learnt on their other examples. Held-out answers move it the more, the more there are.
USUAL = np.array([0.43, 0.49, -1.41, 2.05])
WEIGHT = 100.0  # as good as from 30 to 300, by draws of one set with what is usual in the other
SHARPEST = 200.0
ALIKE = 25  # messages, from where an intent's own mean counts more than that of all
LEAST = 0.05


@dataclass
class Calibration:
    """Learnt on messages that the scores have not been learnt on."""

    temperature: float
    correction: np.ndarray  # logistic regression: bias, softmax's log-odds, score, distance to the second
    familiar: np.ndarray  # of the held-out messages, sorted
    usual: np.ndarray  # what an intent's own messages score

    @classmethod
    def learn(cls, scores: np.ndarray, labels: np.ndarray, nearest: np.ndarray, times: int = 1) -> "Calibration":
        """Scores and true labels of held-out messages, and the cosine of each with its nearest example.

        `times`: how often each message is among them.
        """
        temperature = _temperature(scores, labels)
        right = scores.argmax(axis=1) == labels
        correction = _correction(_evidence(scores, temperature), right, times)
        new = cls(temperature, correction, np.zeros(0), _usual(scores, labels, times))
        new.familiar = np.sort(new.familiarity(scores, nearest))
        return new

    def confidences(self, scores: np.ndarray) -> np.ndarray:
        """Probabilities in the order of the scores; the best one has the calibrated confidence."""
        best = expit(self.correction[0] + _evidence(scores, self.temperature) @ self.correction[1:])
        best = np.clip(best, 1.02 / scores.shape[1], 0.999)
        below = scores - scores.max(axis=1, keepdims=True)
        low, high = np.zeros(len(scores)), np.full(len(scores), SHARPEST)
        for _ in range(20):  # the best one's probability grows with the sharpness: halve the interval
            middle = (low + high) / 2
            less = 1 / np.exp(below * middle[:, None]).sum(axis=1) < best
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        return softmax(scores * high[:, None], axis=1)

    def typical(self, familiar: float) -> float:
        """Which share of held-out messages was as strange as this one or stranger."""
        return float(np.searchsorted(self.familiar, familiar, side="right") + 1) / (len(self.familiar) + 1)

    def familiarity(self, scores: np.ndarray, nearest: np.ndarray) -> np.ndarray:
        """High for what is like the examples: the best score, measured by what is usual for that intent, with the
        similarity of the nearest example."""
        return scores.max(axis=1) / self.usual[scores.argmax(axis=1)] + nearest

    def arrays(self) -> Dict[str, np.ndarray]:
        """What `restore` takes."""
        return {
            "temperature": np.array(self.temperature),
            "correction": self.correction,
            "familiar": self.familiar,
            "usual": self.usual,
        }

    @classmethod
    def restore(cls, arrays: Any, labels: int) -> "Calibration":
        """A model that was trained before it had `usual` measures all intents alike, as it did then."""
        usual = arrays["usual"] if "usual" in arrays else np.ones(labels, dtype=np.float32)
        return cls(float(arrays["temperature"]), arrays["correction"], arrays["familiar"], usual)


def _usual(scores: np.ndarray, labels: np.ndarray, times: int) -> np.ndarray:
    """The mean score of each intent's own messages, drawn to that of all where there are few.

    An intent of many kinds of sentences scores low, though all of them are known.
    """
    own = scores[np.arange(len(labels)), labels]
    counts, sums = (np.bincount(labels, each, scores.shape[1]) / times for each in (None, own))
    return np.maximum((sums + ALIKE * own.mean()) / (counts + ALIKE), LEAST).astype(np.float32)


def _correction(evidence: np.ndarray, right: np.ndarray, times: int) -> np.ndarray:
    """Logistic regression with a prior: how far it is from what is usual is measured by how much that changes the
    log-odds of these messages, so no unit of the evidence matters."""
    given = np.column_stack([np.ones(len(evidence)), evidence])
    moments = given.T @ given / len(given)

    def loss(values: np.ndarray) -> Tuple[float, np.ndarray]:
        odds, step = given @ values, moments @ (values - USUAL)
        wrong = np.logaddexp(0.0, odds) - right * odds
        slope = given.T @ (expit(odds) - right)
        return wrong.sum() / times + WEIGHT * (values - USUAL) @ step / 2, slope / times + WEIGHT * step

    return np.asarray(minimize(loss, USUAL, jac=True, method="BFGS").x)


def _temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The sharpness that makes held-out labels most likely (Guo et al., 2017)."""

    def loss(sharpness: float) -> float:
        return float(-log_softmax(scores * sharpness, axis=1)[np.arange(len(labels)), labels].mean())

    return float(minimize_scalar(loss, bounds=(1.0, 60.0), method="bounded").x)


def _evidence(scores: np.ndarray, temperature: float) -> np.ndarray:
    best = softmax(scores * temperature, axis=1).max(axis=1)
    top = -np.partition(-scores, 1, axis=1)[:, :2]
    return np.column_stack([logit(np.clip(best, 1e-6, 1 - 1e-6)), top[:, 0], top[:, 0] - top[:, 1]])
