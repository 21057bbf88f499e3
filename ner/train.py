"""Trains the detector's named-entity model. One command, and the same seed gives the same model:

    python -m ner.train                     the model that is shipped, from every template
    python -m ner.train --held-out 0        without the templates of fold 0, to be scored on them

Writes a spaCy pipeline; needs the dependency group `ner`.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from ner import lexicon, lists
from ner.corpus import LABELS, Sample, samples, templates
from ner.values import Values
from tactful.privacy.ner.language import TOKEN
from tactful.privacy.ner.model import MODEL

WIDTH, DEPTH, HIDDEN = 64, 3, 64
ROWS = {"NORM": 5000, "PREFIX": 2000, "SUFFIX": 3000, "SHAPE": 1000, "LOWER": 200}
SHARES = {
    "own:persons": 70, "own:addresses": 90, "own:ids": 60, "own:plain": 60,
    "sgd_dev": 4, "presidio_synth": 10, "multidogo_dev": 8, "wnut17_person": 24, "banking77": 1, "hwu64": 1, "named": 6,
}  # fmt: skip
LEAN, LEANING = 1.0, ("B-PERSON", "U-PERSON")  # log-odds; chosen on held-out templates
BATCH, DROPOUT, EPOCHS, RATE = 256, 0.15, 6, 0.001


def main() -> None:
    """See the module."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--held-out", type=int, help="a fold of templates to leave out, 0 to 4")
    asked.add_argument("--out", type=Path, default=MODEL)
    asked.add_argument("--epochs", type=int, default=EPOCHS)
    asked.add_argument("--seed", type=int, default=1)
    train(**vars(asked.parse_args()))


def train(held_out: int | None, out: Path, epochs: int, seed: int) -> None:
    """Write the model to `out`. Each epoch fills the templates anew."""
    fix_random_seed(seed)
    rng = random.Random(seed)
    words = lists.load()
    lexicon.write(words)
    every = [template for template in templates(words) if template.fold != held_out]
    print(f"{len(every)} templates: {dict(Counter(template.source for template in every))}", flush=True)
    values = Values(words, rng)
    nlp = pipeline()
    optimizer = nlp.initialize(
        lambda: _examples(nlp, list(samples(every[:200], values, rng, dict.fromkeys(SHARES, 1))))
    )
    optimizer.learn_rate = RATE
    steps, total = 0, 0
    for epoch in range(epochs):
        began, losses = time.monotonic(), {}
        drawn = list(samples(every, values, rng, SHARES))
        rng.shuffle(drawn)
        total = total or len(drawn) * epochs // BATCH + 1
        for batch in minibatch(drawn, BATCH):
            steps += 1
            optimizer.learn_rate = RATE * min(1.0, steps / 50) * max(0.03, 1 - steps / total)
            with nlp.memory_zone():
                nlp.update(_examples(nlp, batch), drop=DROPOUT, sgd=optimizer, losses=losses)
        print(
            f"epoch {epoch + 1}: {len(drawn)} texts, loss {losses['ner']:.0f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    with nlp.use_params(optimizer.averages):
        _lean(nlp)
        nlp.to_disk(out)


def _lean(nlp: spacy.Language) -> None:
    """Shift the odds towards a name: one that is hidden for nothing costs less than one that is passed on."""
    recognizer: Any = nlp.get_pipe("ner")
    output = recognizer.model.get_ref("upper")
    odds = output.get_param("b").copy()
    odds[[number for number, move in enumerate(recognizer.move_names) if move in LEANING]] += LEAN
    output.set_param("b", odds)


def pipeline() -> spacy.Language:
    """An untrained pipeline; every part named in its config, which is saved with it."""
    nlp = spacy.blank("chat", config={"nlp": {"tokenizer": {"@tokenizers": "tactful.ChatTokenizer.v1"}}})
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2", "width": WIDTH, "attrs": list(ROWS), "rows": list(ROWS.values()),
        "include_static_vectors": False,
    }  # fmt: skip
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": DEPTH,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    model: dict[str, Any] = {
        "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
        "hidden_width": HIDDEN, "maxout_pieces": 2, "use_upper": True,
        "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode},
    }  # fmt: skip
    ner = nlp.add_pipe("ner", config={"model": model})
    for label in LABELS:
        ner.add_label(label)  # type: ignore[attr-defined]
    return nlp


def _examples(nlp: spacy.Language, drawn: Sequence[Sample]) -> list[Example]:
    return [Example(nlp.make_doc(sample.text), reference(nlp, sample)) for sample in drawn if sample.text.strip()]


def reference(nlp: spacy.Language, sample: Sample) -> Doc:
    """The sample's tokens with their labels; a token that an entity covers in part belongs to it."""
    doc: Doc = nlp.make_doc(sample.text)
    doc.set_ents([Span(doc, first, last, label) for first, last, label in _tokens(sample)])
    return doc


def _tokens(sample: Sample) -> Iterator[tuple[int, int, str]]:
    places = [match.span() for match in TOKEN.finditer(sample.text)]
    taken = 0
    for start, end, label in sorted(sample.spans):
        inside = [n for n, (left, right) in enumerate(places) if left < end and right > start and n >= taken]
        if inside:
            yield inside[0], inside[-1] + 1, label
            taken = inside[-1] + 1


if __name__ == "__main__":
    main()
