"""Every error as one shape: `{"error": {"code", "message"}}`. Nothing that was sent is quoted back."""

import logging
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from tactful.errors import BadRequest, NotFound, TactfulError
from tactful.logs.line import place_of

log = logging.getLogger(__name__)


def as_response(error: TactfulError) -> JSONResponse:
    headers = {"Retry-After": str(error.retry_after or 2)} if error.status in (429, 503) else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        {"error": {"code": error.code, "message": str(error)}}, status_code=error.status, headers=headers
    )


Answer = Callable[[Request, TactfulError], Response]


def install(app: FastAPI, pages: Mapping[str, Answer]) -> None:
    """Map what can go wrong in a request. `pages`: paths under which people read the answer, and who writes it."""

    def answer(request: Request, error: TactfulError) -> Response:
        for path, written in pages.items():
            if request.url.path == path or request.url.path.startswith(f"{path}/"):
                return written(request, error)
        return as_response(error)

    @app.exception_handler(TactfulError)
    async def ours(request: Request, error: TactfulError) -> Response:
        return answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # Where and why, without the value: it may be personal.
        places = sorted({".".join(str(part) for part in problem["loc"][1:]) or "body" for problem in error.errors()})
        return answer(request, BadRequest(f"Not usable: {', '.join(places)[:200]}."))

    @app.exception_handler(RecursionError)
    async def too_deep(request: Request, error: RecursionError) -> Response:
        return answer(request, BadRequest("The JSON is nested too deeply."))

    @app.exception_handler(HTTPException)
    async def starlettes(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return answer(request, NotFound())
        known = BadRequest(error.detail if isinstance(error.detail, str) else None)
        known.status = error.status_code
        return answer(request, known)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        log.error("request failed: %s in %s", type(error).__name__, place_of(error))
        return answer(request, TactfulError())
