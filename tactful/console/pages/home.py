"""`/console`: where somebody starts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tactful.console.access import ANYBODY
from tactful.console.rendering import page
from tactful.console.staff import ABOUT, Staff

router = APIRouter(prefix="/console", include_in_schema=False)


@router.get("")
async def home(request: Request, staff: Annotated[Staff, Depends(ANYBODY)]) -> Response:
    """What this member of staff can do here."""
    return page(request, "home.html", about=ABOUT)
