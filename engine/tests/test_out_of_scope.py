"""Falling back on what is unlike every example."""

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from tactful_engine.intent_classifier import SCOPE
from tactful_engine.out_of_scope import ScopeFallbackClassifier

FALLBACK = "nlu_fallback"


@pytest.fixture
def classify(tmp_path: Any) -> Any:
    storage = LocalModelStorage.create(tmp_path)
    config = {**ScopeFallbackClassifier.get_default_config(), "threshold": 0.4, "least_typical": 0.02}
    component = ScopeFallbackClassifier.create(config, storage, Resource("x"), ExecutionContext(GraphSchema({})))

    def intent(confidence: float, typical: Any) -> str:
        message = Message.build("text")
        message.set("intent", {"name": "greet", "confidence": confidence})
        message.set("intent_ranking", [{"name": "greet", "confidence": confidence}])
        if typical is not None:
            message.set(SCOPE, {"familiarity": 1.0, "typical": typical})
        return component.process([message])[0].get("intent")["name"]

    return intent


def test_a_strange_message_falls_back_however_sure_the_intent(classify: Any) -> None:
    assert classify(0.99, typical=0.01) == FALLBACK


def test_a_familiar_message_with_a_sure_intent_keeps_it(classify: Any) -> None:
    assert classify(0.99, typical=0.5) == "greet"


def test_low_confidence_falls_back_as_in_rasa(classify: Any) -> None:
    assert classify(0.2, typical=0.5) == FALLBACK


def test_another_classifier_that_says_nothing_of_scope_is_served_too(classify: Any) -> None:
    assert classify(0.9, typical=None) == "greet"
