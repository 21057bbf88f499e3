"""What carries turns to the engine: connections that stay open, and failures told apart as httpx tells them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from tactful.chat.wire import LARGEST_ANSWER, Wire

GOOD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"


class Server:
    """Answers each request with the next of its answers, byte for byte. One that `ends` hangs up after each."""

    def __init__(self, *answers: bytes, ends: bool = False) -> None:
        self.answers, self.connections, self._ends = list(answers), 0, ends
        self.heard: list[tuple[str, bytes]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self._hear(reader)
                writer.write(self.answers.pop(0))
                if self._ends:
                    break
        writer.close()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
        self.heard.append((head, await reader.readexactly(length)))


@asynccontextmanager
async def calling(server: Server, timeout: httpx.Timeout | float = 10) -> AsyncIterator[httpx.AsyncClient]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=Wire(), timeout=timeout) as client:
        yield client
    listening.close()


def play(story: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(story())


def test_a_request_arrives_whole_and_its_answer_comes_back() -> None:
    server = Server(GOOD)

    async def story() -> None:
        async with calling(server) as client:
            answer = await client.post("/turn?a=b", json={"text": "é"}, headers={"Authorization": "Bearer s"})
        assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (200, {}, "application/json")

    play(story)
    ((head, body),) = server.heard
    assert head.startswith("POST /turn?a=b HTTP/1.1\r\n")
    assert "authorization: bearer s\r\n" in head.lower()
    assert head.lower().count("content-length") == 1
    assert httpx.Response(200, content=body).json() == {"text": "é"}


def test_one_connection_serves_one_call_after_the_other_and_as_many_as_are_needed_at_once() -> None:
    server = Server(*[GOOD] * 4, CHUNKED)

    async def story() -> None:
        async with calling(server) as client:
            for _ in range(2):
                await client.get("/")
            assert server.connections == 1
            await asyncio.gather(client.get("/"), client.get("/"))
            assert server.connections == 2
            assert (await client.get("/")).json() == {}
            assert server.connections == 2

    play(story)


def test_a_connection_that_ended_meanwhile_is_not_used_again() -> None:
    server = Server(GOOD.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), GOOD)

    async def story() -> None:
        async with calling(server) as client:
            await client.get("/")
            await client.get("/")
            assert server.connections == 2

    play(story)


NO_ANSWERS = {
    "nothing": b"",
    "half": b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
    "garbage": b"this is no HTTP\r\n\r\n",
    "huge": b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n" + b"x" * (LARGEST_ANSWER + 1),
}


@pytest.mark.parametrize("how", NO_ANSWERS)
def test_what_is_no_answer_is_an_error_and_the_next_call_goes_on(how: str) -> None:
    server = Server(NO_ANSWERS[how], ends=True)

    async def story() -> None:
        async with calling(server) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/")
            server.answers = [GOOD]
            assert (await client.get("/")).status_code == 200

    play(story)


def test_who_does_not_answer_in_time_or_does_not_listen_is_told_apart() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def story() -> None:
        listening = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=Wire(), timeout=0.2) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/")
            listening.close()
            await listening.wait_closed()
            with pytest.raises(httpx.ConnectError):
                await client.get("/")

    play(story)
