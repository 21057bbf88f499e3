"""The trained model, loaded: texts in, spans of names, addresses and the like out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from string import ascii_letters, digits, punctuation

import spacy
from spacy.tokens import Doc

from tactful.privacy.lexicon import codes, decode
from tactful.privacy.ner import language  # noqa: F401 - spaCy finds the language and its tokenizer by name
from tactful.privacy.ner.decoding import Decoder, Entity
from tactful.privacy.spans import Span

MODEL = Path(__file__).parent / "model"
SOURCE = "named-entity model"
SCORE = 0.6
BATCH = 256  # texts that go through the network together


class EntityModel:
    """Reads normalised texts; keeps nothing between them."""

    def __init__(self, path: Path = MODEL) -> None:
        self._nlp = spacy.load(path)
        self._decoder = Decoder(self._nlp.get_pipe("ner"))
        # Words of the texts are forgotten after each batch; those of the language need not be made again each time.
        for word in everyday_words():
            self._nlp.vocab[word]

    def read_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        """Spans of each text; many together take a fraction of the time of each alone."""
        found: list[list[Span]] = []
        for batch in batched(texts, BATCH):
            with self._nlp.memory_zone():
                docs = [self._nlp.make_doc(text) for text in batch]
                entities = self._decoder.entities(docs)
            found += [list(_spans(doc, each)) for doc, each in zip(docs, entities, strict=True)]
        return found


def everyday_words() -> Iterator[str]:
    """Words that everybody uses, as they stand in a sentence and at its beginning; signs, letters and digits."""
    for word, code in codes().items():
        if decode(code).word == 1:
            yield word
            yield word.capitalize()
    yield from (*ascii_letters, *digits, *punctuation, "\n")


def batched(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Slices of `size`; the last may be shorter."""
    return (texts[at : at + size] for at in range(0, len(texts), size))


def _spans(doc: Doc, entities: Sequence[Entity]) -> Iterator[Span]:
    offsets = doc.user_data["offsets"]
    for first, after, label in entities:
        yield Span(offsets[first][0], offsets[after - 1][1], label, SCORE, SOURCE)
