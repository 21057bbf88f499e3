"""Somebody who sends slowly, reads nothing or holds many connections is cut off, and nobody else notices."""

import socket
import time

import httpx
import pytest

from tactful.web.server import Bounds, Counted
from tests.security.conftest import Site

pytestmark = pytest.mark.asvs("15.2.2", "2.4.1")

CUT_S = 20  # generous: the machine may be busy


def rest(connection: socket.socket) -> bytes:
    """What is answered until the other side closes; fails when it does not."""
    connection.settimeout(CUT_S)
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionError:
        pass  # closed with something of ours unread
    return received


def test_who_says_nothing_is_cut_off(strict: Site) -> None:
    with strict.socket() as connection:
        assert rest(connection) == b""


def test_who_sends_a_head_byte_by_byte_is_cut_off(strict: Site) -> None:
    with strict.socket() as connection:
        began = time.monotonic()
        answered = b""
        connection.settimeout(0.1)
        for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"y" * 2000:
            try:
                connection.sendall(bytes([byte]))
                answered += connection.recv(65_536)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            if answered:
                break
        assert time.monotonic() - began < CUT_S
        assert answered.startswith(b"HTTP/1.1 408") or not answered
    assert strict.alive()


def test_blank_lines_keep_nothing_open(strict: Site) -> None:
    """Between requests uvicorn stops its clock at any byte, also at one that begins no request."""
    with strict.socket() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.settimeout(CUT_S)
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(65_536)
        connection.sendall(b"\r\n")
        assert rest(connection) == b""


def test_a_body_nobody_asked_for_keeps_nothing_open(strict: Site) -> None:
    with strict.socket() as connection:
        connection.sendall(b"POST /api/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        connection.sendall(b"x")
        assert b"404" in rest(connection)


def test_a_second_request_on_a_connection_has_its_own_time(strict: Site) -> None:
    with httpx.Client(base_url=strict.url) as http:
        for _ in range(3):
            assert http.get("/healthz").status_code == httpx.codes.OK
            time.sleep(0.6)  # longer than a head may take


def test_a_head_that_never_ends_is_refused(strict: Site) -> None:
    with strict.socket() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-Many: " + b"y" * 20_000)
        assert rest(connection).startswith(b"HTTP/1.1 431")


def test_a_head_of_many_lines_and_a_long_address_are_refused(strict: Site) -> None:
    for head in (b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 4000, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n"):
        with strict.socket() as connection:
            connection.sendall(head + b"Host: x\r\n\r\n")
            assert rest(connection).startswith(b"HTTP/1.1 431")


def test_one_address_holds_so_many_connections_and_no_more(strict: Site) -> None:
    held = [strict.socket() for _ in range(8)]
    try:
        time.sleep(0.1)
        with strict.socket() as one_more:
            refused = rest(one_more)
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"retry-after" in refused
    finally:
        for connection in held:
            connection.close()
    assert eventually_alive(strict)


def eventually_alive(site: Site) -> bool:
    """The door sees that a client is gone a moment later."""
    for _ in range(100):
        try:
            if site.alive():
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    return False


def test_another_address_is_served_meanwhile_up_to_the_bound_for_all() -> None:
    counted, bounds = Counted(), Bounds(connections=10, per_address=4)
    first = [counted.add("192.0.2.1", bounds.per_address, bounds.connections) for _ in range(6)]
    assert first == [True] * 4 + [False] * 2
    for _ in range(2):
        counted.remove("192.0.2.1")  # those that were refused are closed
    assert all(counted.add("192.0.2.2", 4, 10) for _ in range(4))
    assert [counted.add(f"192.0.2.{n}", 4, 10) for n in range(3, 6)] == [True, True, False]


def test_who_reads_nothing_is_cut_off(strict: Site) -> None:
    """Pipelined requests for a large page, of which not a byte is read."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(3 * CUT_S)
        connection.connect(("127.0.0.1", strict.port))
        request = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
        deadline = time.monotonic() + 6 * CUT_S  # what the system keeps between the two fills up first
        with pytest.raises(ConnectionError):
            while time.monotonic() < deadline:
                connection.sendall(request * 50)
    assert eventually_alive(strict)
