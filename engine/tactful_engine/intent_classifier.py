"""Intents from words and letters: TF-IDF and a multinomial logistic regression, with honest confidences.

Trains in seconds on thousands of examples and answers in about a millisecond. Rasa's own classifier for this
works on raw counts, and turns a model that cannot be loaded into an untrained one without a word.
"""

import json
import warnings
from typing import Any, Dict, List, Sequence, Text, Tuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from tactful_engine.tfidf import TextFeatures

WEIGHTS, WORDS = "weights.npz", "words.json"
MIN_TO_HOLD_OUT = 5  # examples of the rarest intent


class ClassifierNotUsable(RasaException):
    """The classifier has nothing to learn from, or its files are missing or do not fit together."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TactfulIntentClassifier(IntentClassifier, GraphComponent):
    """Gives an intent and the ranking of all others, with confidences that mean what they say."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"C": 10.0, "max_iter": 40, "held_out": 0.2, "ranking_length": 10, "random_state": 7}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self.labels: List[str] = []
        self.temperature = 1.0

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
        """Learn from every example with text and intent, calibrate on a part held out, keep the result.

        Errors: `ClassifierNotUsable` with fewer than two intents.
        """
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        if len(set(intents)) < 2:
            raise ClassifierNotUsable("An intent classifier needs examples of at least two intents.")
        self.features = TextFeatures.learn(texts)
        self.labels = sorted(set(intents))
        self.temperature = self._calibrate(texts, intents)
        self.weights, self.bias = self._fit(self.features.of(texts), intents)
        self._persist()
        return self._resource

    def _fit(self, matrix: Any, intents: Sequence[str]) -> Tuple[np.ndarray, np.ndarray]:
        model = LogisticRegression(
            C=self.config["C"],
            class_weight="balanced",
            max_iter=self.config["max_iter"],
            tol=0.01,
            random_state=self.config["random_state"],
        )
        with warnings.catch_warnings():
            # Stopping early is meant: more steps cost time and gain nothing on held-out examples.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(matrix, intents)
        if len(model.classes_) == 2:
            return np.vstack([-model.coef_, model.coef_]) / 2, np.hstack([-model.intercept_, model.intercept_]) / 2
        return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)

    def _calibrate(self, texts: Sequence[str], intents: Sequence[str]) -> float:
        """The temperature that makes held-out confidences most likely (Guo et al., 2017).

        1.0 when an intent has too few examples to hold any out.
        """
        labels = np.array([self.labels.index(intent) for intent in intents])
        held_out = int(self.config["held_out"] * len(labels))
        if held_out < len(self.labels) or np.bincount(labels).min() < MIN_TO_HOLD_OUT:
            return 1.0
        matrix, state = self.features.of(texts), self.config["random_state"]
        learnt, rest = train_test_split(range(len(labels)), test_size=held_out, stratify=labels, random_state=state)
        weights, bias = self._fit(matrix[learnt], [intents[i] for i in learnt])
        scores, labels = matrix[rest] @ weights.T + bias, labels[rest]

        def loss(temperature: float) -> float:
            scaled = scores / temperature
            return float(np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]))

        return float(minimize_scalar(loss, bounds=(0.05, 5.0), method="bounded").x)

    def confidences(self, text: str) -> np.ndarray:
        """One probability for every label."""
        row = self.features.of([text])
        # Only the columns of this text: a product with the whole matrix would first convert all of it.
        scores = (self.weights[:, row.indices] @ row.data + self.bias) / self.temperature
        return np.exp(scores - logsumexp(scores))

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking on every message."""
        for message in messages:
            confidences = self.confidences(message.get(TEXT) or "")
            best = np.argsort(-confidences)[: self.config["ranking_length"]]
            ranking = [{"name": self.labels[i], "confidence": float(confidences[i])} for i in best]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _persist(self) -> None:
        words = {"labels": self.labels, "temperature": self.temperature, **self.features.vocabulary()}
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / WEIGHTS, weights=self.weights, bias=self.bias, idf=self.features.idf())
            (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

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
                words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
                with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
                    self.weights, self.bias, idf = arrays["weights"], arrays["bias"], arrays["idf"]
            self.labels, self.temperature = words["labels"], words["temperature"]
            self.features = TextFeatures.restore(words, idf)
        except (ValueError, KeyError, OSError) as error:
            raise ClassifierNotUsable(f"The intent classifier could not be loaded ({type(error).__name__}).") from error
        if self.weights.shape != (len(self.labels), len(idf)):
            raise ClassifierNotUsable("The intent classifier's files do not fit together.")
        return self
