"""Customers who chat through the proxy as the widget does: send again what failed, listen again where they left off."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE_S = 60.0
SENTENCES = (
    "hi",
    "I can't find my invoice",
    "My name is Ana Moreira",
    "how do I rotate an API key?",
    "I'd like a beach holiday in May",
    "thanks",
    "what do you know about me?",
    "my card was declined",
)
AGAIN = (httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT)


@dataclass
class Customer:
    """One conversation and what came of it."""

    http: httpx.AsyncClient
    conversation: str = ""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    accepted: list[int] = field(default_factory=list)  # numbers of messages that were promised an answer
    heard: list[dict[str, Any]] = field(default_factory=list, repr=False)  # over server-sent events, in order
    seconds: list[float] = field(default_factory=list)  # from sending to the first reply
    refused: list[str] = field(default_factory=list)  # what went wrong on the way, before it went well
    listened: int = 0
    pause_s: float = 0.0  # between an answer and the next message
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self) -> None:
        begun = await self._insist("POST", "/api/conversations", {})
        self.conversation = begun["conversation_id"]
        self.headers = {"Authorization": f"Bearer {begun['token']}"}

    async def chat(self, turns: int, done: Callable[[], bool] = lambda: False) -> None:
        """Say `turns` things one after the other, each once the one before is answered; fewer when `done`."""
        await self.begin()
        listening = asyncio.create_task(self._listen())
        try:
            await self._until(lambda: bool(self.heard))  # the greeting
            for number in range(turns):
                if done():
                    return
                await self._turn(SENTENCES[number % len(SENTENCES)])
                await asyncio.sleep(self.pause_s)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _turn(self, text: str) -> None:
        began = time.monotonic()
        body = {"client_message_id": uuid.uuid4().hex, "text": text}
        seq = (await self._insist("POST", f"/api/conversations/{self.conversation}/messages", body))["seq"]
        self.accepted.append(seq)
        await self._until(lambda: any(message["reply_to"] == seq for message in self.heard))
        self.seconds.append(time.monotonic() - began)

    async def _until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                await self._news.wait()
                self._news.clear()

    async def _insist(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the widget does: the same again until it is taken."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = await self.http.request(method, path, json=body, headers=self.headers)
                if answer.is_success:
                    result: dict[str, Any] = answer.json()
                    return result
                assert answer.status_code in AGAIN, f"{answer.status_code} {answer.text}"
                self.refused.append(str(answer.status_code))
            except httpx.TransportError as error:
                self.refused.append(type(error).__name__)
            assert time.monotonic() < deadline, self.refused
            await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        path = f"/api/conversations/{self.conversation}/events"
        while True:
            last = {"Last-Event-ID": str(self.heard[-1]["seq"])} if self.heard else {}
            self.listened += 1
            with suppress(httpx.TransportError):
                async with self.http.stream("GET", path, headers={**self.headers, **last}, timeout=40) as events:
                    name = ""
                    async for line in events.aiter_lines():
                        if line.startswith("event: "):
                            name = line[7:]
                        elif line.startswith("data: ") and name == "message":
                            self._hear(json.loads(line[6:]))
            await asyncio.sleep(0.3)

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        self._news.set()


async def crowd(
    url: str,
    customers: int,
    turns: int,
    meanwhile: Callable[[], Any] | None = None,
    at_least: int = 0,
    pause_s: float = 0.0,
) -> list[Customer]:
    """So many customers chat at once, while `meanwhile` (which may block) goes on in a thread.

    With `meanwhile` they chat until it is over, and have said `at_least` things each; `turns` is then the most.
    """
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        people = [Customer(http, pause_s=pause_s) for _ in range(customers)]
        over = asyncio.Event()

        async def act() -> None:
            try:
                if meanwhile:
                    await asyncio.to_thread(meanwhile)
            finally:
                over.set()

        async def live(person: Customer) -> None:
            def enough() -> bool:
                return meanwhile is not None and over.is_set() and len(person.accepted) >= at_least

            await person.chat(turns, enough)

        async with asyncio.TaskGroup() as together:
            together.create_task(act())
            for person in people:
                together.create_task(live(person))
    return people
