"""Examples whose intent the others contradict: confident learning (Northcutt, Jiang and Chuang, 2021).

    python -m tactful_engine.mislabels < LINES       # each {"text": …, "intent": …}

Writes a JSON line for each example in doubt, worst first: {"line", "said", "sure", "own"}: its number from 0, the
intent that it rather has, and the probabilities of that one and of its own, by a classifier that did not see it.
"""

import json
import sys
from typing import Any, Dict, Iterator, List

import numpy as np

from tactful_engine import kernel_ridge
from tactful_engine.calibration import Calibration
from tactful_engine.examples import EXACT, Examples, words_of
from tactful_engine.letters import Letters
from tactful_engine.sentence_encoder import SentenceEncoder

FOLDS = 5
SEED = 7


def left_out(texts: List[str], labels: List[str]) -> "tuple[np.ndarray, np.ndarray, List[str]]":
    """(probabilities, numbers of the labels, names of the labels): what is thought of each by all but itself."""
    names = sorted(set(labels))
    numbers = np.array([names.index(label) for label in labels])
    everything = texts + [words_of(name) for name in names]
    rows, spelt = SentenceEncoder.for_training().of(everything), Letters.learn_and_read(everything)[1]
    learning = Examples.of(rows, spelt, [*numbers, *range(len(names))], len(names), SEED)
    gram = kernel_ridge.Gram(rows, spelt, learning.noise)
    targets = np.eye(len(names), dtype=np.float32)[learning.labels]
    real = np.arange(len(texts))
    if len(rows) <= EXACT:
        scores = kernel_ridge.leave_one_out(gram, targets)[real]
    else:
        scores = np.zeros((len(texts), len(names)), dtype=np.float32)
        for part in np.array_split(np.random.RandomState(SEED).permutation(real), FOLDS):
            order = np.hstack([np.setdiff1d(np.arange(len(rows)), part), part])
            scores[part] = kernel_ridge.solve(gram.part(order), targets[order], len(part)).held_out
    calibration = Calibration.learn(scores, numbers, gram.nearest(real, real))
    return calibration.confidences(scores), numbers, names


def in_doubt(probabilities: np.ndarray, given: np.ndarray) -> "tuple[np.ndarray, np.ndarray]":
    """(examples in doubt, the label each rather has), worst first.

    A label is believed of an example that gets at least the mean probability of the examples that have that label:
    a class that is seldom sure is not asked to be. In doubt is an example of which another label is believed.
    """
    own = probabilities[np.arange(len(given)), given]
    usual = np.array(
        [own[given == label].mean() if (given == label).any() else 1.0 for label in range(probabilities.shape[1])]
    )
    believed = np.where(probabilities >= usual, probabilities, -1.0)
    said = believed.argmax(axis=1)
    found = np.flatnonzero((believed.max(axis=1) > 0) & (said != given) & (probabilities.argmax(axis=1) == said))
    margin = probabilities[found, said[found]] - own[found]
    found = found[np.argsort(-margin, kind="stable")]
    return found, said[found]


def doubts(lines: List[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    """What `main` writes."""
    if len({line["intent"] for line in lines}) < 2:
        return
    probabilities, given, names = left_out([line["text"] for line in lines], [line["intent"] for line in lines])
    for number, label in zip(*in_doubt(probabilities, given), strict=True):
        sure, own = float(probabilities[number, label]), float(probabilities[number, given[number]])
        yield {"line": int(number), "said": names[label], "sure": round(sure, 4), "own": round(own, 4)}


def main() -> None:
    for doubt in doubts([json.loads(line) for line in sys.stdin if line.strip()]):
        print(json.dumps(doubt))


if __name__ == "__main__":
    main()
