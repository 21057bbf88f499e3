"""The trained model, loaded: texts in, spans of names, addresses and the like out."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc

from tactful.privacy.ner import language  # noqa: F401 - spaCy finds the language and its tokenizer by name
from tactful.privacy.spans import Span

MODEL = Path(__file__).parent / "model"
SOURCE = "named-entity model"
SCORE = 0.6
BATCH = 128  # texts that go through the network together


class EntityModel:
    """Reads normalised texts; keeps nothing between them."""

    def __init__(self, path: Path = MODEL) -> None:
        self._nlp = spacy.load(path)
        self._pipes: list[Any] = [pipe for _, pipe in self._nlp.pipeline]

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        """Spans of each text; many together take a fraction of the time of each alone."""
        with self._nlp.memory_zone():
            found = []
            for batch in batched(texts, BATCH):
                docs: Iterable[Doc] = [self._nlp.make_doc(text) for text in batch]
                for pipe in self._pipes:
                    docs = pipe.pipe(docs, batch_size=BATCH)
                found += [list(_spans(doc)) for doc in docs]
            return found


def batched(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Slices of `size`; the last may be shorter."""
    return (texts[at : at + size] for at in range(0, len(texts), size))


def _spans(doc: Doc) -> Iterator[Span]:
    offsets = doc.user_data["offsets"]
    for entity in doc.ents:
        yield Span(offsets[entity.start][0], offsets[entity.end - 1][1], entity.label_, SCORE, SOURCE)
