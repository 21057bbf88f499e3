"""`/console/live`: who waits for a person, and the conversation that one has taken over."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Header, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tactful.bootstrap import Services
from tactful.chat.bell import heard_within
from tactful.console.access import COOKIE, allow
from tactful.console.rendering import back, page, templates
from tactful.console.showing import Shown, shown
from tactful.console.staff import Role, Staff
from tactful.console.takeover import LOST, Hold
from tactful.errors import Conflict, NotAllowed, NotFound
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/live", include_in_schema=False)
Agent = Annotated[Staff, Depends(allow(Role.AGENT))]
Unattended = Annotated[Staff, Depends(allow(Role.AGENT, unattended=True))]

LINE = "/console/live"
LOOK_S, PING_S = 3.0, 15.0  # news ring the bell; what does not (a sign-out) is seen this late


@router.get("")
async def line(request: Request, tactful: Tactful, staff: Agent) -> Response:
    """The line, longest waiting first."""
    now = tactful.clock()
    listed = await to_thread.run_sync(tactful.waiting.line, staff)
    return page(request, "live.html", line=listed, now=now)


@router.post("/presence")
async def presence(tactful: Tactful, staff: Unattended, since: Annotated[int, Query()] = 0) -> Response:
    """A page of the console is open: what this agent holds stays theirs. What the badges say, and who is new."""
    await to_thread.run_sync(tactful.takeover.beat, staff)
    counts = await to_thread.run_sync(tactful.waiting.counts, staff)
    new = await to_thread.run_sync(tactful.waiting.since, since) if since else 0
    return JSONResponse(counts | {"new": new})


@router.get("/{conversation_id}")
async def conversation(request: Request, tactful: Tactful, staff: Agent, conversation_id: str) -> Response:
    """A conversation that they hold; of one that they do not, nothing but whether it can be taken."""
    try:
        hold = await to_thread.run_sync(tactful.takeover.held, conversation_id, staff)
    except NotFound:
        about = await to_thread.run_sync(tactful.waiting.one, conversation_id)
        return page(request, "live_closed.html", about=about, now=tactful.clock())
    seen = await to_thread.run_sync(shown, tactful.database, tactful.vault, tactful.accounts, hold, 0)
    about = await to_thread.run_sync(tactful.waiting.one, conversation_id)
    return page(request, "live_conversation.html", hold=hold, seen=seen, about=about, now=tactful.clock())


@router.post("/{conversation_id}/take")
async def take(tactful: Tactful, staff: Agent, conversation_id: str) -> Response:
    """Take it over."""
    try:
        await to_thread.run_sync(tactful.takeover.take, conversation_id, staff)
    except (Conflict, NotAllowed) as refusal:
        return back(LINE, str(refusal))
    return back(f"{LINE}/{conversation_id}")


@router.post("/{conversation_id}/answer")
async def answer(
    tactful: Tactful,
    staff: Agent,
    conversation_id: str,
    fence: Annotated[int, Form()],
    message_id: Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")],
    text: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Send an answer. Errors say that nothing was sent."""
    await tactful.takeover.answer(Hold(conversation_id, staff, fence), message_id, text)
    return Response(status_code=204)


@router.post("/{conversation_id}/typing")
async def typing(tactful: Tactful, staff: Agent, conversation_id: str, fence: Annotated[int, Form()]) -> Response:
    await to_thread.run_sync(tactful.takeover.typing, Hold(conversation_id, staff, fence))
    return Response(status_code=204)


@router.post("/{conversation_id}/back")
async def hand_back(
    tactful: Tactful,
    staff: Agent,
    conversation_id: str,
    fence: Annotated[int, Form()],
    summary: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Hand back to the assistant; the customer reads the summary."""
    await tactful.takeover.hand_back(Hold(conversation_id, staff, fence), summary)
    return back(LINE, "The assistant has the conversation again.")


@router.post("/{conversation_id}/put-back")
async def put_back(tactful: Tactful, staff: Agent, conversation_id: str, fence: Annotated[int, Form()]) -> Response:
    """Put it back in line for a colleague."""
    await to_thread.run_sync(tactful.takeover.put_back, Hold(conversation_id, staff, fence))
    return back(LINE, "The conversation is back in line.")


@router.get("/{conversation_id}/events")
async def events(
    request: Request,
    tactful: Tactful,
    staff: Unattended,
    conversation_id: str,
    fence: Annotated[int, Query()],
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Server-sent events: `message` (HTML), `placeholders` (HTML), `lost` (why, and nothing follows)."""
    hold = await to_thread.run_sync(tactful.takeover.held, conversation_id, staff)
    if hold.fence != fence:
        raise Conflict(LOST)
    if last_event_id and last_event_id.isdecimal():
        after = max(after, int(last_event_id[:9]))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = _events(tactful, hold, after, request.cookies.get(COOKIE, ""))
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _events(tactful: Services, hold: Hold, after: int, token: str) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    known, quiet = "", 0.0
    with tactful.bell.listening(hold.conversation_id) as heard:
        while not tactful.closing.is_set():
            seen = await to_thread.run_sync(_look, tactful, hold, after, token)
            if seen is None:
                yield _event("lost", LOST)
                return
            for message in seen.messages:
                after = message.seq
                yield _event("message", templates.get_template("live_message.html").render(message=message), after)
            chips = templates.get_template("live_placeholders.html").render(seen=seen)
            if chips != known:
                known = chips
                yield _event("placeholders", chips)
            quiet = 0.0 if await heard_within(heard, LOOK_S) else quiet + LOOK_S
            if quiet >= PING_S:
                quiet = 0.0
                yield ": ping\n\n"


def _look(tactful: Services, hold: Hold, after: int, token: str) -> Shown | None:
    """What is new; None when it is no longer theirs, or they are signed out."""
    found = tactful.staff_sessions.find(token, seen=False)
    if found is None or not found.staff.may(Role.AGENT):
        return None
    try:
        if tactful.takeover.held(hold.conversation_id, hold.staff).fence != hold.fence:
            return None
        return shown(tactful.database, tactful.vault, tactful.accounts, hold, after)
    except NotFound:
        return None


def _event(name: str, data: str, number: int | None = None) -> str:
    line = f"id: {number}\n" if number is not None else ""
    return f"{line}event: {name}\ndata: {json.dumps(data)}\n\n"
