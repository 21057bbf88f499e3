"""Intents from what a sentence means: MiniLM's vectors, TF-IDF and kernel ridge regression, with honest confidences.

Trains in about a minute on ten thousand examples and answers in a few milliseconds. Every intent comes with how
familiar the message is, whatever the confidence: `out_of_scope.py` acts on it. How good it is: docs/classifier.md.
"""

import json
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Optional, Text, Tuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tactful_engine import minilm
from tactful_engine.calibration import Calibration
from tactful_engine.examples import Examples, once, project, projection, words_of
from tactful_engine.kernel_ridge import cosine, kernel, product
from tactful_engine.letters import Letters
from tactful_engine.sentence_encoder import SIZE, SentenceEncoder

LEARNT = ("rows", "weights", "directions", "spelling")
ARRAYS, LABELS = "arrays.npz", "labels.json"
SCOPE = "scope"  # where a message says how familiar it is


class ClassifierNotUsable(RasaException):
    """The classifier has nothing to learn from, or its files are missing or do not fit together."""


class Judgement(NamedTuple):
    """What is thought of a text: the best intents, and how like the examples it is.

    `typical` is the share of held-out examples that were as strange or stranger: .01 is stranger than 99 in 100.
    """

    ranking: Tuple[Tuple[str, float], ...]
    familiarity: float
    typical: float


def in_words(message: Message) -> str:
    """The text with the name of its city for the code of an airport: "CDG" means nothing to a model of words."""
    text = message.get(TEXT) or ""
    for entity in reversed(message.get(ENTITIES) or []):
        start, end = entity.get("start"), entity.get("end")
        if entity.get("entity") == "airport" and entity.get("city") and text[start:end].upper() == entity["value"]:
            text = text[:start] + entity["city"] + text[end:]
    return text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TactfulIntentClassifier(IntentClassifier, GraphComponent):
    """Gives an intent and the ranking of all others, with confidences that mean what they say."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"ranking_length": 10, "random_state": 7, "max_examples": 16000, "remembered": 4096}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self.labels: List[str] = []
        self._loaded: Optional[SentenceEncoder] = None
        self._judge = lru_cache(maxsize=self.config["remembered"])(self._judge_anew)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TactfulIntentClassifier":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example with text and intent, calibrate on what is left out, keep the result.

        Errors: `ClassifierNotUsable` with fewer than two intents.
        """
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        if len(set(intents)) < 2:
            raise ClassifierNotUsable("An intent classifier needs examples of at least two intents.")
        self._learn(*once(texts, intents, self.config["max_examples"], self.config["random_state"]))
        self._persist()
        return self._resource

    def _learn(self, texts: List[str], intents: List[str]) -> None:
        self.labels = sorted(set(intents))
        place = {label: number for number, label in enumerate(self.labels)}
        names = [words_of(label) for label in self.labels]
        rows = SentenceEncoder.for_training().of(texts + names)
        self.directions = projection(rows)
        numbers = [place[intent] for intent in intents] + list(range(len(names)))
        self.rows = project(rows, self.directions)
        self.letters, spelt = Letters.learn_and_read(texts + names)
        learning = Examples.of(self.rows, spelt, numbers, len(names), self.config["random_state"])
        self.weights, self.calibration = learning.learn()
        self.spelling = spelt.T @ self.weights

    def _encoder(self) -> SentenceEncoder:
        if self._loaded is None:
            self._loaded = SentenceEncoder()
        return self._loaded

    def judge(self, text: str) -> Judgement:
        """Confidences and familiarity of a text; at once if it was asked before."""
        return self._judge(text)

    def _judge_anew(self, text: str) -> Judgement:
        row = project(self._encoder().of([text]), self.directions)[0]
        similar = kernel(row, self.rows)
        columns, values = self.letters.of_one(text)
        scores = product(self.weights.T, similar) + product(self.spelling[columns].T, values)
        scores = scores[None, :]
        known = float(self.calibration.familiarity(scores, cosine(similar.max(keepdims=True)))[0])
        confidences = self.calibration.confidences(scores)[0]
        best = np.argsort(-confidences, kind="stable")[: self.config["ranking_length"]]
        ranking = tuple((self.labels[i], float(confidences[i])) for i in best)
        return Judgement(ranking, known, self.calibration.typical(known))

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking on every message."""
        for message in messages:
            judgement = self.judge(in_words(message))
            ranking = [{"name": name, "confidence": confidence} for name, confidence in judgement.ranking]
            message.set("intent", dict(ranking[0]), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            scope = {"familiarity": judgement.familiarity, "typical": judgement.typical}
            message.set(SCOPE, scope, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _persist(self) -> None:
        arrays = {name: getattr(self, name) for name in LEARNT}
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / ARRAYS, **arrays, **self.letters.arrays(), **self.calibration.arrays())
            words = {"encoder": minilm.RECIPE, "labels": self.labels}
            (folder / LABELS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TactfulIntentClassifier":
        """The trained classifier.

        Errors: `ClassifierNotUsable` if anything is missing; there is no untrained stand-in.
        """
        self = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                words = json.loads((folder / LABELS).read_text(encoding="utf-8"))
                with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
                    for name in LEARNT:
                        setattr(self, name, arrays[name])
                    self.letters = Letters.restore(arrays)
                    self.calibration = Calibration.restore(arrays, len(words["labels"]))
            self.labels, encoder = words["labels"], words["encoder"]
        except (ValueError, KeyError, OSError) as error:
            raise ClassifierNotUsable(f"The intent classifier could not be loaded ({type(error).__name__}).") from error
        if encoder not in minilm.SAME:
            raise ClassifierNotUsable(f"The model was trained with another encoder ({encoder}). Train it anew.")
        if self.weights.shape != (len(self.rows), len(self.labels)) or self.rows.shape[1] != (
            self.directions.shape[1] or SIZE
        ):
            raise ClassifierNotUsable("The intent classifier's files do not fit together.")
        self._encoder()  # now, and not in the first customer's turn
        return self
