"""HTTP/1.1 to the engines, over connections that stay open: a transport for httpx, whose own takes 1 ms a call.

For small answers that are wanted whole: no streaming, no redirects, no proxies.
"""

import asyncio
import ssl
from collections import defaultdict
from typing import Any, NamedTuple, cast

import httptools
import httpx

LARGEST_ANSWER = 1_000_000  # bytes; more than this is not an answer
MOST_IDLE = 32  # connections kept open to each place
NOT_SENT = frozenset({b"transfer-encoding", b"content-length"})


class _Place(NamedTuple):
    host: str
    port: int
    tls: bool


class _Connection(asyncio.Protocol):
    """One connection, asked one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[None] | None = None
        self.usable = False
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.headers: list[tuple[bytes, bytes]] = []
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

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

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


class Wire(httpx.AsyncBaseTransport):
    """Keeps connections by place. `connect` and `read` of httpx's timeouts count; `read` is for the answer as a whole.

    Errors, as httpx's own transport: `ConnectError`, `ConnectTimeout`, `ReadTimeout`, `RemoteProtocolError`.
    """

    def __init__(self) -> None:
        self._idle: defaultdict[_Place, list[_Connection]] = defaultdict(list)
        self._tls: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        place = _place(request.url)
        written = _written(request, await request.aread())
        limits: dict[str, Any] = request.extensions.get("timeout", {})
        connection = self._kept(place) or await self._connect(place, limits.get("connect"))
        try:
            async with asyncio.timeout(limits.get("read")):
                status = await connection.ask(written)
        except TimeoutError:
            connection.abort()
            raise httpx.ReadTimeout("no answer in time", request=request) from None
        except BaseException:
            connection.abort()
            raise
        answer = httpx.Response(status, headers=connection.headers, content=bytes(connection.content))
        self._keep(place, connection)
        return answer

    async def aclose(self) -> None:
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

    async def _connect(self, place: _Place, patience_s: float | None) -> _Connection:
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


def _place(url: httpx.URL) -> _Place:
    tls = url.scheme == "https"
    return _Place(url.host, url.port or (443 if tls else 80), tls)


def _written(request: httpx.Request, body: bytes) -> bytes:
    """The request as it goes out; httpx has refused line ends in its headers."""
    lines = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw if name.lower() not in NOT_SENT]
    lines += [b"content-length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)
