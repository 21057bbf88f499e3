"""`/api/me`: what a customer can see and do about what is known of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, RootModel, StrictBool

from tactful.bootstrap import Services
from tactful.errors import TactfulError
from tactful.web.session import CurrentSession, Tactful

router = APIRouter(prefix="/api/me", tags=["your data"])

LINES = "application/x-ndjson"


class Changes(RootModel[dict[str, Any]]):
    """Attribute → new value; null deletes."""


class Consents(RootModel[dict[str, StrictBool]]):
    """Purpose → given, or objected to."""


class Document(RootModel[dict[str, Any]]):
    """An export."""


class Restriction(BaseModel):
    restricted: StrictBool


class Merge(BaseModel):
    """The token of the anonymous conversation."""

    token: str = Field(min_length=1, max_length=2048)


@router.get("/profile")
async def profile(session: CurrentSession, tactful: Tactful) -> dict[str, Any]:
    """What is known, why, how it was learned, and until when it is kept."""
    return {"attributes": await to_thread.run_sync(tactful.rights.profile, session.subject_id)}


@router.patch("/profile")
async def correct(session: CurrentSession, tactful: Tactful, changes: Changes) -> dict[str, Any]:
    """Correct or delete values. All or nothing."""
    changed = await to_thread.run_sync(tactful.rights.rectify, session.subject_id, changes.root)
    if changed:
        await tactful.profile_changed(session.subject_id)
    return {
        "changed": changed,
        "attributes": await to_thread.run_sync(tactful.rights.profile, session.subject_id),
    }


@router.get("/consents")
async def consents(session: CurrentSession, tactful: Tactful) -> dict[str, Any]:
    """Purpose → granted; under `purposes`, each with its label, why, what others would see, since when, its receipt."""
    return await to_thread.run_sync(tactful.rights.consents, session.subject_id)


@router.put("/consents")
async def consent(session: CurrentSession, tactful: Tactful, given: Consents) -> dict[str, Any]:
    """Give or withdraw consent; effective from the next turn. The new state, and a signed receipt for each change."""
    now = await to_thread.run_sync(tactful.rights.consent, session.subject_id, given.root)
    await tactful.profile_changed(session.subject_id)
    return now


@router.get("/receipts")
async def receipts(session: CurrentSession, tactful: Tactful) -> dict[str, Any]:
    """Every receipt of consent, newest first."""
    return {"receipts": await to_thread.run_sync(tactful.rights.receipts, session.subject_id)}


@router.get("/receipts/{receipt_id}")
async def receipt(session: CurrentSession, tactful: Tactful, receipt_id: str) -> dict[str, Any]:
    """One receipt of consent."""
    return await to_thread.run_sync(tactful.rights.receipt, session.subject_id, receipt_id)


@router.get("/access")
async def access(session: CurrentSession, tactful: Tactful) -> dict[str, Any]:
    """What is known, in full: values, sources, purposes, end dates, how often a person looked, which models learned."""
    return await to_thread.run_sync(tactful.rights.access, session.subject_id)


@router.get("/export", response_class=Response)
async def export(
    session: CurrentSession, tactful: Tactful, format: Annotated[Literal["json", "html"], Query()] = "json"
) -> Response:
    """Everything that is kept, to take along: a signed JSON document (schema: /api/schemas/export.json), or a page."""
    headers = {"Content-Disposition": f'attachment; filename="tactful-export.{format}"'}
    if format == "html":
        return HTMLResponse(await to_thread.run_sync(tactful.rights.page, session.subject_id), headers=headers)
    return JSONResponse(await to_thread.run_sync(tactful.rights.export, session.subject_id), headers=headers)


@router.post("/import")
async def take_in(session: CurrentSession, tactful: Tactful, document: Document) -> dict[str, Any]:
    """Take an export back in. Conversations and answers come only from one that was signed here."""
    done = await to_thread.run_sync(tactful.rights.take_in, session.subject_id, document.root)
    await tactful.profile_changed(session.subject_id)
    return done


@router.put("/restriction")
async def restrict(session: CurrentSession, tactful: Tactful, wanted: Restriction) -> dict[str, bool]:
    """Pause the use of everything that is kept, or take it up again. Meanwhile messages are neither read nor kept."""
    await to_thread.run_sync(tactful.rights.restrict, session.subject_id, wanted.restricted)
    await tactful.profile_changed(session.subject_id)
    return {"restricted": wanted.restricted}


@router.put("/objections")
async def object_to(session: CurrentSession, tactful: Tactful, wanted: Consents) -> dict[str, list[str]]:
    """Object to purposes (true), or no longer (false). An objection outweighs a consent."""
    objections = await to_thread.run_sync(tactful.rights.object_to, session.subject_id, wanted.root)
    await tactful.profile_changed(session.subject_id)
    return {"objections": objections}


@router.get("/requests")
async def requests(session: CurrentSession, tactful: Tactful) -> dict[str, Any]:
    """What was asked for under these rights, when, until when it is due, and how far it got."""
    return {"requests": await to_thread.run_sync(tactful.rights.requests, session.subject_id)}


@router.post("/merge")
async def merge(session: CurrentSession, tactful: Tactful, other: Merge) -> dict[str, Any]:
    """Take over an anonymous conversation, by its token; the caller's own token is the known customer's."""
    anonymous = tactful.tokens.verify_returning(other.token).subject_id
    merged = await to_thread.run_sync(tactful.rights.merge, anonymous, session.subject_id)
    await tactful.profile_changed(session.subject_id)
    return {"merged": merged}


@router.delete("", response_class=Response)
async def erase(session: CurrentSession, tactful: Tactful, accept: Annotated[str | None, Header()] = None) -> Response:
    """Erase everything: the steps that were done, and rows erased by table.

    With `Accept: application/x-ndjson`, a line for each step as it is done. After a failure, ask again: it goes on.
    """
    if accept and LINES in accept:
        return StreamingResponse(_erasing(tactful, session.subject_id), media_type=LINES)
    return JSONResponse(await tactful.erase(session.subject_id))


async def _erasing(tactful: Services, subject_id: str) -> AsyncIterator[str]:
    loop, steps = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any] | None]()

    def told(step: dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, step)

    erasure = asyncio.create_task(tactful.erase(subject_id, told=told))
    erasure.add_done_callback(lambda _: told(None))
    while (step := await steps.get()) is not None:
        yield _line(step)
    try:
        done = await erasure
    except Exception as error:
        # The answer began with 200: that it failed can only be said in it.
        known = error if isinstance(error, TactfulError) else TactfulError()
        yield _line({"error": {"code": known.code, "message": str(known)}})
        return
    yield _line({"erased": done["erased"], "request": done["request"]})


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
