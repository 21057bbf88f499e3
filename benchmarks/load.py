"""Customers who cost little: HTTP over plain sockets, so that a load test measures the door and not its client."""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

TURN_DEADLINE_S = 30
DIALOGUES, MESSAGES = ("sgd_chats.jsonl",), ("sgd_dev.jsonl", "multidogo_dev.jsonl")


@dataclass(frozen=True, slots=True)
class Timed:
    """A turn's milliseconds: from sending to acceptance, and from acceptance to the first reply."""

    accepted_ms: float
    turn_ms: float

    @property
    def sent_ms(self) -> float:
        return self.accepted_ms + self.turn_ms


@dataclass(slots=True)
class Customer:
    """One conversation: a connection to send on, a connection to listen on."""

    _place: tuple[str, int]
    _conversation: str
    _head: str
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    _listening: asyncio.Task[None] | None = None
    _seen: dict[int, float] = field(default_factory=dict)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _said: int = 0

    @classmethod
    async def arrive(cls, url: str) -> Self:
        """Begin a conversation and wait for its greeting."""
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port or 80)
        reader, writer = await asyncio.open_connection(*place)
        self = cls(place, "", "", reader, writer)
        begun = await self._post("/api/conversations", {})
        self._conversation = f"/api/conversations/{begun['conversation_id']}"
        self._head = f"Authorization: Bearer {begun['token']}\r\n"
        self._listening = asyncio.create_task(self._listen())
        await self._answered(None)
        return self

    async def say(self, text: str) -> Timed:
        """Send a message and wait for the first reply to it. Errors: `TimeoutError`, `RuntimeError`."""
        self._said += 1
        began = time.perf_counter()
        sent = await self._post(f"{self._conversation}/messages", {"client_message_id": f"m{self._said}", "text": text})
        accepted = time.perf_counter()
        seen = await self._answered(sent["seq"])
        # A reply may be seen before the 202 has been read.
        return Timed((accepted - began) * 1000, max(0.0, seen - accepted) * 1000)

    async def leave(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._writer.close()

    async def _answered(self, seq: int | None) -> float:
        async with asyncio.timeout(TURN_DEADLINE_S):
            while not (found := self._first(seq)):
                self._heard.clear()
                await self._heard.wait()
        self._seen.clear()
        return found

    def _first(self, seq: int | None) -> float | None:
        return next(iter(self._seen.values()), None) if seq is None else self._seen.get(seq)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: door\r\n{self._head}Content-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.partition("content-length:")[2].partition("\r\n")[0])
        content = await self._reader.readexactly(length)
        if not answer.startswith("http/1.1 2"):
            raise RuntimeError(f"the door answered: {answer.splitlines()[0]}")
        parsed: dict[str, Any] = json.loads(content)
        return parsed

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection(*self._place, limit=1 << 22)
        try:
            head = f"GET {self._conversation}/events HTTP/1.1\r\nHost: door\r\n{self._head}\r\n"
            writer.write(head.encode())
            await reader.readuntil(b"\r\n\r\n")
            async for line in reader:
                if line.startswith(b"data: {") and b'"reply_to"' in line:
                    self._hear(json.loads(line[6:]))
        finally:
            writer.close()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["author"] != "customer":
            self._seen.setdefault(message["reply_to"], time.perf_counter())
            self._heard.set()


def texts(folder: Path) -> list[str]:
    """What customers of three public collections typed, in the order of their dialogues where there are some."""
    rows = [json.loads(line) for name in DIALOGUES for line in _lines(folder / name)]
    said = [turn["text"] for row in rows for turn in row["turns"]]
    return said + [json.loads(line)["text"] for name in MESSAGES for line in _lines(folder / name)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


async def keep_busy(url: str, words: Iterable[str], customers: int, until: float, each: int = 12) -> list[Timed]:
    """`customers` at once, each saying the next text as soon as it has its answer, in conversations of `each` turns.

    `until`: a time of `time.monotonic`; a turn that is under way then is finished.
    """
    said: list[Timed] = []
    remaining: Iterator[str] = iter(words)

    async def one() -> None:
        while time.monotonic() < until:
            customer = await Customer.arrive(url)
            try:
                for _ in range(each):
                    text = next(remaining, None)
                    if text is None or time.monotonic() >= until:
                        return
                    said.append(await customer.say(text))
            finally:
                await customer.leave()

    await asyncio.gather(*(one() for _ in range(customers)))
    return said
