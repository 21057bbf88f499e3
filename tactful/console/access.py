"""Who may come in. Each route states it as a dependency: `Annotated[Staff, Depends(allow(Role.REVIEWER))]`.

A path that is not theirs looks to somebody like one that does not exist. Who is not signed in is led to the sign-in
page, from every path alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from anyio import to_thread
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from tactful.bootstrap import Services
from tactful.console.staff import EVERYONE, Role, Staff
from tactful.errors import NotFound, Unauthorised

# Chromium and Firefox take a secure cookie over plain HTTP from this machine itself, so there is one name for both.
COOKIE = "__Host-tactful-console"
HOME = "/console"
SIGN_IN = "/console/sign-in"


class SignInNeeded(Unauthorised):
    """Nobody is signed in, or no longer."""

    code, message = "sign_in_needed", "Sign in to go on."


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in who has one of the roles. `unattended`: the page asks by itself, which keeps no session alive."""

    roles: frozenset[Role]
    unattended: bool = False

    async def __call__(self, request: Request) -> Staff:
        """Errors: `SignInNeeded`, `NotFound`."""
        staff = await signed_in(request, seen=not self.unattended)
        if not staff.may(*self.roles):
            raise NotFound
        return staff


def allow(*roles: Role, unattended: bool = False) -> Gate:
    """A dependency that lets in who has one of these roles."""
    return Gate(frozenset(roles), unattended)


ANYBODY = allow(*EVERYONE)  # who is signed in


async def signed_in(request: Request, *, seen: bool = True) -> Staff:
    """Whose session this request carries. Errors: `SignInNeeded`."""
    services: Services = request.app.state.services
    token = request.cookies.get(COOKIE, "")
    found = await to_thread.run_sync(lambda: services.staff_sessions.find(token, seen=seen)) if token else None
    if found is None:
        raise SignInNeeded
    request.state.staff = found.staff
    return found.staff


def gate_of(route: BaseRoute) -> Gate | None:
    """The gate before a route, if it has one."""
    if not isinstance(route, APIRoute):
        return None
    return next((each.call for each in route.dependant.dependencies if isinstance(each.call, Gate)), None)


def gated(routes: Iterable[BaseRoute]) -> Iterator[tuple[APIRoute, Gate]]:
    """The routes that have a gate."""
    for route in routes:
        if isinstance(route, APIRoute) and (gate := gate_of(route)):
            yield route, gate


def to_sign_in(request: Request) -> Response:
    """Where somebody goes who is not signed in; afterwards they come back to where they were."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD") or request.headers.get("hx-request"):
        back = _page_of(request)
    where = SIGN_IN if back == HOME else f"{SIGN_IN}?next={quote(back, safe='/')}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": where})
    return RedirectResponse(where, status_code=303)


def local(path: str | None) -> str:
    """A path to come back to: within the console, or its home."""
    inside = path and (path == HOME or path.startswith((f"{HOME}/", f"{HOME}?")))
    safe = inside and path and "\\" not in path and path.isprintable() and not path.startswith(SIGN_IN)
    return path if safe and path else HOME


def _page_of(request: Request) -> str:
    """The page on which somebody pressed a button: htmx names it in full."""
    shown = request.headers.get("hx-current-url", "")
    host = request.headers.get("host", "")
    _, found, path = shown.partition(f"//{host}")
    return local(path) if found and host else HOME


def start_session(response: Response, token: str, seconds: int) -> Response:
    """Give the browser its session."""
    response.set_cookie(COOKIE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
    return response


def end_session(response: Response) -> Response:
    """Take the session from the browser, and what it has kept of pages."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache"'
    return response
