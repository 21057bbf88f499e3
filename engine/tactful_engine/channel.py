"""The door's channel into Rasa: one turn in, everything the turn produced out.

Unlike Rasa's REST channel it asks for a secret, never answers an empty list for a failure, lets nobody force
an intent by typing "/", and answers a repeated message from the tracker instead of running it twice.
"""

import faulthandler
import gc
import hmac
import logging
import os
import re
import signal
import time
from functools import partial
from itertools import islice
from typing import Any, Awaitable, Callable, Dict, Iterable, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from tactful_engine import lean_actions, lean_trackers
from tactful_engine.actions_endpoint import PART_AWAY, ActionsEndpoint, failures, trace
from tactful_engine.carried_on import carried_on
from tactful_engine.kept_trackers import KeptTrackers, last_stored
from tactful_engine.lean_graph import lean_graph
from tactful_engine.lean_store import Overtaken, gone_on, lean, mark_stored

logger = logging.getLogger(__name__)

TRIES = 3  # of a turn that another engine's got ahead of: the second usually finds it answered

# Rasa strips white space before it looks for the slash that forces an intent, so both go together.
FORCING = re.compile(r"^[\s/]+")


# Whoever kills an engine that hangs asks it first where: every thread's place in the code, no values.
faulthandler.register(signal.SIGUSR1)
trackers = KeptTrackers()
lean_actions.apply()
lean_trackers.apply()


class TurnFailed(Exception):
    """The turn could not be completed; nothing of it was saved."""


class PartAway(Exception):
    """Nor could it, and it is not its fault: what it needs cannot be reached now."""


def as_plain_text(text: str) -> str:
    """A customer's text that cannot force an intent: "/restart" reads as "restart"."""
    return FORCING.sub("", text) or "slash"


class DoorChannel(InputChannel):
    """`POST /webhooks/door/turn`, `…/parse`, `…/forget`, `GET …/ready` and `…/alive`, for the bearer of the secret."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    @classmethod
    def name(cls) -> str:
        return "door"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "DoorChannel":
        """The secret comes from TACTFUL_ENGINE_SECRET; without one, every call is refused."""
        return cls(os.environ.get("TACTFUL_ENGINE_SECRET", ""))

    def allows(self, request: Request) -> bool:
        given = (request.headers.get("authorization") or "").encode()
        return bool(self.secret) and hmac.compare_digest(given, b"Bearer " + self.secret.encode())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("door", __name__)

        @door.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            if not self.allows(request):
                return json({"error": "not found"}, status=404)
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                return json({"ready": False}, status=503)
            try:
                return json({"ready": True, **await warm_up(agent)})
            except (OperationalError, PoolExhausted):
                return json({"ready": False, "tracker_store": "away"}, status=503)

        @door.route("/alive", methods=["GET"])
        async def alive(request: Request) -> HTTPResponse:
            """Asked by the supervisor: it needs the event loop and nothing else."""
            return json({"alive": True}) if self.allows(request) else json({"error": "not found"}, status=404)

        @door.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self.allows(request):
                return json({"error": "not found"}, status=404)
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                return json({"error": "not ready"}, status=503)
            trace.set(request.headers.get("traceparent") or "")
            try:
                return json(await run_turn(agent, request.json))
            except (PartAway, OperationalError, PoolExhausted) as error:
                logger.warning("turn put off: %s", type(error).__name__)
                return json({"error": "unavailable"}, status=503)
            except Exception as error:
                # The text of the error may quote the message, its type cannot.
                logger.error("turn failed: %s", type(error).__name__)
                return json({"error": type(error).__name__}, status=500)

        @door.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            if not self.allows(request):
                return json({"error": "not found"}, status=404)
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                return json({"error": "not ready"}, status=503)
            return json(await understood(agent, request.json["text"]))

        @door.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            if not self.allows(request):
                return json({"error": "not found"}, status=404)
            agent = request.app.ctx.agent
            if agent:
                await let_go(agent, request.json["conversations"])
            return json({"forgotten": True})

        return door


async def let_go(agent: Agent, conversations: Iterable[str]) -> None:
    """Keep nothing of these conversations at hand, once the turns under way in them have ended.

    The door deletes what is stored; under the lock, so that no turn that began before is saved after it.
    """
    for conversation in conversations:
        async with agent.lock_store.lock(conversation):
            trackers.drop(conversation)


def prepare(agent: Agent) -> MessageProcessor:
    """Take Rasa's safety nets away that hide failures, once per loaded model.

    `FailSafeTrackerStore` turns a failed read into a new conversation and a failed write into nothing.
    """
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.tracker_store._tracker_store
    lean(agent.tracker_store)
    processor = agent.processor
    if lean_graph(processor):
        # Rasa makes an empty domain to compare with, for every message.
        processor.domain.is_empty = partial(bool, processor.domain.is_empty())
    processor.tracker_store = agent.tracker_store
    if agent.action_endpoint and not isinstance(agent.action_endpoint, ActionsEndpoint):
        agent.action_endpoint = ActionsEndpoint.replacing(agent.action_endpoint)
    processor.action_endpoint = agent.action_endpoint
    return processor


async def understood(agent: Agent, text: str) -> Dict[str, Any]:
    """The intent of a text as it would be understood here. Nothing is saved, no tracker is read."""
    processor = prepare(agent)
    tracker = DialogueStateTracker.from_events("nobody", [], slots=processor.domain.slots)
    parsed = await processor.parse_message(UserMessage(as_plain_text(text), sender_id="nobody"), tracker)
    return {"intent": {key: (parsed.get("intent") or {}).get(key) for key in ("name", "confidence")}}


async def warm_up(agent: Agent) -> Dict[str, Any]:
    """Run one prediction that is never saved: the first one builds caches for a second or more.

    Errors: `OperationalError` when the store cannot be read.
    """
    processor = prepare(agent)
    tracker = DialogueStateTracker.from_events("warm-up", [], slots=processor.domain.slots)
    await processor.parse_message(UserMessage("hello", sender_id="warm-up"), tracker)
    if isinstance(processor.tracker_store, SQLTrackerStore):
        last_stored(processor.tracker_store, "warm-up")
    spare_the_loaded()
    return {"model": processor.model_filename, "tracker_store": type(processor.tracker_store).__name__}


def spare_the_loaded() -> None:
    """Once: the million objects that were loaded stay, so the garbage collector need not look at them again."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


