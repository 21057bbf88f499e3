"""Without a session: what a receipt of consent says, for whoever has its code, also years after the tab was closed;
the key that receipts and exports are signed with; the export's schema.
"""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request

from tactful.profile.rights import document
from tactful.web.session import Tactful, caller

router = APIRouter(prefix="/api", tags=["receipts"])


@router.get("/receipts/key")
async def key(tactful: Tactful) -> dict[str, str]:
    """The public key that receipts and exports are signed with (Ed25519, as a JSON Web Key, RFC 8037)."""
    return tactful.signer.public_key


@router.get("/receipts/{code}")
async def receipt(tactful: Tactful, request: Request, code: str) -> dict[str, Any]:
    """The receipt, whether its signature is valid, and whether what it says still stands. It names nobody."""
    tactful.limits.receipts.spend(caller(request))
    return await to_thread.run_sync(tactful.rights.receipt_by_code, code)


@router.get("/schemas/export.json")
async def export_schema() -> dict[str, Any]:
    """JSON Schema of the export."""
    return document.schema()
