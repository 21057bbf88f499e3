"""Pages and files: the demo page, the widget, the cards' drawings, transparency, the API's description."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.staticfiles import StaticFiles

from tactful.errors import NotFound
from tactful.travel.drawings import DRAWINGS, drawing
from tactful.web.session import Tactful

router = APIRouter(include_in_schema=False)

_templates = Environment(loader=PackageLoader("tactful.web"), autoescape=select_autoescape(), trim_blocks=True)

HOUR = {"cache-control": "public, max-age=3600"}
FRESH = {"cache-control": "no-cache"}  # asked for again each time, answered 304 while unchanged


def mount(app: FastAPI, project: Path) -> None:
    """Serve the widget's files and the demo page from the project's `widget/`."""
    app.mount("/widget", StaticFiles(directory=project / "widget"), name="widget")
    app.mount("/assets", StaticFiles(directory=Path(__file__).parent / "assets"), name="assets")


@router.get("/")
async def demo(tactful: Tactful) -> Response:
    return FileResponse(tactful.settings.project / "widget/demo/index.html", headers=FRESH)


@router.get("/widget.js")
async def loader(tactful: Tactful) -> Response:
    return FileResponse(tactful.settings.project / "widget/widget.js", media_type="text/javascript", headers=FRESH)


@router.get("/cards/{interest}.svg")
async def card(interest: str) -> Response:
    if interest not in DRAWINGS:
        raise NotFound
    return Response(_drawing(interest), media_type="image/svg+xml", headers=HOUR)


@cache
def _drawing(interest: str) -> str:
    return drawing(interest)


@router.get("/privacy")
async def privacy(tactful: Tactful) -> Response:
    """What is kept and why, in plain words, from privacy.yml."""
    return HTMLResponse(_templates.get_template("privacy.html").render(policy=tactful.policy))


@router.get("/api/docs")
async def docs(request: Request) -> Response:
    """The API's description, readable without a script from elsewhere."""
    return HTMLResponse(_templates.get_template("api.html").render(api=request.app.openapi()))
