"""`/console/oidc`: there to the company's own sign-in, and back."""

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tactful.console.access import COOKIE, SIGN_IN, local, start_session
from tactful.console.oidc import TICKET_S
from tactful.console.rendering import back
from tactful.errors import NotFound, Unauthorised
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/oidc", include_in_schema=False)
TICKET = "__Host-tactful-oidc"


@router.get("")
async def leave(tactful: Tactful, next: str = "") -> Response:
    """To the provider, which sends the browser back to `/console/oidc/callback`."""
    if tactful.oidc is None:
        raise NotFound
    begun = await tactful.oidc.begin(local(next))
    answer = RedirectResponse(begun.url, status_code=303)
    answer.set_cookie(
        TICKET, begun.ticket, max_age=TICKET_S, path="/", secure=True, httponly=True, samesite="lax"
    )  # fmt: skip
    return answer


@router.get("/callback")
async def come_back(request: Request, tactful: Tactful) -> Response:
    """Sign in whom the provider names; the ticket is good for one try."""
    if tactful.oidc is None:
        raise NotFound
    ticket = request.cookies.get(TICKET, "")
    try:
        identity, wanted = await tactful.oidc.finish(ticket, dict(request.query_params))
        before = request.cookies.get(COOKIE)
        token = await to_thread.run_sync(tactful.sign_in.from_elsewhere, identity, before)
        answer = start_session(back(local(wanted)), token, tactful.staff_sessions.seconds)
    except Unauthorised as refusal:
        answer = back(SIGN_IN, str(refusal))
    answer.delete_cookie(TICKET, path="/", secure=True, httponly=True, samesite="lax")
    return answer
