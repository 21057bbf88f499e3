"""Falls back also on what is unlike every example, however sure the classifier is of its intent."""

from typing import Any, Dict, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.training_data.message import Message

from tactful_engine.intent_classifier import SCOPE


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ScopeFallbackClassifier(FallbackClassifier):
    """Rasa's fallback with one more reason.

    `least_typical`: the share of in-scope messages that may fall back for their strangeness alone; 0 switches it off.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**FallbackClassifier.get_default_config(), "least_typical": 0.02}

    def _should_fallback(self, message: Message) -> bool:
        scope = message.get(SCOPE)
        strange = scope is not None and scope["typical"] < self.component_config["least_typical"]
        return strange or super()._should_fallback(message)
