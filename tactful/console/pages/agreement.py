"""`/console/agreement`: how far reviewers agree."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tactful.console.access import allow
from tactful.console.agreement import overall
from tactful.console.rendering import page
from tactful.console.staff import Role, Staff
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)


@router.get("/agreement")
async def show(
    request: Request,
    tactful: Tactful,
    staff: Annotated[Staff, Depends(allow(Role.REVIEWER, Role.TRAINER, Role.AUDITOR))],
) -> Response:
    pairs = await to_thread.run_sync(tactful.agreements.pairs)
    names = await to_thread.run_sync(tactful.accounts.names)
    return page(
        request, "agreement.html", pairs=pairs, names=names, overall=overall(pairs), needed=tactful.reviews.needed
    )
