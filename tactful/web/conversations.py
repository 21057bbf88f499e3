"""`/api/conversations`: begin, send, listen, look."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal, Self

from anyio import to_thread
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field, model_validator
from starlette.responses import StreamingResponse

from tactful.bootstrap import Services
from tactful.chat.bell import heard_within
from tactful.chat.conversations import View
from tactful.chat.sessions import Session
from tactful.console.ratings import DOWN, UP
from tactful.errors import StoreUnavailable, TooMany
from tactful.web.session import ClaimedSession, CurrentSession, Tactful, bearer, caller

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

PING_S = 15.0
LONGEST_WAIT_S = 30
HIGHEST = 2**31 - 1  # number of a message, as the store holds it
MOST_LISTENERS = 12  # of one conversation: tabs of one customer
FULL_S = 5  # until one who found no place may ask again


class Begin(BaseModel):
    """How a customer comes in."""

    customer_token: str | None = Field(None, max_length=8192, description="JWT from the company's own site")
    previous_token: str | None = Field(None, max_length=2048, description="token of an earlier conversation")
    channel: Literal["widget", "api"] = Field("api", description="through what the customer talks to us")


class Begun(BaseModel):
    conversation_id: str
    token: str
    expires_at: datetime


class Message(BaseModel):
    """A typed text, or a press on a button."""

    client_message_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    text: str | None = None
    choice: str | None = Field(None, max_length=64)

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.text is None) == (self.choice is None):
            raise ValueError("send either text or choice")
        return self


class Sent(BaseModel):
    seq: int
    status: str


class Rating(BaseModel):
    """What the customer thinks of a reply; null takes it back."""

    rating: Literal["up", "down"] | None


RATINGS = {"up": UP, "down": DOWN, None: None}


@router.post("", status_code=201)
async def begin(tactful: Tactful, request: Request, body: Begin | None = None) -> Begun:
    """Begin a conversation: as a known customer, as the same anonymous one as before, or as a new one."""
    tactful.limits.conversations.spend(caller(request))
    body = body or Begin()
    session = await to_thread.run_sync(
        partial(
            tactful.begin,
            body.customer_token,
            body.previous_token or bearer(request),
            channel=body.channel,
            language=preferred(request.headers.get("accept-language", "")),
        )
    )
    tactful.runner.wake(session.conversation_id)
    expires = datetime.now(UTC) + timedelta(seconds=tactful.tokens.valid_seconds)
    return Begun(conversation_id=session.conversation_id, token=tactful.tokens.mint(session), expires_at=expires)


@router.post("/{conversation_id}/messages", status_code=202)
async def send(session: ClaimedSession, tactful: Tactful, message: Message) -> Sent:
    """Accept a message. 202 is a promise: it is stored, redacted, and will be answered exactly once."""
    tactful.limits.messages.spend(session.conversation_id)
    if message.choice is not None:
        accepted = await tactful.intake.choice(session, message.client_message_id, message.choice)
    else:
        with tactful.metrics.stages.accepting() as course:
            accepted = await tactful.intake.text(session, message.client_message_id, message.text or "")
        if accepted.status == "pending":
            tactful.metrics.stages.hand_on(course, session.conversation_id, accepted.seq)
    tactful.bell.ring(session.conversation_id)
    if accepted.work:
        tactful.runner.hand(accepted.work)
    elif accepted.status == "pending":
        tactful.runner.wake(session.conversation_id)
    return Sent(seq=accepted.seq, status=accepted.status)


@router.put("/{conversation_id}/messages/{seq}/rating", status_code=204)
async def rate(
    session: CurrentSession, tactful: Tactful, seq: Annotated[int, Path(ge=1, le=HIGHEST)], given: Rating
) -> None:
    """Thumbs up or down for a reply; the last one counts."""
    tactful.limits.messages.spend(session.conversation_id)
    await to_thread.run_sync(tactful.ratings.rate, session.conversation_id, seq, RATINGS[given.rating])


@router.get("/{conversation_id}/messages")
async def look(
    session: CurrentSession,
    tactful: Tactful,
    after: Annotated[int, Query(ge=0, le=HIGHEST)] = 0,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S, description="seconds to wait for something new")] = 0,
) -> dict[str, Any]:
    """Messages with a number above `after`, in order."""
    if wait:
        _a_place(tactful, session)
    deadline = asyncio.get_running_loop().time() + wait
    with tactful.bell.listening(session.conversation_id) as heard:
        while True:
            view = await to_thread.run_sync(tactful.conversations.view, session.conversation_id, after)
            left = deadline - asyncio.get_running_loop().time()
            if view is None:
                return {"messages": [], "state": "erased"}
            if view.messages or left <= 0 or tactful.closing.is_set():
                return {"messages": view.messages, "state": view.state, "agent": view.agent}
            await heard_within(heard, left)


@router.get("/{conversation_id}/events", response_class=StreamingResponse)
async def listen(
    session: CurrentSession,
    tactful: Tactful,
    after: Annotated[int, Query(ge=0, le=HIGHEST)] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Server-sent events: `message`, `typing`, `state`. `Last-Event-ID` resumes."""
    _a_place(tactful, session)
    if last_event_id and last_event_id.isdecimal():
        after = max(after, int(last_event_id[:9]))
    return StreamingResponse(
        _events(tactful, session, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _a_place(tactful: Services, session: Session) -> None:
    """Errors: `TooMany` when as many listen to this conversation as may."""
    if tactful.bell.listeners(session.conversation_id) >= MOST_LISTENERS:
        raise TooMany("This conversation is open in too many places.", retry_after=FULL_S)


async def _events(tactful: Services, session: Session, after: int) -> AsyncIterator[str]:
    """What changed since the last look, until the conversation is gone or the client is."""
    seen, now = Seen(after), asyncio.get_running_loop().time
    yield "retry: 1000\n\n"
    quiet_since = now()
    with tactful.bell.listening(session.conversation_id) as heard:
        while not tactful.closing.is_set():
            try:
                view = await to_thread.run_sync(tactful.conversations.view, session.conversation_id, seen.after)
            except StoreUnavailable:
                return  # the client comes back by itself, and through another door if there is one
            if view is None:
                yield _event("state", {"state": "erased"})
                return
            told = "".join(seen.told(view)) or (": ping\n\n" if now() >= quiet_since + PING_S else "")
            if told:
                yield told
                quiet_since = now()
            await heard_within(heard, max(0.0, quiet_since + PING_S - now()))


@dataclass(slots=True)
class Seen:
    """What one listener has been told."""

    after: int
    state: str = "bot"
    agent: str | None = None
    typing: bool = False

    def told(self, view: View) -> Iterator[str]:
        """The events that are new."""
        for message in view.messages:
            self.after = message["seq"]
            yield _event("message", message, self.after)
        if view.typing != self.typing:
            self.typing = view.typing
            yield _event("typing", {"on": self.typing})
        if (view.state, view.agent) != (self.state, self.agent):
            if self.state == "engine_down":
                yield _event("state", {"state": "engine_back"})
            self.state, self.agent = view.state, view.agent
            yield _event("state", {"state": self.state} | ({"agent": self.agent} if self.state == "agent" else {}))


def preferred(accepted: str) -> str:
    """The language that a browser asks for first (RFC 9110, 12.5.4), without its region; empty for none."""
    first = accepted.partition(",")[0].partition(";")[0].partition("-")[0].strip().lower()
    return first if first.isalpha() and 2 <= len(first) <= 3 else ""


def _event(name: str, data: dict[str, Any], number: int | None = None) -> str:
    line = f"id: {number}\n" if number is not None else ""
    return f"{line}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
