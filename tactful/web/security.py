"""What stands before every request: size, rate, and headers that keep a page to its own files."""

import asyncio
import secrets
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tactful.errors import TactfulError, TooLarge, TooSlow
from tactful.logs import ids
from tactful.metrics import Metrics
from tactful.web.addresses import network
from tactful.web.errors import as_response
from tactful.web.limits import Limits

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}"

LIMITED = ("/api", "/console")


class SecurityHeaders:
    """Strict headers on every answer; API answers are never cached."""

    def __init__(self, app: ASGIApp, frame_ancestors: str, *, https: bool = False) -> None:
        self.app = app
        self.fixed = {
            "content-security-policy": CSP.format(frame_ancestors=frame_ancestors),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
            "cross-origin-opener-policy": "same-origin",
        }
        if https:  # of this host alone: others are not the door's
            self.fixed["strict-transport-security"] = "max-age=63072000"
        self._of_the_api = _raw(self.fixed | {"cache-control": "no-store"})
        # The widget is loaded by the company's own pages, on other origins.
        self._of_pages = _raw(self.fixed | {"cross-origin-resource-policy": "cross-origin"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _ in given}
                ours = self._of_the_api if scope["path"].startswith("/api") else self._of_pages
                message["headers"] = given + [pair for pair in ours if pair[0] not in names]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class BodyLimit:
    """Refuses a body above `largest` bytes, announced or not, before anyone reads it whole, and one that is too slow.

    `larger` names paths that may take more. A body may take `seconds` and what it needs at `SLOWEST` bytes a second.
    """

    SLOWEST = 65_536

    def __init__(self, app: ASGIApp, largest: int, larger: Mapping[str, int], seconds: float = 20.0) -> None:
        self.app, self.largest, self.larger, self.seconds = app, largest, larger, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        largest = self.larger.get(scope["path"], self.largest)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > largest:
            return await _too_large(largest)(scope, receive, send)
        seen, whole, started = 0, False, False
        refusal: Response | None = None
        until = asyncio.get_running_loop().time() + self.seconds + largest / self.SLOWEST

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen, whole, refusal
            if whole:  # what comes now is only that the client left
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                refusal = as_response(TooSlow())
                refusal.headers["connection"] = "close"
                raise _BodyRefused from None
            whole = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > largest:
                refusal = _too_large(largest)
                raise _BodyRefused
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            # Whatever the application makes of the interrupted body, the answer is ours.
            if started or refusal is None:
                started = True
                await send(message)

        with suppress(_BodyRefused):
            await self.app(scope, counted, watched)
        if refusal is not None and not started:
            await refusal(scope, receive, send)


def _too_large(largest: int) -> Response:
    return as_response(TooLarge(f"The request is too large: at most {largest:,} bytes."))


class _BodyRefused(Exception):
    """More bytes came than are allowed, or they came too slowly."""


class Observed:
    """Gives every request an id, which its lines in the log and its answer bear, and counts the answers.

    An id from outside is not taken: it could be anything, in a log.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._counted = {digit: metrics.responses.labels(f"{digit}xx") for digit in range(1, 6)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        number = secrets.token_hex(8)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = number
                if count := self._counted.get(message["status"] // 100):
                    count.inc()
            await send(message)

        with ids.belonging(ids.REQUEST, number):
            await self.app(scope, receive, counted)


class RequestLimit:
    """The rate limit of all requests of one client address."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(LIMITED) and scope.get("client"):
            try:
                self.limits.requests.spend(network(scope["client"][0]))
            except TactfulError as error:
                return await as_response(error)(scope, receive, send)
        await self.app(scope, receive, send)
