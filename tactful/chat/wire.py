"""Turns go to the engines over connections that stay open, in plain HTTP/1.1: httpx takes a millisecond a call.

For small answers that are wanted whole: no streaming, no redirects, no proxies.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, cast

import httptools
import httpx

LARGEST_ANSWER = 1_000_000  # bytes; more than this is not an answer
MOST_IDLE = 32  # connections kept open to each place


class _Place(NamedTuple):
    host: str
    port: int
    tls: bool
    named: bytes  # as the head names it


class _Connection(asyncio.Protocol):
    """One connection, asked one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[None] | None = None
        self.usable = False
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.content = bytearray()

    async def ask(self, request: bytes) -> int:
        """Send a request and wait for all of its answer; the status. Errors: `httpx.RemoteProtocolError`."""
        assert self._transport
        self._begin()
        self.usable = False
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answer
        return int(self._parser.get_status_code())

    def abort(self) -> None:
        self.usable = False
        if self._transport:
            self._transport.abort()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            return self.abort()  # nobody asked for this
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("what came is not HTTP")

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        self._fail("the connection ended")

    # What the parser calls.

    def on_body(self, body: bytes) -> None:
        self.content += body
        if len(self.content) > LARGEST_ANSWER:
            self._fail("the answer is too large")

    def on_message_complete(self) -> None:
        if self._answer and not self._answer.done():
            self.usable = self._parser.should_keep_alive()
            self._answer.set_result(None)

    def _fail(self, why: str) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(httpx.RemoteProtocolError(why))
            self.abort()


class Wire:
    """Keeps connections by place."""

    def __init__(self) -> None:
        self._idle: defaultdict[_Place, list[_Connection]] = defaultdict(list)
        self._tls: ssl.SSLContext | None = None

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, answer_s: float
    ) -> tuple[int, bytes]:
        """Status and content of the answer, which may take `answer_s` as a whole.

        Errors, as httpx's own: `ConnectError`, `ConnectTimeout`, `ReadTimeout`, `RemoteProtocolError`.
        """
        place, path = _parsed(url)
        connection = self._kept(place) or await self._connect(place, connect_s)
        try:
            async with asyncio.timeout(answer_s):
                status = await connection.ask(_written(place, path, headers, body))
        except TimeoutError:
            connection.abort()
            raise httpx.ReadTimeout("no answer in time") from None
        except BaseException:
            connection.abort()
            raise
        content = bytes(connection.content)
        self._keep(place, connection)
        return status, content

    def close(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()

    def _kept(self, place: _Place) -> _Connection | None:
        idle = self._idle[place]
        while idle:
            connection = idle.pop()
            if connection.usable:
                return connection
        return None

    def _keep(self, place: _Place, connection: _Connection) -> None:
        if connection.usable and len(self._idle[place]) < MOST_IDLE:
            self._idle[place].append(connection)
        else:
            connection.abort()

    async def _connect(self, place: _Place, patience_s: float) -> _Connection:
        if place.tls and self._tls is None:
            self._tls = ssl.create_default_context()
        try:
            async with asyncio.timeout(patience_s):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection, place.host, place.port, ssl=self._tls if place.tls else None
                )
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except OSError as error:
            raise httpx.ConnectError(type(error).__name__) from None
        return connection


@lru_cache(maxsize=64)
def _parsed(url: str) -> tuple[_Place, bytes]:
    """Where a URL of ours leads, and the path there."""
    parsed = httpx.URL(url)
    tls = parsed.scheme == "https"
    place = _Place(parsed.host, parsed.port or (443 if tls else 80), tls, parsed.netloc)
    return place, parsed.raw_path


def _written(place: _Place, path: bytes, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request as it goes out. Headers are the door's own: nothing in them comes from outside."""
    lines = [b"POST " + path + b" HTTP/1.1", b"host: " + place.named]
    lines += [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
    lines += [b"content-length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)
