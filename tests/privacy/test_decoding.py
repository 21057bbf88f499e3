"""Decoding in batches finds what spaCy's own parser finds, text by text."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from tactful.privacy.ner.decoding import Decoder
from tactful.privacy.ner.model import MODEL, EntityModel, everyday_words

DATA = Path(__file__).parents[1] / "data"
ODD = ["", "   ", "\n", "a", "Ana", "Ana\nLima", "ANA LIMA, 12 Main St\nSpringfield", "?" * 200, "Ana " * 300]


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return spacy.load(MODEL)


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(entity.start, entity.end, entity.label_) for entity in doc.ents]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Sentences of every kind that the detector is tuned on, and odd ones."""
    files = sorted(DATA.rglob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()[:400]]
    return [*ODD, *(row["text"] for row in rows if isinstance(row.get("text"), str))]


def test_the_same_entities_as_spacys_parser(nlp: spacy.Language, texts: list[str]) -> None:
    parser = nlp.get_pipe("ner")
    decoder = Decoder(parser)
    docs = [nlp.make_doc(text) for text in texts]
    batched = decoder.entities(docs)
    theirs = [entities(parser(nlp.make_doc(text))) for text in texts]  # type: ignore[operator]
    assert sum(map(bool, theirs)) > 50
    assert batched == theirs


def test_a_text_is_read_the_same_alone_and_in_any_batch(nlp: spacy.Language, texts: list[str]) -> None:
    decoder = Decoder(nlp.get_pipe("ner"))
    some = texts[:60]
    alone = [decoder.entities([nlp.make_doc(text)])[0] for text in some]
    assert decoder.entities([nlp.make_doc(text) for text in reversed(some)]) == alone[::-1]


def test_no_documents_are_no_entities(nlp: spacy.Language) -> None:
    assert Decoder(nlp.get_pipe("ner")).entities([]) == []


def test_another_architecture_is_refused() -> None:
    other = spacy.blank("en").add_pipe("ner")
    other.add_label("PERSON")  # type: ignore[attr-defined]
    other.initialize(lambda: [])  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="states"):
        Decoder(other)


def test_only_the_words_of_the_language_are_remembered() -> None:
    model = EntityModel()
    model.read_batch(["Zebulonia Quimbleworth wrote"])
    assert "Zebulonia" not in model._nlp.vocab
    assert "wrote" in model._nlp.vocab
    assert "Zebulonia" not in set(everyday_words())
