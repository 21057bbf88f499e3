"""The console within the door's application: its pages in order, its files, and what answers for all other paths."""

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from tactful.console.access import ANYBODY, SignInNeeded, to_sign_in
from tactful.console.pages import (
    account,
    accounts,
    agreement,
    audit,
    bulk,
    charts,
    home,
    link,
    live,
    missed,
    models,
    oidc,
    queues,
    reveals,
    selection,
    sign_in,
    training,
    turns,
    views,
)
from tactful.console.rendering import STATIC, error_page
from tactful.errors import NotFound, TactfulError

PAGES = (
    home,
    sign_in,
    oidc,
    link,
    account,
    accounts,
    queues,
    selection,
    turns,
    bulk,
    views,
    agreement,
    missed,
    reveals,
    live,
    models,
    training,
    charts,
    audit,
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

unknown = APIRouter(prefix="/console", include_in_schema=False)


@unknown.api_route("/{path:path}", methods=METHODS, dependencies=[Depends(ANYBODY)])
async def nothing(request: Request, path: str) -> Response:
    """A slash at the end is a habit of typing: it leads to the page without one."""
    if request.method in ("GET", "HEAD") and (path == "" or path.endswith("/")):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.url.path.rstrip('/')}{query}", status_code=307)
    raise NotFound


def mount(app: FastAPI) -> None:
    """Add the console's routes; the last one takes whatever is not there."""
    app.mount("/console/static", Files(directory=STATIC), name="console-static")
    for router in (*(module.router for module in PAGES), unknown):
        app.include_router(router)
    app.state.console_routes = [route for module in PAGES for route in module.router.routes]


def answer_to(request: Request, error: TactfulError) -> Response:
    """What a console page says when something cannot be done."""
    return to_sign_in(request) if isinstance(error, SignInNeeded) else error_page(request, error)


class Files(StaticFiles):
    """Named with their digest, so that a browser may keep them."""

    async def get_response(self, path: str, scope: object) -> Response:
        answer = await super().get_response(path, scope)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer
