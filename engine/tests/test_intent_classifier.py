"""The intent classifier: what it learns, keeps and refuses."""

import time
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tactful_engine.intent_classifier import WORDS, ClassifierNotUsable, TactfulIntentClassifier

EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "hey", "hello again", "hi"],
    "refund": ["i want my money back", "refund please", "can i get a refund", "money back now", "refund my trip"],
    "api_key": ["create an api key", "where do i get a key", "new api key", "i need an api key", "make me a key"],
}
CONTEXT = ExecutionContext(GraphSchema({}))


def data(examples: Any = EXAMPLES) -> TrainingData:
    return TrainingData([Message.build(text, intent) for intent, texts in examples.items() for text in texts])


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def trained(storage: LocalModelStorage) -> TactfulIntentClassifier:
    classifier = TactfulIntentClassifier.create({}, storage, Resource("intents"), CONTEXT)
    classifier.train(data())
    return classifier


def ask(classifier: TactfulIntentClassifier, text: str) -> Message:
    return classifier.process([Message.build(text)])[0]


def test_finds_the_intent_through_typing_errors(trained: TactfulIntentClassifier) -> None:
    """Letters count as well as words."""
    assert ask(trained, "cann i get a refnud").get("intent")["name"] == "refund"


def test_ranks_every_intent_and_the_confidences_add_up(trained: TactfulIntentClassifier) -> None:
    """The ranking is complete, sorted and a probability distribution."""
    ranking = ask(trained, "new key").get("intent_ranking")
    confidences = [guess["confidence"] for guess in ranking]
    assert {guess["name"] for guess in ranking} == set(EXAMPLES)
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1)


def test_a_loaded_classifier_answers_as_the_trained_one(
    trained: TactfulIntentClassifier, storage: LocalModelStorage
) -> None:
    """Nothing is lost on the way through the archive."""
    loaded = TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)
    for text in ("hello", "refund my key", "zzz", ""):
        assert loaded.confidences(text) == pytest.approx(trained.confidences(text), abs=1e-6)


def test_a_model_that_cannot_be_loaded_is_an_error(storage: LocalModelStorage) -> None:
    """Never an untrained classifier in its place."""
    with pytest.raises(ClassifierNotUsable):
        TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)


def test_a_damaged_model_is_an_error(trained: TactfulIntentClassifier, storage: LocalModelStorage) -> None:
    """A vocabulary that does not fit the weights is noticed."""
    with storage.write_to(Resource("intents")) as folder:
        (folder / WORDS).write_text('{"labels": ["greet"], "temperature": 1, "word": ["a"], "letters": ["b"]}')
    with pytest.raises(ClassifierNotUsable):
        TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)


def test_two_intents_are_enough_and_one_is_not(storage: LocalModelStorage) -> None:
    """The binary case has its own arithmetic."""
    classifier = TactfulIntentClassifier.create({}, storage, Resource("two"), CONTEXT)
    classifier.train(data({name: EXAMPLES[name] for name in ("greet", "refund")}))
    assert ask(classifier, "hello").get("intent")["name"] == "greet"
    with pytest.raises(ClassifierNotUsable):
        classifier.train(data({"greet": EXAMPLES["greet"]}))


def test_answers_in_a_few_milliseconds(trained: TactfulIntentClassifier) -> None:
    """Generous, since the machine is shared; about one millisecond when it is quiet."""
    ask(trained, "warm up")
    started = time.perf_counter()
    for _ in range(50):
        ask(trained, "how can i get my money back for the trip that i booked")
    assert (time.perf_counter() - started) / 50 < 0.02
