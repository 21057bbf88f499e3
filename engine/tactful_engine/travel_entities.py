"""Cities, airports, dates and money as Rasa's entities, with exact values; rules and a list, nothing is learnt."""

import os
from datetime import date, datetime, timezone
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tactful_engine.travel.entities import extract
from tactful_engine.travel.gazetteer import gazetteer

TODAY = "TACTFUL_TODAY"  # a day in the environment that counts as today, for tests


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TravelEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities `city`, `airport`, `date` and `money`; what each holds: docs/entities.md.

    `currency`: meant where a sum has none. `day_first`: whether 03/04 is in April. `today`: what relative dates are
    relative to (ISO), instead of the day in UTC.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"currency": "EUR", "day_first": True, "today": None}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._config = {**self.get_default_config(), **config}
        gazetteer()  # now, and not in the first customer's turn

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TravelEntityExtractor":
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what is found to every message's entities."""
        how = {"currency": self._config["currency"], "day_first": self._config["day_first"]}
        for message in messages:
            found = extract(message.get(TEXT) or "", self._today(), **how)
            entities = [each.as_entity(type(self).__name__) for each in found]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def _today(self) -> date:
        given = self._config["today"] or os.environ.get(TODAY)
        return date.fromisoformat(str(given)) if given else datetime.now(timezone.utc).date()
