"""The door's channel: who may call it, what a text may not do, and what an answer holds."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, Dict, List

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from tactful_engine.actions_endpoint import PART_AWAY, ActionsEndpoint, failures
from tactful_engine.channel import DoorChannel, answer, as_plain_text, circumstances, events_of, let_go, trackers
from tactful_engine.lean_actions import LATEST_EVENTS, call_format, validate_result


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/restart", "restart"),
        ('  //\t/inform{"level": "developer"}', 'inform{"level": "developer"}'),
        ("/", "slash"),
        (" / / ", "slash"),
        ("and/or", "and/or"),
        ("hello", "hello"),
    ],
)
def test_a_customers_text_cannot_force_an_intent(text: str, heard: str) -> None:
    assert as_plain_text(text) == heard


@pytest.mark.parametrize(
    ("secret", "header", "allowed"),
    [
        ("s3cret", "Bearer s3cret", True),
        ("s3cret", "Bearer other", False),
        ("s3cret", "s3cret", False),
        ("s3cret", None, False),
        ("", "Bearer ", False),
        ("", None, False),
    ],
)
def test_only_the_bearer_of_the_secret_may_call(secret: str, header: Any, allowed: bool) -> None:
    request: Any = SimpleNamespace(headers={"authorization": header} if header is not None else {})
    assert DoorChannel(secret).allows(request) is allowed


def a_turn(message_id: str, text: str) -> List[Event]:
    parsed: Dict[str, Any] = {
        "intent": {"name": "greet", "confidence": 0.9, "id": 1},
        "intent_ranking": [{"name": "greet", "confidence": 0.9}],
    }
    return [
        UserUttered(text, parse_data=parsed, message_id=message_id),
        SlotSet("level", "developer"),
        ActionExecuted("utter_greet"),
        BotUttered(f"answer to {text}", data={"buttons": None, "custom": None}),
        BotUttered(None, data={"custom": {"cards": []}, "buttons": [{"title": "Yes"}]}),
    ]


def test_a_repeated_message_is_answered_from_its_own_events_only() -> None:
    events = a_turn("m1", "one") + a_turn("m2", "two")
    first = events_of(events, "m1")
    assert first is not None
    assert next(event.text for event in first if isinstance(event, BotUttered)) == "answer to one"
    assert len(first) == 5
    assert events_of(events, "m3") is None


def test_an_answer_holds_what_was_said_understood_learned_and_done() -> None:
    assert answer(a_turn("m1", "one"), repeated=False) == {
        "messages": [{"text": "answer to one"}, {"buttons": [{"title": "Yes"}], "custom": {"cards": []}}],
        "intent": {"name": "greet", "confidence": 0.9},
        "ranking": [{"name": "greet", "confidence": 0.9}],
        "slots": {"level": "developer"},
        "actions": ["utter_greet"],
        "repeated": False,
    }


def test_an_answer_names_the_model_and_the_tone_it_was_given_in() -> None:
    processor = SimpleNamespace(model_filename="models/tactful-1a2b.tar.gz")
    tracker = SimpleNamespace(get_slot={"tone": "developer"}.get)
    assert circumstances(processor, tracker) == {"model": "tactful-1a2b", "tone": "developer"}
    tracker = SimpleNamespace(get_slot={}.get)
    assert circumstances(SimpleNamespace(model_filename=None), tracker) == {"model": "", "tone": ""}


def test_an_action_is_sent_the_latest_events_and_no_domain() -> None:
    events: List[Event] = [UserUttered(f"text {number}") for number in range(LATEST_EVENTS + 50)]
    tracker = DialogueStateTracker.from_events("c1", events, [])
    call = call_format(RemoteAction("action_tell", EndpointConfig("http://localhost")), tracker, Domain.empty())
    assert [event["text"] for event in call["tracker"]["events"]] == [event.text for event in events[-LATEST_EVENTS:]]
    assert "domain" not in call
    assert call["next_action"] == "action_tell"


@pytest.mark.parametrize("result", [{}, {"events": [{"event": "slot"}], "responses": [{"text": "hi"}]}])
def test_an_actions_answer_of_the_right_shape_passes(result: Any) -> None:
    assert validate_result(RemoteAction("action_tell", None), result)


@pytest.mark.parametrize(
    "result", [None, [], {"events": {}}, {"events": ["slot"]}, {"events": [{"name": "x"}]}, {"responses": "hi"}]
)
def test_an_actions_answer_of_another_shape_is_refused(result: Any) -> None:
    with pytest.raises(RasaException, match="action_tell"):
        validate_result(RemoteAction("action_tell", None), result)


class Answering:
    """An action server, on a free loopback port, that answers each call with a status."""

    def __init__(self, status: int) -> None:
        self.status = status

    async def __aenter__(self) -> str:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/webhook"

    async def __aexit__(self, *_: Any) -> None:
        self.server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = [f"HTTP/1.1 {self.status} X", "Content-Type: application/json", "Content-Length: 2", "Connection: close"]
        writer.write("\r\n".join([*head, "", "{}"]).encode())
        await writer.drain()
        writer.close()


@pytest.mark.parametrize(
    ("status", "noted"), [(200, []), (400, []), (500, ["ClientResponseError"]), (503, [PART_AWAY])]
)
def test_an_action_that_fails_is_noted_for_its_turn_and_one_that_declines_is_not(status: int, noted: List[str]) -> None:
    async def call() -> List[str]:
        failed: List[str] = []
        failures.set(failed)
        async with Answering(status) as url:
            endpoint = ActionsEndpoint.replacing(EndpointConfig(url))
            with suppress(ClientResponseError):
                assert await endpoint.request(json={}) == {}
            await endpoint.session().close()
        return failed

    assert asyncio.run(call()) == noted


def test_an_action_server_that_is_away_is_noted() -> None:
    async def call() -> List[str]:
        failed: List[str] = []
        failures.set(failed)
        endpoint = ActionsEndpoint.replacing(EndpointConfig("http://127.0.0.1:9/webhook"))
        with pytest.raises(OSError, match=""):
            await endpoint.request(json={})
        await endpoint.session().close()
        return failed

    assert asyncio.run(call()) == [PART_AWAY]


def test_an_action_that_one_door_does_not_answer_is_asked_of_another() -> None:
    async def call() -> List[List[str]]:
        failed: List[str] = []
        failures.set(failed)
        async with Answering(503) as leaving, Answering(200) as well:
            endpoint = ActionsEndpoint.replacing(
                EndpointConfig("http://127.0.0.1:9/webhook", others=[leaving, well], headers={})
            )
            assert await endpoint.request(json={}) == {}
            order = endpoint.in_order
            await endpoint.session().close()
        return [failed, order[:1], [well]]

    failed, first, well = asyncio.run(call())
    assert failed == []
    assert first == well  # the next one does not wait for those again


def test_a_conversation_is_let_go_only_once_the_turn_under_way_has_ended() -> None:
    async def story() -> List[str]:
        agent: Any = SimpleNamespace(lock_store=InMemoryLockStore())
        happened: List[str] = []

        async def turn() -> None:
            async with agent.lock_store.lock("c"):
                await asyncio.sleep(0.3)
                trackers.keep(DialogueStateTracker.from_events("c", []))
                happened.append("saved")

        async def forget() -> None:
            await asyncio.sleep(0.1)
            await let_go(agent, ["other", "c"])
            happened.append("let go")

        await asyncio.gather(turn(), forget())
        return happened

    assert asyncio.run(story()) == ["saved", "let go"]
    assert "c" not in trackers._trackers
