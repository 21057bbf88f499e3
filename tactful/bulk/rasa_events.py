"""A conversation of Rasa as a document: what was said and understood is redacted, what happened stays, all else goes.

Kept of an event: what it is, when, its name (of a slot, an action or an intent). Redacted: text, entities, slots.
Dropped: metadata, buttons and attachments, message ids, senders, predictions.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tactful.bulk.documents import Document, Reason, Text
from tactful.privacy.redactor import Redacted

Event = Mapping[str, Any]
_NAME = re.compile(r"[\w/.+-]{1,80}")
_FORCED = re.compile(r"(/[\w+/-]{1,80})\s*[{@]")  # an intent that was forced, with its entities as JSON
_SPOKEN = ("user", "bot")


def conversation(row: int, events: Sequence[Event], label: str | None = None) -> Document:
    """The document of the conversation whose first event is the archive's number `row`.

    It is called so in the output, or by the `label` if there are several: Rasa's own ids can be telephone numbers.
    """
    cells = [cell for number, event in enumerate(events) for cell in _cells(number, event)]
    questions = _questions(events)
    texts = [Text(text, asked or questions[number]) for number, _, text, asked in cells]

    def write(redacted: Sequence[Redacted | None]) -> str | Reason:
        found = {cell[:2]: each for cell, each in zip(cells, redacted, strict=True)}
        rows = [_written(number, event, found) for number, event in enumerate(events)]
        return json.dumps({"conversation": label or str(row), "events": rows}, ensure_ascii=False)

    return Document(row, texts, write, conversation=label or str(row), by_message=True)


Cell = tuple[int, str, str, str | None]  # event's number, place in the event, text, question that it answers


def _cells(number: int, event: Event) -> Iterator[Cell]:
    text = event.get("text")
    if event.get("event") in _SPOKEN and isinstance(text, str):
        yield number, "text", _unforced(text), None
    for place, entity in enumerate(_entities(event)):
        if isinstance(entity.get("value"), str | int | float):
            yield number, f"entity {place}", str(entity["value"]), _asked_by(entity.get("entity"))
    if event.get("event") == "slot":
        for place, value in enumerate(_values(event.get("value"))):
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                yield number, f"value {place}", str(value), _asked_by(event.get("name"))


def _entities(event: Event) -> list[Mapping[str, Any]]:
    parsed = event.get("parse_data")
    found = parsed.get("entities") if event.get("event") == "user" and isinstance(parsed, dict) else None
    return [entity for entity in found if isinstance(entity, dict)] if isinstance(found, list) else []


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _unforced(text: str) -> str:
    forced = _FORCED.match(text)
    return forced[1] if forced else text


def _asked_by(name: object) -> str | None:
    """A slot or an entity that is called `phone_number` answers the question for it."""
    return f"What is your {name.replace('_', ' ')}?" if isinstance(name, str) else None


def _questions(events: Sequence[Event]) -> list[str | None]:
    """For each event, what the bot had said last, if this is the user's answer to it."""
    last: str | None = None
    questions: list[str | None] = []
    for event in events:
        questions.append(last if event.get("event") == "user" else None)
        if event.get("event") == "bot" and isinstance(event.get("text"), str):
            last = event["text"]
        elif event.get("event") == "user":
            last = None
    return questions


def _written(number: int, event: Event, redacted: Mapping[tuple[int, str], Redacted | None]) -> dict[str, Any]:
    kind = event.get("event")
    row: dict[str, Any] = {"event": _named(kind), "timestamp": _number(event.get("timestamp"))}
    if "name" in event:
        row["name"] = _named(event["name"])
    if (number, "text") in redacted:
        row |= _text(redacted[number, "text"])
    if kind == "user":
        parsed = event.get("parse_data")
        intent = parsed.get("intent") if isinstance(parsed, dict) else None
        row["intent"] = _named(intent.get("name")) if isinstance(intent, dict) else None
        row["entities"] = [
            {"entity": _named(entity.get("entity")), "value": _value(redacted, (number, f"entity {place}"), None)}
            for place, entity in enumerate(_entities(event))
        ]
    elif kind == "slot":
        values = event.get("value")
        done = [_value(redacted, (number, f"value {place}"), each) for place, each in enumerate(_values(values))]
        row["value"] = done if isinstance(values, list) else done[0]
    return row


def _text(redacted: Redacted | None) -> dict[str, Any]:
    return {"text": "", "withheld": True} if redacted is None else {"text": redacted.text}


def _value(redacted: Mapping[tuple[int, str], Redacted | None], place: tuple[int, str], value: object) -> object:
    if place not in redacted:
        return value if isinstance(value, bool) else None
    found = redacted[place]
    if found is None or isinstance(value, str) or value is None or found.spans:
        return found.text if found else None
    return value


def _named(name: object) -> str | None:
    return name if isinstance(name, str) and _NAME.fullmatch(name) else None


def _number(value: object) -> float | int | None:
    return value if isinstance(value, int | float) else None
