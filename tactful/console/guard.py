"""What stands before every console request: no act from another site's page, and headers of its own."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tactful.errors import BadRequest
from tactful.web.errors import as_response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class ConsoleGuard:
    """Refuses acts that come from elsewhere (by `Sec-Fetch-Site`, or `Origin` where a browser is older)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_console(scope["path"]):
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = CSP
                # Not "no-referrer": with it a browser names no origin when a form is sent.
                headers["referrer-policy"] = "same-origin"
                headers["cross-origin-resource-policy"] = "same-origin"
                headers.setdefault("cache-control", "no-store")
                del headers["access-control-allow-origin"]  # the API's, for widgets on other sites
            await send(message)

        if scope["method"] not in SAFE and not comes_from_here(Headers(scope=scope)):
            refusal = BadRequest("This came from another page. Go back to the console and try again.")
            refusal.status = 403
            return await as_response(refusal)(scope, receive, with_headers)
        await self.app(scope, receive, with_headers)


def is_console(path: str) -> bool:
    """Whether a path is one of the console's."""
    return path == "/console" or path.startswith("/console/")


def comes_from_here(headers: Headers) -> bool:
    """Whether a page of this very origin sent the request. One that says nothing of its origin does not."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    scheme, found, host = headers.get("origin", "").partition("://")
    return bool(found) and scheme in ("http", "https") and host == headers.get("host")
