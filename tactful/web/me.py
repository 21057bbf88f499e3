"""`/api/me`: what a customer can see and do about what is known of them."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import RootModel, StrictBool

from tactful.web.session import CurrentSession, Tactful

router = APIRouter(prefix="/api/me", tags=["your data"])


class Changes(RootModel[dict[str, Any]]):
    """Attribute → new value; null deletes."""


class Consents(RootModel[dict[str, StrictBool]]):
    """Purpose → given."""


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


@router.get("/export")
async def export(session: CurrentSession, tactful: Tactful) -> JSONResponse:
    """Everything that is kept, to take along."""
    content = await to_thread.run_sync(tactful.rights.export, session.subject_id)
    return JSONResponse(content, headers={"Content-Disposition": 'attachment; filename="tactful-export.json"'})


@router.delete("")
async def erase(session: CurrentSession, tactful: Tactful) -> dict[str, dict[str, int]]:
    """Erase everything; rows erased by table."""
    return {"erased": await tactful.erase(session.subject_id)}