async def run_turn(agent: Agent, turn: Dict[str, Any]) -> Dict[str, Any]:
    """Run one turn and save it, or save nothing and raise.

    Takes {conversation, message_id, text, forced, metadata};
    gives {messages, intent, ranking, slots, actions, repeated, model, tone}.
    A message_id that the tracker already holds is answered from it, also when another engine put it there meanwhile.
    """
    for _ in range(TRIES - 1):
        try:
            return await _run_turn(agent, turn)
        except Overtaken:
            logger.info("another engine was ahead in this conversation; looking again")
    return await _run_turn(agent, turn)


async def _run_turn(agent: Agent, turn: Dict[str, Any]) -> Dict[str, Any]:
    processor = prepare(agent)
    conversation, message_id = turn["conversation"], turn["message_id"]
    text = turn["text"] if turn.get("forced") else as_plain_text(turn["text"])
    output = CollectingOutputChannel()
    message = UserMessage(
        text, output, conversation, input_channel="door", message_id=message_id, metadata=turn.get("metadata")
    )
    failed: List[str] = []
    failures.set(failed)
    async with agent.lock_store.lock(conversation):
        tracker = await trackers.get(processor, conversation)
        earlier = events_of(tracker.events, message_id)
        if earlier is not None:
            trackers.keep(tracker)
            return answer(earlier, repeated=True) | circumstances(processor, tracker)
        before = len(tracker.events)
        mark_stored(tracker)
        if not in_session(processor, tracker):
            await processor._update_tracker_session(tracker, output)
        if len(tracker.events) == before and (new := carried_on(tracker, processor.domain)):
            tracker, before = gone_on(new, tracker), len(new.events)
        await processor._handle_message_with_tracker(message, tracker)
        tracker = await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # The limit of actions was reached; no rule would hold in what follows an unfinished turn.
            logger.error("a turn took too many actions")
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
        if failed and set(failed) == {PART_AWAY}:
            raise PartAway
        if failed:
            raise TurnFailed(", ".join(failed))
        await processor.save_tracker(tracker)
        trackers.keep(tracker)
    return answer(list(islice(tracker.events, before, None)), repeated=False) | circumstances(processor, tracker)


def in_session(processor: MessageProcessor, tracker: DialogueStateTracker) -> bool:
    """Whether the session goes on: something was done in it, and the customer spoke within its expiration time.

    Rasa asks for the last message that still counts, and in an open form no message does: it would close the session
    in the middle of a conversation.
    """
    if not tracker.events or not isinstance(tracker.events[-1], ActionExecuted):
        return False
    said = next((event for event in reversed(tracker.events) if isinstance(event, UserUttered)), None)
    minutes = processor.domain.session_config.session_expiration_time
    return said is None or not minutes or time.time() - said.timestamp <= minutes * 60


def circumstances(processor: MessageProcessor, tracker: DialogueStateTracker) -> Dict[str, str]:
    """Which model answered, by its file without the ending, and in which tone."""
    model = (processor.model_filename or "").split("/")[-1].replace(".tar.gz", "")
    return {"model": model, "tone": str(tracker.get_slot("tone") or "")}


def events_of(events: Iterable[Event], message_id: str) -> Optional[List[Event]]:
    """What followed the message with this id, up to the next message; None if it is not there."""
    found: Optional[List[Event]] = None
    for event in events:
        if type(event) is UserUttered:  # a tenth of what `isinstance` takes of Rasa's events, which are abstract
            if found is not None:
                break
            if event.message_id == message_id:
                found = []
        if found is not None:
            found.append(event)
    return found


def answer(events: List[Event], repeated: bool) -> Dict[str, Any]:
    """The turn's outcome, from its events."""
    said = next((event for event in events if isinstance(event, UserUttered)), None)
    parsed = said.parse_data if said else {}
    return {
        "messages": [as_message(event) for event in events if isinstance(event, BotUttered)],
        "intent": {key: (parsed.get("intent") or {}).get(key) for key in ("name", "confidence")},
        "ranking": [
            {"name": guess["name"], "confidence": guess["confidence"]}
            for guess in (parsed.get("intent_ranking") or [])[:5]
        ],
        "slots": {event.key: event.value for event in events if isinstance(event, SlotSet)},
        "actions": [event.action_name for event in events if isinstance(event, ActionExecuted)],
        "repeated": repeated,
    }


def as_message(event: BotUttered) -> Dict[str, Any]:
    data = event.data or {}
    message = {"text": event.text, "buttons": data.get("buttons"), "custom": data.get("custom")}
    return {key: value for key, value in message.items() if value}
