"""How often the intent is right, how honest the confidence is, what stays outside, and how fast; with two peers.

    engine/.venv/bin/python -W ignore benchmarks/intents.py FOLDER [FOLDER…] [--no-peers]

A FOLDER holds intents as JSON lines {"text", "intent"}: train.jsonl, train_10.jsonl (ten of an intent) and test.jsonl.
All of one run are on the same machine and texts: Tactful's classifier, TF-IDF with a linear SVM, and frozen MiniLM with
logistic regression.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.svm import LinearSVC
from tactful_engine.examples import once
from tactful_engine.intent_classifier import Judgement, TactfulIntentClassifier
from tactful_engine.sentence_encoder import SentenceEncoder

BINS, LEFT_OUT = 15, 4  # every fourth intent is left out
WORDS = {"ngram_range": (1, 2), "token_pattern": r"(?u)\w+|\?"}
LETTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}


class Examples(NamedTuple):
    """Texts and their intents."""

    texts: list[str]
    intents: list[str]


def read(path: Path) -> Examples:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return Examples([row["text"] for row in rows], [row["intent"] for row in rows])


def trained(examples: Examples) -> tuple[TactfulIntentClassifier, float]:
    """A classifier in memory, and the seconds that it took."""
    classifier = TactfulIntentClassifier({"remembered": 100_000}, None, None)  # type: ignore[arg-type]
    started = time.perf_counter()
    classifier._learn(*once(*examples, 16000, 7))
    return classifier, time.perf_counter() - started


def calibration_error(confidences: np.ndarray, right: np.ndarray) -> float:
    """The mean distance of confidence and accuracy over 15 bins (Guo et al., 2017)."""
    bins = np.clip((confidences * BINS).astype(int), 0, BINS - 1)
    inside = [bins == number for number in range(BINS) if np.any(bins == number)]
    return float(sum(abs(confidences[some].mean() - right[some].mean()) * some.mean() for some in inside))


def timed(judge: Callable[[str], Judgement], texts: list[str]) -> tuple[list[Judgement], np.ndarray]:
    judgements, times = [], []
    for text in texts:
        started = time.perf_counter()
        judgements.append(judge(text))
        times.append((time.perf_counter() - started) * 1000)
    return judgements, np.array(times)


def ours(train: Examples, test: Examples) -> None:
    classifier, seconds = trained(train)
    classifier.judge("warm up")
    judgements, first = timed(classifier.judge, test.texts)
    _, again = timed(classifier.judge, test.texts)
    right = np.array([j.ranking[0][0] == intent for j, intent in zip(judgements, test.intents, strict=True)])
    confidences = np.array([j.ranking[0][1] for j in judgements])
    seen = {" ".join(text.lower().split()) for text in train.texts}
    new = np.array([" ".join(text.lower().split()) not in seen for text in test.texts])
    print(f"  Tactful: accuracy {right.mean():.4f}; on the {new.sum()} of {len(new)} texts not in training")
    print(f"    {right[new].mean():.4f}; calibration error {calibration_error(confidences, right):.4f}")
    for name, times in (("one message", first), ("asked before", again)):
        print(f"    {name}: p50 {np.percentile(times, 50):.2f} ms, p95 {np.percentile(times, 95):.2f} ms")
    print(f"    learnt {len(train.texts)} examples in {seconds:.1f} s", flush=True)


def out_of_scope(train: Examples, test: Examples, elsewhere: list[str]) -> None:
    """Ranks messages of left-out intents, and of another domain, against those in scope."""
    outside = set(sorted(set(train.intents))[::LEFT_OUT])
    kept = [(text, intent) for text, intent in zip(*train, strict=True) if intent not in outside]
    classifier, _ = trained(Examples([text for text, _ in kept], [intent for _, intent in kept]))
    known = np.array([intent not in outside for intent in test.intents])
    judgements = [classifier.judge(text) for text in test.texts]
    far = [classifier.judge(text) for text in elsewhere]
    measures = {"confidence": lambda j: j.ranking[0][1], "familiarity": lambda j: j.familiarity}
    for name, of in measures.items():
        values, strangers = np.array([of(j) for j in judgements]), np.array([of(j) for j in far])
        near = roc_auc_score(known, values)
        line = f"  out of scope by {name}: AUROC {near:.3f} for left-out intents of the same domain"
        if far:
            inside = values[known]
            truth = np.repeat([1, 0], [len(inside), len(strangers)])
            line += f", {roc_auc_score(truth, np.hstack([inside, strangers])):.3f} for another domain"
        print(line, flush=True)


def peers(train: Examples, test: Examples) -> None:
    spaces = [TfidfVectorizer(sublinear_tf=True, **part) for part in (WORDS, LETTERS)]
    started = time.perf_counter()
    svm = LinearSVC(C=1.0).fit(hstack([space.fit_transform(train.texts) for space in spaces]), train.intents)
    seconds = time.perf_counter() - started
    right = svm.predict(hstack([space.transform(test.texts) for space in spaces])) == np.array(test.intents)
    print(f"  TF-IDF + linear SVM: accuracy {right.mean():.4f}, {seconds:.1f} s")
    started = time.perf_counter()
    encoder = SentenceEncoder.for_training()

    def last_layer(texts: list[str]) -> np.ndarray:
        rows = encoder.of(texts)[:, -384:]
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    model = LogisticRegression(C=10.0, max_iter=100, tol=0.01).fit(last_layer(train.texts), train.intents)
    right = model.predict(last_layer(test.texts)) == np.array(test.intents)
    print(f"  frozen MiniLM + logistic regression: accuracy {right.mean():.4f}, {time.perf_counter() - started:.1f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    asked.add_argument("--no-peers", action="store_true", help="Tactful's classifier alone")
    options = asked.parse_args()
    tests = {folder: read(folder / "test.jsonl") for folder in options.folders}
    for folder, test in tests.items():
        for part in ("train_10", "train"):
            print(f"{folder.name} {part}", flush=True)
            ours(read(folder / f"{part}.jsonl"), test)
            if not options.no_peers:
                peers(read(folder / f"{part}.jsonl"), test)
        elsewhere = [text for other, examples in tests.items() if other != folder for text in examples.texts]
        out_of_scope(read(folder / "train.jsonl"), test, elsewhere)


if __name__ == "__main__":
    main()
