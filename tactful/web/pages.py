"""Pages and files: the demo page, the widget, the cards' drawings, transparency, the API's description."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.staticfiles import StaticFiles

from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile.transparency import told
from tactful.times import iso
from tactful.travel.drawings import DRAWINGS, drawing
from tactful.web.session import Tactful

router = APIRouter(include_in_schema=False)

_templates = Environment(loader=PackageLoader("tactful.web"), autoescape=select_autoescape(), trim_blocks=True)
_templates.filters |= {
    "told": told,
    "sentence": lambda words: words[:1].upper() + words[1:],
    "iso": iso,
    "day": lambda ms: f"{datetime.fromtimestamp(ms / 1000, UTC):%-d %B %Y, %H:%M} UTC",
    "percent": lambda share: f"{share:.1%}",
}

HOUR = {"cache-control": "public, max-age=3600"}
BRIEFLY = {"cache-control": "public, max-age=300"}
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


@dataclass(frozen=True, slots=True)
class Kind:
    """What is hidden under one name, as people call it; `days` that its value is kept."""

    label: str
    treatment: str
    days: int
    count: int


def hidden_kinds(policy: Policy, counts: Mapping[str, int]) -> list[Kind]:
    """Every kind that does not stay readable, with how often it was found; types of one name are one kind."""
    kinds: dict[tuple[str, str, int], int] = {}
    for type_, entity in policy.entities.items():
        if entity.treatment != "keep":
            kind = entity.label, entity.treatment, entity.retention_days
            kinds[kind] = kinds.get(kind, 0) + counts.get(type_, 0)
    return [Kind(*kind, count) for kind, count in kinds.items()]


@router.get("/privacy")
async def privacy(tactful: Tactful) -> Response:
    """What is kept and why, in plain words, from privacy.yml, and what came of it, in figures about nobody."""
    figures = await to_thread.run_sync(tactful.transparency.figures)
    page = _templates.get_template("privacy.html").render(
        policy=tactful.policy, figures=figures, hidden=hidden_kinds(tactful.policy, figures.hidden)
    )
    return HTMLResponse(page, headers=BRIEFLY)


@router.get("/api/docs")
async def docs(request: Request) -> Response:
    """The API's description, readable without a script from elsewhere."""
    return HTMLResponse(_templates.get_template("api.html").render(api=request.app.openapi()))
