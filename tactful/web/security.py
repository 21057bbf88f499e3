"""What stands before every request: size, rate, and headers that keep a page to its own files."""

import secrets
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tactful.errors import TactfulError, TooLarge
from tactful.logs import ids
from tactful.metrics import Metrics
from tactful.web.errors import as_response
from tactful.web.limits import Limits

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}"

LIMITED = ("/api", "/console")


class SecurityHeaders:
    """Strict headers on every answer; API answers are never cached."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self.app = app
        self.fixed = {
            "content-security-policy": CSP.format(frame_ancestors=frame_ancestors),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
            "cross-origin-opener-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fixed.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api"):
                    headers.setdefault("cache-control", "no-store")
                else:
                    # The widget is loaded by the company's own pages, on other origins.
                    headers.setdefault("cross-origin-resource-policy", "cross-origin")
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses a body above `largest` bytes, announced or not, before anyone reads it whole.

    `larger` names paths that may take more.
    """

    def __init__(self, app: ASGIApp, largest: int, larger: Mapping[str, int]) -> None:
        self.app, self.largest, self.larger = app, largest, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        largest = self.larger.get(scope["path"], self.largest)
        announced = Headers(scope=scope).get("content-length", "")
        refusal = as_response(TooLarge(f"The request is too large: at most {largest:,} bytes."))
        if announced.isdecimal() and int(announced) > largest:
            return await refusal(scope, receive, send)
        seen, started = 0, False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > largest:
                raise _BodyTooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            # Whatever the application makes of the interrupted body, the answer is ours.
            if started or seen <= largest:
                started = True
                await send(message)

        with suppress(_BodyTooLarge):
            await self.app(scope, counted, watched)
        if seen > largest and not started:
            await refusal(scope, receive, send)


class _BodyTooLarge(Exception):
    """More bytes came than are allowed."""


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
                self.limits.requests.spend(scope["client"][0])
            except TactfulError as error:
                return await as_response(error)(scope, receive, send)
        await self.app(scope, receive, send)
