"""Decoding in batches finds what spaCy's own parser finds, text by text."""

import pytest
import spacy
from spacy.pipeline.ner import DEFAULT_NER_MODEL
from spacy.tokens import Doc
from spacy.training import Example

from tactful.privacy.ner.decoding import Decoder
from tactful.privacy.ner.model import MODEL, EntityModel, everyday_words
from tests.privacy.recognizers.test_address import HITS as ADDRESSES

LEADS = ("my name is", "this is", "booked for", "please call", "hi", "no, I meant")
NAMES = ("Ana Moreira", "Kavitha", "Jo van der Berg", "Mr. Okonkwo", "Zebulonia Quimbleworth", "Lisbon", "May")
ODD = ["", "   ", "\n", "a", "Ana", "Ana\nLima", "ANA LIMA, 12 Main St\nSpringfield", "?" * 200, "Ana " * 300]


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return spacy.load(MODEL)


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(entity.start, entity.end, entity.label_) for entity in doc.ents]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Addresses of every shape, sentences with names, in three cases, and odd texts."""
    named = [f"{lead} {name}, {rest}" for lead in LEADS for name in NAMES for rest in ("thanks", "12 elm road bath")]
    plain = [*named, *(address.translate({171: None, 187: None}) for address in ADDRESSES)]
    return [*ODD, *(case(text) for text in plain for case in (str, str.lower, str.upper))]


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
    nlp = spacy.blank("en")
    other = nlp.add_pipe("ner", config={"model": {**DEFAULT_NER_MODEL, "extra_state_tokens": True}})
    example = Example.from_dict(nlp.make_doc("Ana wrote"), {"entities": [(0, 3, "PERSON")]})
    nlp.initialize(lambda: [example])
    with pytest.raises(ValueError, match="states"):
        Decoder(other)


def test_only_the_words_of_the_language_are_remembered() -> None:
    model = EntityModel()
    model.read_batch(["Zebulonia Quimbleworth wrote"])
    assert "Zebulonia" not in model._nlp.vocab
    assert "wrote" in model._nlp.vocab
    assert "Zebulonia" not in set(everyday_words())
