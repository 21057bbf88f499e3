"""The door's HTTP server: how long a client may take, how much it may send before it is known, how many may come."""

import asyncio
import logging
import resource
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httptools
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tactful.config import Settings
from tactful.web.addresses import Proxies, network

log = logging.getLogger(__name__)

SPARE_FILES = 256  # open files besides connections: database, detector, logs


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one connection, one address and all of them may take. Times in seconds, sizes in bytes."""

    connections: int = 2000
    per_address: int = 200
    trusted: Proxies = field(default_factory=Proxies)  # they speak for many
    head_s: float = 10.0
    head_bytes: int = 32_768
    unread_s: float = 60.0  # a client that reads nothing of what it asked for
    idle_s: int = 30  # between two requests


class Counted:
    """Connections that are open now, in all and by address."""

    def __init__(self) -> None:
        self.by_address: Counter[str] = Counter()

    def add(self, address: str, most: int, most_in_all: int) -> bool:
        """Count one more; whether it may be served."""
        self.by_address[address] += 1
        return self.by_address[address] <= most and self.by_address.total() <= most_in_all

    def remove(self, address: str) -> None:
        self.by_address[address] -= 1
        if self.by_address[address] <= 0:
            del self.by_address[address]


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which waits for ever and takes any head, with bounds."""

    bounds = Bounds()
    counted = Counted()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = ""
        self._refused = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = True
        self._refusal = 400

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address, bounds = self.client[0] if self.client else "", self.bounds
        self._address = network(address)
        most = bounds.connections if address in bounds.trusted else bounds.per_address
        if not self.counted.add(self._address, most, bounds.connections):
            self._refused = True
            self._refuse(503, "Too many connections. Please try again in a moment.")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.counted.remove(self._address)
        for timer in (self._head_timer, self._unread_timer):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()  # a new request, or what is left of a body that nobody asked for
        super().data_received(data)
        if self._in_head and self.parser is not None and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > self.bounds.head_bytes:
                self._refuse(431, "The head of the request is too large.")

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._measure(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._measure(name + value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        if self._head_timer:
            self._head_timer.cancel()
            self._head_timer = None
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_timer = self._unread_timer or self.loop.call_later(self.bounds.unread_s, self.transport.abort)

    def resume_writing(self) -> None:
        if self._unread_timer:
            self._unread_timer.cancel()
            self._unread_timer = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read; uvicorn calls it."""
        self._refuse(self._refusal, msg)

    def _measure(self, part: bytes) -> None:
        self._head_bytes += len(part)
        if self._head_bytes > self.bounds.head_bytes:
            self._refusal = 431
            raise httptools.HttpParserError("head too large")

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.bounds.head_s, self._too_slow)

    def _too_slow(self) -> None:
        self._head_timer = None
        if self._in_head and self._head_bytes:
            self._refuse(408, "The request took too long.")
        else:
            self.transport.close()

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer without the application, and close."""
        self._refused = True
        body = sentence.encode()
        head = [
            STATUS_LINE[status], b"content-type: text/plain; charset=utf-8\r\n", b"x-content-type-options: nosniff\r\n",
            b"content-length: %d\r\n" % len(body), b"retry-after: 2\r\n" if status == 503 else b"",
            b"connection: close\r\n\r\n",
        ]  # fmt: skip
        self.transport.write(b"".join(head) + body)
        self.transport.close()


class Unquoted:
    """Keeps an exception that was answered and noted from the server, which would print all that it says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        with suppress(Exception):  # tactful.web.errors noted its kind and place
            await self.app(scope, receive, send)


def configured(app: ASGIApp, settings: Settings, bounds: Bounds | None = None, **options: Any) -> uvicorn.Config:
    """How the door is served: this application, with the bounds of the settings unless others are given."""
    bounds = bounds or Bounds(
        settings.connections,
        settings.connections_per_address,
        Proxies(settings.trusted_proxies.split(",")),
    )
    _allow_files(bounds.connections + SPARE_FILES)
    protocol = type("DoorProtocol", (BoundedProtocol,), {"bounds": bounds, "counted": Counted()})
    return uvicorn.Config(
        Unquoted(app),
        **{"host": settings.host, "port": settings.port, "timeout_graceful_shutdown": 5, **options},
        http=protocol,
        ws="none",
        timeout_keep_alive=bounds.idle_s,
        forwarded_allow_ips=settings.trusted_proxies,
        access_log=False,  # it would hold addresses of clients
        log_config=None,
        server_header=False,
    )


def _allow_files(wanted: int) -> None:
    """Let this process hold so many files, as far as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < enough:
        resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))
    if enough < wanted:
        log.warning("the system allows %d open files, fewer than TACTFUL_CONNECTIONS needs", hard)
