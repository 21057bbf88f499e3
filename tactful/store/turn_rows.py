"""A turn of the engine's as one value: its events in brief, compressed with what the assistant always says, and back.

A list. A text is an action; true or false is whether the customer's words were used as features; a number is how many
milliseconds pass before what follows; anything else is {kind of event: its main word, …}. Times count back from the
last event's. What is compressed begins with `MARK` and the number of its dictionary in the table `dictionaries`.

The engine's Python is another one, so this file stands in `tactful/store/` and in `engine/tactful_engine/`; a test
holds them the same. It needs nothing else. To look into a store:

    python3 tactful/store/turn_rows.py engine.db [CONVERSATION]
"""

import json
import sqlite3
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

Event = dict[str, Any]

TURN, SESSION = "turn", "session"  # kinds of rows; the second has a session's start in it
DICTIONARIES = "CREATE TABLE IF NOT EXISTS dictionaries (id INTEGER PRIMARY KEY, data BLOB NOT NULL)"
MARK = b"\xf5T"
NUMBERED = len(MARK) + 4  # bytes before what is compressed
WINDOW = 32_768  # bytes that zlib looks back
CHANNEL = "door"
MAIN = {
    "action": "name",
    "action_execution_rejected": "name",
    "active_loop": "name",
    "bot": "text",
    "followup": "name",
    "loop_interrupted": "is_interrupted",
    "slot": "name",
    "user": "text",
    "user_featurization": "use_text_for_featurization",
}


def packed(events: Iterable[Event], conversation: str) -> str:
    """Events in brief, as JSON; confidences keep four digits, times their milliseconds."""
    told, held = list(events), list[Any]()
    end = told[-1]["timestamp"]
    before = None
    for event in told:
        left = round((end - event["timestamp"]) * 1000)
        if before is not None and before != left:
            held.append(before - left)
        before = left
        held.append(_brief(event, conversation))
    return json.dumps(held, separators=(",", ":"), ensure_ascii=False)


def unpacked(text: str, conversation: str, at: float) -> list[Event]:
    """The events of a row; one, if the row is as Rasa writes it. `at`: of the row, the time of its last event.

    Errors: `ValueError` for what is neither.
    """
    held = json.loads(text)
    if isinstance(held, dict):
        return [held]
    if not isinstance(held, list):
        raise ValueError("neither an event nor a turn")
    left = sum(each for each in held if type(each) is int)
    events = []
    for each in held:
        if type(each) is int:
            left -= each
        else:
            events.append(_in_full(each, conversation) | {"timestamp": at - left / 1000 if left else at})
    return events


def number_of(dictionary: bytes) -> int:
    """By what a dictionary says of itself: the same one has the same number everywhere."""
    return zlib.crc32(dictionary)


def compressor(dictionary: bytes) -> Callable[[str], bytes]:
    """What makes a text short that is like the dictionary."""
    head = MARK + number_of(dictionary).to_bytes(4, "big")
    primed = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zdict=dictionary)  # more takes three times as long

    def compress(text: str) -> bytes:
        own = primed.copy()
        return head + own.compress(text.encode("utf-8", "surrogatepass")) + own.flush()

    return compress


def dictionary_needed(data: bytes) -> int:
    """The number of the dictionary with which a row was compressed."""
    return int.from_bytes(data[len(MARK) : NUMBERED], "big")


def text_of(data: str | bytes, dictionaries: Mapping[int, bytes]) -> str:
    """The JSON of a row. Errors: `ValueError` when it is damaged, or of a dictionary that is not there."""
    if isinstance(data, str):
        return data
    dictionary = dictionaries.get(dictionary_needed(data))
    if not data.startswith(MARK) or dictionary is None:
        raise ValueError("compressed with a dictionary that is not there")
    try:
        return zlib.decompressobj(-15, zdict=dictionary).decompress(data[NUMBERED:]).decode("utf-8", "surrogatepass")
    except zlib.error:
        raise ValueError("damaged") from None


def _brief(event: Event, conversation: str) -> Any:
    kind = event["event"]
    rest = {name: value for name, value in event.items() if name not in ("event", "timestamp")}
    if kind == "user":
        _user_in_brief(rest, conversation)
    elif kind == "bot":
        _bot_in_brief(rest)
    main = rest.pop(MAIN.get(kind, ""), None)
    bare = str if kind == "action" else bool if kind == "user_featurization" else None
    return main if bare and not rest and type(main) is bare else {kind: main, **rest}


