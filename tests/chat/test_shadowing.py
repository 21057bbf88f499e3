"""A candidate beside the one that answers: asked about allowed turns only, never in the way, without their words."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tactful.chat.engine import Intent, Outcome
from tactful.chat.engines import Engines, Pointer, Shadow
from tactful.chat.shadowing import Shadowing
from tactful.errors import NotFound
from tactful.learn.agreement import agreement
from tactful.profile import consent
from tactful.store.tables import messages, shadow_turns, subjects
from tests.chat.conftest import Chat

URL, ID = "http://127.0.0.1:1", "s" * 32
SHADOW = Pointer(url=URL, shadow=Shadow(id=ID, url="http://127.0.0.1:2", model="candidate", sha256="0" * 64))


class Candidate:
    """An engine that understands everything as a request for help, unless it is away."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away")
        self.heard.append(json.loads(request.content)["text"])
        return httpx.Response(200, json={"intent": {"name": "help", "confidence": 0.9}})


class House:
    """A chat with a shadow."""

    def __init__(self, chat: Chat, folder: Path, waiting: int = 200) -> None:
        self.chat, self.candidate, self.pointer = chat, Candidate(), folder / "engine.json"
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.candidate))
        engines = Engines(URL, self.pointer)
        self.shadowing = Shadowing(chat.database, chat.policy, engines, client, "secret", chat.clock, waiting)
        SHADOW.write(self.pointer)

    def allow(self, granted: bool = True) -> None:
        with self.chat.database.begin() as tx:
            consent.put(
                tx, self.chat.session.subject_id, "training", granted,
                policy=self.chat.policy, signer=self.chat.memory._signer, now=self.chat.clock(),
            )  # fmt: skip

    def turn(self, seq: int, text: str = "where is PERSON_1", intent: str = "help", **more: Any) -> None:
        message = {"conversation_id": self.chat.session.conversation_id, "seq": seq, "author": "customer"}
        self.shadowing.offer(
            message | {"kind": "text", "text": text} | more,  # type: ignore[arg-type]
            Outcome(messages=[], intent=Intent(name=intent, confidence=0.8), model="champion"),
        )

    def listen(self) -> None:
        async def some() -> None:
            while await self.shadowing._some():
                pass
            await self.shadowing._some()

        asyncio.run(some())

    def found(self) -> Any:
        with self.chat.database.read() as tx:
            return agreement(tx, ID)


@pytest.fixture
def house(chat: Chat, tmp_path: Path) -> House:
    return House(chat, tmp_path)


def test_agreement_is_counted_and_a_change_is_named_by_its_message(house: House) -> None:
    house.allow()
    house.turn(1)
    house.turn(3, intent="billing_invoice")
    house.listen()
    found = house.found()
    assert (found.compared, found.agreed, found.surer) == (2, 1, 1)
    assert [(flip.live, flip.shadow, flip.count) for flip in found.flips] == [("billing_invoice", "help", 1)]
    assert found.flips[0].examples == [(house.chat.session.conversation_id, 3)]
    assert [(each.name, each.turns, each.agreed) for each in found.languages] == [("unknown", 2, 1)]


def test_without_consent_to_training_nobody_is_asked(house: House) -> None:
    house.turn(1)
    house.listen()
    house.allow()
    house.allow(granted=False)
    house.turn(3)
    house.listen()
    assert house.candidate.heard == []
    assert (house.found().compared, house.found().refused) == (0, 2)


def test_what_is_pressed_or_minted_or_said_by_the_bot_is_not_heard(house: House) -> None:
    house.allow()
    house.turn(1, kind="choice")
    house.turn(2, kind="event")
    house.turn(3, author="bot")
    house.listen()
    assert house.candidate.heard == []
    with pytest.raises(NotFound):
        house.found()


def test_when_it_is_behind_turns_are_dropped_and_counted(chat: Chat, tmp_path: Path) -> None:
    house = House(chat, tmp_path, waiting=2)
    house.allow()
    for seq in range(5):
        house.turn(seq)  # nobody waits
    house.listen()
    assert (house.found().compared, house.found().dropped) == (2, 3)


def test_a_candidate_that_does_not_answer_is_counted_and_harms_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tactful.chat.shadowing.RESTING_S", 0.0)
    house.allow()
    house.candidate.away = True
    house.turn(1)
    house.listen()
    assert (house.found().compared, house.found().failed) == (0, 1)


def test_without_a_shadow_nothing_is_kept_in_memory(house: House) -> None:
    Pointer(url=URL).write(house.pointer)
    house.turn(1)
    SHADOW.write(house.pointer)
    house.allow()
    house.listen()
    assert house.candidate.heard == []


def test_no_words_are_kept_and_all_of_it_goes_with_the_conversation(house: House) -> None:
    house.allow()
    house.turn(1, text="a very rare sentence")
    house.listen()
    with house.chat.database.read() as tx:
        row = tx.execute(select(shadow_turns)).mappings().one()
    assert "rare" not in str(dict(row))
    with house.chat.database.begin() as tx:
        tx.execute(messages.delete())
        tx.execute(subjects.delete())
    with house.chat.database.read() as tx:
        assert tx.execute(select(shadow_turns)).first() is None


def test_restricted_data_counts_nowhere(house: House) -> None:
    house.allow()
    house.turn(1)
    house.listen()
    with house.chat.database.begin() as tx:
        tx.execute(subjects.update().values(restricted=True))
    assert house.found().compared == 0


def test_the_words_that_wait_do_not_print(house: House) -> None:
    house.turn(1, text="a very rare sentence")
    assert "rare" not in repr(house.shadowing._queue.queue)
