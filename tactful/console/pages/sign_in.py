"""`/console/sign-in` and `/console/sign-out`."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from tactful.console import access
from tactful.console.access import COOKIE, SignInNeeded, end_session, local, signed_in, start_session
from tactful.console.rendering import back, page
from tactful.errors import TooMany, Unauthorised
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)


@router.get("/sign-in")
async def form(request: Request, tactful: Tactful, next: str = "") -> Response:
    try:
        await signed_in(request)
    except SignInNeeded:
        return _page(request, tactful, local(next))
    return RedirectResponse(local(next), status_code=303)


@router.post("/sign-in")
async def enter(
    request: Request,
    tactful: Tactful,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in and go on to where one wanted to go."""
    address = request.client.host if request.client else ""
    before = request.cookies.get(COOKIE)
    try:
        token = await to_thread.run_sync(tactful.sign_in.with_password, login, password, address, before)
    except (Unauthorised, TooMany) as refusal:
        return _page(request, tactful, local(next), login=login, refusal=refusal)
    return start_session(back(local(next)), token, tactful.staff_sessions.seconds)


@router.post("/sign-out")
async def leave(request: Request, tactful: Tactful) -> Response:
    """End this session. Without one, the same answer."""
    await to_thread.run_sync(tactful.sign_in.out, request.cookies.get(COOKIE, ""))
    return end_session(back(access.SIGN_IN, "You are signed out."))


def _page(
    request: Request, tactful: Tactful, next: str, login: str = "", refusal: Unauthorised | TooMany | None = None
) -> Response:
    status = refusal.status if refusal else 200
    answer = page(
        request,
        "sign_in.html",
        status=status,
        next=next,
        login=login,
        refusal=refusal,
        insecure=_insecure(request),
        elsewhere=tactful.settings.oidc_label if tactful.settings.oidc_issuer else "",
    )
    if refusal and refusal.retry_after:
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer


def _insecure(request: Request) -> bool:
    """Whether the browser takes this page for insecure: it then keeps no session, and sends no such header."""
    return "mozilla" in request.headers.get("user-agent", "").lower() and "sec-fetch-site" not in request.headers
