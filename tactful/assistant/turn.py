"""A turn as the assistant sees it, and what comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

Button = dict[str, str]
FALLBACK = "nlu_fallback"


def button(title: str, payload: str) -> Button:
    return {"title": title, "payload": payload}


@dataclass(frozen=True)
class Turn:
    """What the customer said last, redacted, and what the conversation holds."""

    conversation: str
    latest: Mapping[str, Any]
    slots: Mapping[str, Any]
    loop: str | None
    events: Sequence[Mapping[str, Any]] = field(repr=False)

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        loop = (tracker.active_loop or {}).get("name")
        return cls(tracker.sender_id, tracker.latest_message or {}, tracker.slots, loop, tracker.events)

    @property
    def said(self) -> str:
        """The customer's words; empty when a button or the door spoke."""
        text = self.latest.get("text") or ""
        return "" if text.startswith("/") else text

    @property
    def intent(self) -> str:
        return (self.latest.get("intent") or {}).get("name") or ""

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Every intent with its confidence, best first, without the fallback itself."""
        guesses = self.latest.get("intent_ranking") or []
        return [(guess["name"], guess["confidence"]) for guess in guesses if guess["name"] != FALLBACK]

    def entity(self, name: str) -> Any:
        """The first value of this entity that a button carried; None if there is none."""
        found = (e for e in self.latest.get("entities") or [] if e.get("entity") == name)
        return next((entity.get("value") for entity in found), None)

    def found(self, *names: str) -> list[Mapping[str, Any]]:
        """The entities of these names that stand in the customer's words, in their order."""
        entities = self.latest.get("entities") or [] if self.said else []
        return [entity for entity in entities if entity.get("entity") in names and "value" in entity]

    def slot(self, name: str) -> Any:
        return self.slots.get(name)

    @property
    def requested(self) -> str | None:
        """The question that is open in the active form."""
        return self.slots.get("requested_slot") if self.loop else None

    @cached_property
    def turns(self) -> list[list[Mapping[str, Any]]]:
        """The session's events in turns, each beginning with what the customer said."""
        turns: list[list[Mapping[str, Any]]] = []
        for event in self.events:
            if event["event"] == "session_started":
                turns = []
            elif event["event"] == "user":
                turns.append([event])
            elif turns:
                turns[-1].append(event)
        return turns

    @property
    def interrupted(self) -> bool:
        """Whether the active form has already passed this message on to somebody else."""
        return any(event["event"] == "action_execution_rejected" for event in (self.turns or [[]])[-1])

    @property
    def offered(self) -> str | None:
        """What the bot offered in its last turn: a "yes" means that, and nothing said earlier."""
        before = self.turns[-2] if len(self.turns) > 1 else []
        made = [event["value"] for event in before if event["event"] == "slot" and event["name"] == "offer"]
        return made[-1] if made else None

    def actions(self, ago: int) -> set[str]:
        """Names of the actions that ran that many turns ago (0: in this one)."""
        if len(self.turns) <= ago:
            return set()
        return {event["name"] for event in self.turns[-1 - ago] if event["event"] == "action" and event.get("name")}

    def texts(self) -> Iterator[str]:
        """What the customer wrote in this session, newest first."""
        for events in reversed(self.turns):
            text = events[0].get("text") or ""
            if text and not text.startswith("/"):
                yield text


@dataclass
class Outcome:
    """Replies and events, collected in order."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def say(
        self,
        response: str | None = None,
        *,
        text: str | None = None,
        buttons: Sequence[Button] = (),
        custom: Mapping[str, Any] | None = None,
        **values: object,
    ) -> "Outcome":
        """Add a reply: a response of the domain, filled with `values`, or a text of its own."""
        message = {"response": response, "text": text, "buttons": list(buttons), "json_message": custom}
        self.messages.append({key: value for key, value in message.items() if value} | values)
        return self

    def set(self, **slots: object) -> "Outcome":
        self.events += [SlotSet(name, value) for name, value in slots.items()]
        return self

    def then(self, event: Mapping[str, Any]) -> "Outcome":
        self.events.append(dict(event))
        return self
