"""What an assistant always says, put together from its domain: what its turns are compressed with.

Nothing in it comes from a conversation, so it may stay when conversations are erased.
"""

import json
from typing import Any, Dict, Iterator, List

from rasa.shared.core.domain import Domain

from tactful_engine.turn_rows import WINDOW, packed


def dictionary_of(domain: Domain) -> bytes:
    """The same for the same domain. What comes oftenest stands last: zlib tells near things in fewer bits."""
    events = [*_replies(domain), *_slots(domain), *_answers(domain)]
    return json.dumps(events, separators=(",", ":"), ensure_ascii=False).encode()[-WINDOW:]


def _slots(domain: Domain) -> Iterator[Any]:
    yield from ({"slot": slot.name, "value": None} for slot in domain.slots)
    yield from ({"active_loop": name, "action_execution_rejected": name} for name in domain.form_names)
    yield from domain.action_names_or_texts


def _replies(domain: Domain) -> Iterator[List[Any]]:
    """Every response with its buttons, as the events of its turn say it."""
    for name in sorted(domain.responses, reverse=True):
        for response in domain.responses[name]:
            data = {"buttons": buttons} if (buttons := response.get("buttons")) else {}
            said: Dict[str, Any] = {"event": "bot", "timestamp": 0.0, "text": response.get("text")}
            said["metadata"] = {"utter_action": name}
            if data:
                said["data"] = data
            yield json.loads(packed([said], ""))


def _answers(domain: Domain) -> Iterator[Any]:
    """What a customer may mean, and how a turn begins and ends."""
    yield {"means": dict.fromkeys(sorted(domain.intents), 0.0)}
    yield [{"user": "", "id": "1", "means": {"": 0.0}}, False, "utter_", {"bot": "", "as": "utter_"}, "action_listen"]
