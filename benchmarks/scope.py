"""How well what is out of scope is told from what is in scope: intents left out by chance, and whole scenarios.

    engine/.venv/bin/python -W ignore benchmarks/scope.py FOLDER [FOLDER…] [--each N] [--seeds N]

A FOLDER as for `intents.py`. A quarter of the intents is left out; where they are called after scenarios
(`music_likeness`), a quarter of the scenarios, too. AUROC of the confidence, of the familiarity and of both.
"""

import argparse
from pathlib import Path

import numpy as np
from intents import Examples, read, trained
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

SHARE = 4  # one in four


def some(train: Examples, each: int, random: np.random.RandomState) -> Examples:
    """At most so many examples of an intent."""
    intents = np.array(train.intents)
    kept = [
        i for name in sorted(set(train.intents)) for i in random.permutation(np.flatnonzero(intents == name))[:each]
    ]
    return Examples([train.texts[i] for i in kept], [train.intents[i] for i in kept])


def measure(name: str, train: Examples, test: Examples, outside: set[str]) -> None:
    kept = [(text, intent) for text, intent in zip(*train, strict=True) if intent not in outside]
    classifier, _ = trained(Examples([text for text, _ in kept], [intent for _, intent in kept]))
    known = np.array([intent not in outside for intent in test.intents])
    judged = [classifier.judge(text) for text in test.texts]
    sure, familiar = np.array([j.ranking[0][1] for j in judged]), np.array([j.familiarity for j in judged])
    both = rankdata(sure) + rankdata(familiar)
    values = {"confidence": sure, "familiarity": familiar, "both": both}
    found = ", ".join(f"{way} {roc_auc_score(known, value):.3f}" for way, value in values.items())
    print(f"  {name} ({(~known).sum()} of {len(known)} outside): AUROC by {found}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    asked.add_argument("--each", type=int, default=1000, help="examples of an intent to learn from")
    asked.add_argument("--seeds", type=int, default=3)
    options = asked.parse_args()
    for folder in options.folders:
        print(folder.name)
        test = read(folder / "test.jsonl")
        for seed in range(options.seeds):
            random = np.random.RandomState(seed)
            train = some(read(folder / "train.jsonl"), options.each, random)
            names = sorted(set(train.intents))
            measure(f"intents, seed {seed}", train, test, set(random.permutation(names)[: len(names) // SHARE]))
            scenarios = sorted({name.split("_")[0] for name in names})
            if len(scenarios) <= len(names) // 3:
                out = set(random.permutation(scenarios)[: len(scenarios) // SHARE])
                left = {name for name in names if name.split("_")[0] in out}
                measure(f"scenarios, seed {seed}: {', '.join(sorted(out))}", train, test, left)


if __name__ == "__main__":
    main()
