"""`/console/link/…`: a one-time link sets a password, and makes the first administrator."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from tactful.console.access import COOKIE, HOME, start_session
from tactful.console.rendering import back, page
from tactful.errors import BadRequest, Conflict
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/link", include_in_schema=False)


@router.get("/{token}")
async def form(request: Request, tactful: Tactful, token: str) -> Response:
    """Who opens the link sees whom it is for. Errors: `NotFound` for one that is used up."""
    return await _page(request, tactful, token)


@router.post("/{token}")
async def accept(
    request: Request,
    tactful: Tactful,
    token: str,
    login: Annotated[str, Form(max_length=200)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Set the password and sign in."""
    try:
        if password != again:
            raise BadRequest("The two passwords differ.")
        staff_id = await to_thread.run_sync(
            lambda: tactful.accounts.accept(token, password=password, login=login, name=name)
        )
    except (BadRequest, Conflict) as refusal:
        return await _page(request, tactful, token, login, name, refusal)
    session = await to_thread.run_sync(tactful.sign_in.fresh, staff_id, request.cookies.get(COOKIE))
    return start_session(back(HOME, "You are signed in."), session, tactful.staff_sessions.seconds)


async def _page(
    request: Request,
    tactful: Tactful,
    token: str,
    login: str = "",
    name: str = "",
    refusal: BadRequest | Conflict | None = None,
) -> Response:
    _, account = await to_thread.run_sync(tactful.accounts.look, token)
    status = refusal.status if refusal else 200
    return page(
        request, "link.html", status=status, token=token, account=account, login=login, name=name, refusal=refusal
    )
