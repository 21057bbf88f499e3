"""What is no HTTP, or HTTP that two servers could read in two ways, is refused; nothing else of the door is harmed."""

import pytest

from tests.security.conftest import Site
from tests.security.test_v15_2_2_slow_clients import rest

pytestmark = pytest.mark.asvs("4.2.1", "1.2.1")

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SMUGGLED = b"GET /privacy HTTP/1.1\r\nHost: x\r\n\r\n"

REFUSED = {
    "both lengths": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + SMUGGLED,
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "a length below zero": POST + b"Content-Length: -1\r\n\r\n{}",
    "a length beyond all numbers": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "chunked not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked misspelt": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk without a size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk beyond all numbers": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n{}\r\n0\r\n\r\n",
    "a space before the colon": GET + b"Content-Length : 5\r\n\r\n" + SMUGGLED,
    "a folded line": GET + b"X-Folded: a\r\n b\r\n\r\n",
    "a bare line feed": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "a zero in a header": GET + b"X-Zero: a\x00b\r\n\r\n",
    "a bare carriage return in a header": GET + b"X-Return: a\rX-Injected: b\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 200,
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a path of no ASCII": "GET /é HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    "a method of nobody": b"FETCH /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "an answer": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("message", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_once_and_nothing_after_it_is_read(strict: Site, message: bytes) -> None:
    with strict.socket() as connection:
        connection.sendall(message)
        answer = rest(connection)
    assert b"HTTP/1.1 2" not in answer, "what came after it was taken for a request"
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert strict.alive()


HARMLESS = {
    "a path outside": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a path outside, encoded": b"GET /widget/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "slashes encoded": b"GET /assets/..%2f..%2f..%2fpyproject.toml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a path with a zero": b"GET /widget/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a path of no text": b"GET /api/receipts/%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a line break in a path": b"GET /console/sign-in?next=/console%0d%0aX-Injected:1 HTTP/1.1\r\nHost: x\r\n"
    b"Connection: close\r\n\r\n",
    "an upgrade": GET + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\nHost: x\r\nX-Secret: planted\r\nConnection: close\r\n\r\n",
    "CONNECT": b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "another's address": b"GET http://elsewhere.example/api/openapi.json HTTP/1.1\r\nHost: elsewhere.example\r\n"
    b"Connection: close\r\n\r\n",
}


@pytest.mark.asvs("13.4.3", "13.4.4", "4.1.4", "14.2.5", "13.4.1")
@pytest.mark.parametrize("message", HARMLESS.values(), ids=HARMLESS)
def test_what_is_odd_and_lawful_is_answered_without_harm(strict: Site, message: bytes) -> None:
    with strict.socket() as connection:
        connection.sendall(message)
        answer = rest(connection)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"x-injected" not in head
    assert b"http/1.1 5" not in head
    assert b"http/1.1 101" not in head, "there is no other protocol here"
    for secret in (b"root:", b"planted", b"[project]"):
        assert secret not in answer
    assert strict.alive()
