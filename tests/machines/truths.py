"""What must be true of every conversation, whatever happened to the machines."""

import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, create_engine, text

from tests.machines.customers import Customer
from tests.machines.installation import Installation


def check(people: Sequence[Customer], installed: Installation) -> None:
    """Every accepted message was answered, once, in order; the engines' own history has each message once."""
    for person in people:
        _heard_once_and_in_order(person)
    store = create_engine(_driver(installed.database))
    trackers = create_engine(_driver(installed.trackers))
    with store.connect() as doors, trackers.connect() as engines:
        for person in people:
            rows = doors.execute(
                text("SELECT seq, author, status, reply_to FROM messages WHERE conversation_id = :id ORDER BY seq"),
                {"id": person.conversation},
            ).all()
            assert not [row for row in rows if row.author == "customer" and row.status != "answered"]
            stored = {row.seq: row.reply_to for row in rows if row.author != "customer"}
            assert {message["seq"]: message["reply_to"] for message in _replies(person)}.items() <= stored.items()
            said = _said(engines, person.conversation)
            assert [message for message, times in Counter(said).items() if times > 1] == []
            assert said == sorted(said, key=lambda message: int(message.rpartition(":")[2]))
            assert {f"{person.conversation}:{seq}" for seq in person.accepted} <= set(said)
    store.dispose()
    trackers.dispose()


def _said(engines: Connection, conversation: str) -> list[str]:
    """Ids of the messages in the engines' history, in order.

    A long session goes on under a new start, with copies of its last turns that bear the start's time: left out here.
    """
    rows = engines.execute(
        text("SELECT type_name, timestamp, data FROM events WHERE sender_id = :id ORDER BY id"), {"id": conversation}
    ).all()
    starts = {row.timestamp for row in rows if row.type_name == "session_started"}
    return [
        json.loads(row.data)["message_id"] for row in rows if row.type_name == "user" and row.timestamp not in starts
    ]


def _heard_once_and_in_order(person: Customer) -> None:
    numbers = [message["seq"] for message in person.heard]
    assert numbers == sorted(set(numbers)), "a message came twice, or out of order"
    answered = [message["reply_to"] for message in _replies(person) if message["reply_to"]]
    assert answered == sorted(answered), "replies to different messages are interleaved"
    assert set(person.accepted) <= set(answered), "a promised answer did not come"


def _replies(person: Customer) -> list[dict[str, int]]:
    return [message for message in person.heard if message["author"] != "customer"]


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
