"""`/console/account`: one's own."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tactful.console.access import ANYBODY, COOKIE, start_session
from tactful.console.rendering import back, page
from tactful.console.staff import ABOUT, Staff
from tactful.errors import BadRequest
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/account", include_in_schema=False)
Somebody = Annotated[Staff, Depends(ANYBODY)]


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Somebody) -> Response:
    return await _page(request, tactful, staff)


@router.post("/password")
async def change_password(
    request: Request,
    tactful: Tactful,
    staff: Somebody,
    old: Annotated[str, Form(max_length=2000)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Set a new password; every other session ends, and this one goes on under a new token."""
    try:
        if password != again:
            raise BadRequest("The two new passwords differ.")
        await to_thread.run_sync(tactful.accounts.change_password, staff.id, old, password)
    except BadRequest as refusal:
        return await _page(request, tactful, staff, refusal)
    token = await to_thread.run_sync(tactful.sign_in.fresh, staff.id, request.cookies.get(COOKIE))
    told = "Your password is changed. You are signed out everywhere else."
    return start_session(back("/console/account", told), token, tactful.staff_sessions.seconds)


async def _page(request: Request, tactful: Tactful, staff: Staff, refusal: BadRequest | None = None) -> Response:
    account = await to_thread.run_sync(tactful.accounts.get, staff.id)
    status = refusal.status if refusal else 200
    return page(request, "account.html", status=status, account=account, about=ABOUT, refusal=refusal)
