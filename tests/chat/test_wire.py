"""What carries turns to the engine: connections that stay open, and failures told apart as httpx tells them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from tactful.chat.wire import LARGEST_ANSWER, Wire

GOOD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
LAST = GOOD.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")


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
                if self.answers:
                    writer.write(self.answers.pop(0))
                if self._ends:
                    break
        writer.close()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        self.heard.append((head, await reader.readexactly(length)))


Call = Callable[[], Coroutine[None, None, tuple[int, bytes]]]


@asynccontextmanager
async def calling(server: Server, answer_s: float = 10) -> AsyncIterator[Call]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/turn?a=b"
    wire = Wire()

    async def call() -> tuple[int, bytes]:
        return await wire.post(url, {"Authorization": "Bearer s"}, b"{}", connect_s=2, answer_s=answer_s)

    yield call
    await wire.close()
    listening.close()


def test_a_request_arrives_whole_and_its_answer_comes_back() -> None:
    server = Server(GOOD)

    async def story() -> None:
        async with calling(server) as call:
            assert await call() == (200, b"{}")

    asyncio.run(story())
    ((head, body),) = server.heard
    assert head.startswith("post /turn?a=b http/1.1\r\nhost: 127.0.0.1:")
    assert "\r\nauthorization: bearer s\r\n" in head
    assert body == b"{}"


def test_one_connection_serves_one_call_after_the_other_and_as_many_as_are_needed_at_once() -> None:
    server = Server(*[GOOD] * 4, CHUNKED)

    async def story() -> None:
        async with calling(server) as call:
            await call()
            await call()
            assert server.connections == 1
            await asyncio.gather(call(), call())
            assert server.connections == 2
            assert await call() == (200, b"{}")
            assert server.connections == 2

    asyncio.run(story())


def test_a_connection_that_ended_meanwhile_is_not_used_again() -> None:
    server = Server(LAST, GOOD)

    async def story() -> None:
        async with calling(server) as call:
            await call()
            await call()
            assert server.connections == 2

    asyncio.run(story())


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
        async with calling(server) as call:
            with pytest.raises(httpx.RemoteProtocolError):
                await call()
            server.answers = [GOOD]
            assert (await call())[0] == 200

    asyncio.run(story())


def test_who_does_not_answer_in_time_is_left_and_not_asked_on_that_connection_again() -> None:
    server = Server()

    async def story() -> None:
        async with calling(server, answer_s=0.2) as call:
            with pytest.raises(httpx.ReadTimeout):
                await call()
            server.answers = [GOOD]
            assert (await call())[0] == 200
            assert server.connections == 2

    asyncio.run(story())


def test_where_nobody_listens_there_is_no_connection() -> None:
    async def story() -> None:
        wire = Wire()
        with pytest.raises(httpx.ConnectError):
            await wire.post("http://127.0.0.1:9/turn", {}, b"", connect_s=2, answer_s=2)
        await wire.close()

    asyncio.run(story())