def _in_full(each: Any, conversation: str) -> Event:
    if isinstance(each, str):
        return {"event": "action", "name": each}
    if isinstance(each, bool):
        return {"event": "user_featurization", "use_text_for_featurization": each}
    (kind, main), *rest = each.items()
    event: Event = {"event": kind, **({MAIN[kind]: main} if main is not None else {}), **dict(rest)}
    if kind == "user":
        _user_in_full(event, conversation)
    elif kind == "bot":
        _bot_in_full(event)
    return event


def _user_in_brief(event: Event, conversation: str) -> None:
    if str(event.get("message_id")).startswith(f"{conversation}:"):
        event["id"] = event.pop("message_id")[len(conversation) + 1 :]
    if event.get("input_channel") == CHANNEL:
        del event["input_channel"]
    else:
        event.setdefault("input_channel", None)
    parsed = dict(event.pop("parse_data", {}))
    if means := _means(parsed.get("intent"), parsed.get("intent_ranking")):
        event["means"] = means
        del parsed["intent"], parsed["intent_ranking"]
    if parsed:
        event["parse_data"] = parsed


def _means(intent: Any, ranking: Any) -> dict[str, float] | None:
    """Intent → confidence, best first; None where that does not say all."""
    if not intent or not ranking or not all(each.keys() == {"name", "confidence"} for each in (intent, *ranking)):
        return None
    means = {each["name"]: round(each["confidence"], 4) for each in ranking}
    best = ranking[0]
    if len(means) < len(ranking) or best["name"] != intent["name"] or None in means:
        return None
    if abs(best["confidence"] - intent["confidence"]) > 0.001:
        return None
    return means | {best["name"]: round(intent["confidence"], 4)}


def _user_in_full(event: Event, conversation: str) -> None:
    if "id" in event:
        event["message_id"] = f"{conversation}:{event.pop('id')}"
    if event.setdefault("input_channel", CHANNEL) is None:
        del event["input_channel"]
    event.setdefault("parse_data", {})  # Rasa asks it for an intent
    if means := event.pop("means", None):
        ranking = [{"name": name, "confidence": confidence} for name, confidence in means.items()]
        event["parse_data"] = {"intent": dict(ranking[0]), **event["parse_data"], "intent_ranking": ranking}


def _bot_in_brief(event: Event) -> None:
    named, data = event.get("metadata") or {}, event.get("data") or {}
    if named and named.keys() <= {"utter_action", "template"} and len(set(named.values())) == 1:
        event["as"] = [*named, event.pop("metadata")["utter_action"]] if len(named) > 1 else named["utter_action"]
        event.pop("metadata", None)
    if data.keys() == {"buttons"} and all(each.keys() == {"title", "payload"} for each in data["buttons"]):
        event["buttons"] = [[each["title"], each["payload"]] for each in event.pop("data")["buttons"]]


def _bot_in_full(event: Event) -> None:
    if "as" in event:
        *names, told = event["as"] if isinstance(event["as"], list) else ["utter_action", event["as"]]
        event["metadata"] = dict.fromkeys(names, told)
        del event["as"]
    if "buttons" in event:
        pairs = event.pop("buttons")
        event["data"] = {"buttons": [{"title": title, "payload": payload} for title, payload in pairs]}


def dictionaries_of(database: sqlite3.Connection) -> dict[int, bytes]:
    """Every dictionary of a store, by its number."""
    there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'dictionaries'").fetchone()
    return dict(database.execute("SELECT id, data FROM dictionaries")) if there else {}


def events_in(path: str, conversation: str = "%") -> Iterator[Event]:
    """What an SQLite store holds, as Rasa has it, each event with its `sender_id`."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        known = dictionaries_of(database)
        rows = "SELECT sender_id, timestamp, data FROM events WHERE sender_id LIKE ? ORDER BY id"
        for sender, at, data in database.execute(rows, (conversation,)):
            yield from ({"sender_id": sender, **event} for event in unpacked(text_of(data, known), sender, at))


if __name__ == "__main__":
    for each in events_in(*sys.argv[1:]):
        print(json.dumps(each, ensure_ascii=False))
