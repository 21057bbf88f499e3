"""The intent classifier: what it learns, keeps and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tactful_engine import minilm
from tactful_engine.intent_classifier import LABELS, ClassifierNotUsable, TactfulIntentClassifier

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


def ranking(classifier: TactfulIntentClassifier, text: str) -> Any:
    return dict(classifier.judge(text).ranking)


def test_finds_the_intent_through_typing_errors(trained: TactfulIntentClassifier) -> None:
    """A misspelt word is read by its parts."""
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
        assert ranking(loaded, text) == pytest.approx(ranking(trained, text), abs=1e-5)


def test_a_model_that_cannot_be_loaded_is_an_error(storage: LocalModelStorage) -> None:
    """Never an untrained classifier in its place."""
    with pytest.raises(ClassifierNotUsable):
        TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)


def test_a_damaged_model_is_an_error(trained: TactfulIntentClassifier, storage: LocalModelStorage) -> None:
    """Labels that do not fit the weights are noticed."""
    with storage.write_to(Resource("intents")) as folder:
        (folder / LABELS).write_text(json.dumps({"labels": ["greet"], "encoder": minilm.RECIPE}))
    with pytest.raises(ClassifierNotUsable, match="fit together"):
        TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)


def test_a_model_of_another_encoder_is_an_error(trained: TactfulIntentClassifier, storage: LocalModelStorage) -> None:
    """Its vectors would be compared with vectors of another kind."""
    with storage.write_to(Resource("intents")) as folder:
        (folder / LABELS).write_text(json.dumps({"labels": list(EXAMPLES), "encoder": "another"}))
    with pytest.raises(ClassifierNotUsable, match="another encoder"):
        TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT)


def test_a_model_of_the_encoder_before_is_still_usable(
    trained: TactfulIntentClassifier, storage: LocalModelStorage
) -> None:
    """Its vectors are as near as makes no difference, so one can go back to it."""
    with storage.write_to(Resource("intents")) as folder:
        (folder / LABELS).write_text(json.dumps({"labels": sorted(EXAMPLES), "encoder": minilm.SAME[-1]}))
    assert TactfulIntentClassifier.load({}, storage, Resource("intents"), CONTEXT).labels == sorted(EXAMPLES)


def test_two_intents_are_enough_and_one_is_not(storage: LocalModelStorage) -> None:
    """The binary case has its own arithmetic."""
    classifier = TactfulIntentClassifier.create({}, storage, Resource("two"), CONTEXT)
    classifier.train(data({name: EXAMPLES[name] for name in ("greet", "refund")}))
    assert ask(classifier, "hello").get("intent")["name"] == "greet"
    with pytest.raises(ClassifierNotUsable):
        classifier.train(data({"greet": EXAMPLES["greet"]}))


def test_training_twice_gives_the_same_model(storage: LocalModelStorage) -> None:
    """The same examples and seed: the same confidences."""
    once, again = (TactfulIntentClassifier.create({}, storage, Resource(name), CONTEXT) for name in "ab")
    for classifier in (once, again):
        classifier.train(data())
    assert ranking(once, "a refund for my key") == pytest.approx(ranking(again, "a refund for my key"), abs=1e-6)


def test_an_example_given_twice_counts_once(storage: LocalModelStorage) -> None:
    """Repeating a sentence does not make its intent stronger."""
    classifier = TactfulIntentClassifier.create({}, storage, Resource("twice"), CONTEXT)
    classifier.train(data({**EXAMPLES, "greet": EXAMPLES["greet"] * 50}))
    assert len(classifier.rows) == sum(map(len, EXAMPLES.values())) + len(EXAMPLES)  # the names count, too


def test_what_is_like_no_example_is_less_familiar(trained: TactfulIntentClassifier) -> None:
    near, far = trained.judge("can i have a refund"), trained.judge("photosynthesis happens in the chloroplasts")
    assert near.familiarity > far.familiarity + 0.3
    assert near.typical > far.typical


def test_archives_hold_no_words_of_the_examples(trained: TactfulIntentClassifier, storage: LocalModelStorage) -> None:
    """Only the intents' names stand in clear."""
    with storage.read_from(Resource("intents")) as folder:
        kept = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert b"refund" in kept
    assert not [text for text in EXAMPLES["refund"] if text.encode() in kept]


def test_what_was_asked_before_is_not_worked_out_again(
    trained: TactfulIntentClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second customer who says it gets the answer of the first."""
    first = ask(trained, "can i have a refund").get("intent")
    monkeypatch.setattr(trained, "_encoder", None)  # whoever encodes now fails
    assert ask(trained, "can i have a refund").get("intent") == first


def test_a_remembered_answer_cannot_be_changed_from_outside(trained: TactfulIntentClassifier) -> None:
    """Rasa's fallback writes into the ranking."""
    first = ask(trained, "hello")
    first.get("intent_ranking").clear()
    first.get("intent")["name"] = "other"
    assert ask(trained, "hello").get("intent")["name"] == "greet"
    assert len(ask(trained, "hello").get("intent_ranking")) == len(EXAMPLES)
