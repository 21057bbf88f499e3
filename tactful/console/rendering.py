"""Pages from templates: escaped, with the navigation of whoever looks, and a word about what was just done."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tactful.console.intents import title_of
from tactful.console.navigation import entries
from tactful.console.staff import Staff
from tactful.errors import TactfulError
from tactful.times import iso

STATIC = Path(__file__).parent / "static"
TOAST = "tactful-console-toast"
NO_ROBOTS = {"x-robots-tag": "noindex"}

templates = Environment(
    loader=PackageLoader("tactful.console"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: Request, name: str, /, *, status: int = 200, **context: Any) -> Response:
    """A whole page, or a part for htmx: whatever the template is. `context` reaches it as it is."""
    staff: Staff | None = getattr(request.state, "staff", None)
    told = unquote(request.cookies.get(TOAST, "")) if not request.headers.get("hx-request") else ""
    content = templates.get_template(name).render(
        request=request,
        path=request.url.path,
        staff=staff,
        navigation=entries(request.app, staff) if staff else [],
        toast=told,
        **context,
    )
    answer = HTMLResponse(content, status, headers=NO_ROBOTS)
    if told:
        answer.delete_cookie(TOAST, path="/console")
    return answer


def back(path: str, toast: str = "", status: int = 303) -> Response:
    """After an act: to a page, which says `toast` once. Never a customer's words."""
    answer = RedirectResponse(path, status_code=status)
    if toast:
        answer.set_cookie(TOAST, quote(toast), max_age=60, path="/console", httponly=True, samesite="lax")
    return answer


def error_page(request: Request, error: TactfulError) -> Response:
    """What went wrong, as a page; for htmx as a toast, which leaves the page as it is."""
    headers = {"Retry-After": str(error.retry_after or 2)} if error.status in (429, 503) else {}
    if request.headers.get("hx-request"):
        return Response(status_code=error.status, headers=headers | {"HX-Trigger": _event("toast", str(error))})
    answer = page(request, "error.html", status=error.status, error=error)
    answer.headers.update(headers)
    return answer


def say(response: Response, toast: str) -> Response:
    """Let the page say something once htmx has put this answer in."""
    response.headers["HX-Trigger"] = _event("toast", toast)
    return response


def _event(name: str, text: str) -> str:
    return json.dumps({name: text})  # headers are Latin-1: whatever is beyond goes as \u escapes


def _static(name: str) -> str:
    return f"/console/static/{name}?{_digests[name]}"


_digests: Mapping[str, str] = {
    file.name: sha256(file.read_bytes()).hexdigest()[:12] for file in STATIC.iterdir() if file.is_file()
}


def _duration(seconds: float) -> str:
    """A time that somebody waits, to the second."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _when(milliseconds: int | None) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%-d %b %Y, %H:%M} UTC" if milliseconds else "never"


templates.globals |= {"static": _static, "title_of": title_of}
templates.filters |= {
    "iso": iso,
    "when": _when,
    "duration": _duration,
    "plural": lambda n, one, many=None: one if n == 1 else many or one + "s",
}
