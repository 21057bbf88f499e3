"""A customer who plays dialogues through the door: sends over HTTP, reads over server-sent events."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from measure import Dialogue, Played, Turn

TURN_DEADLINE_S = 30


@dataclass(slots=True)
class Stream:
    """The events of one conversation as they come; who waits for the answer to a message is woken."""

    arrived: dict[int, asyncio.Event] = field(default_factory=dict)
    seen_at: dict[int, float] = field(default_factory=dict)
    replies: dict[int, list[str]] = field(default_factory=dict)
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    last: int = 0  # number of the last message
    twice: bool = False  # whether a message came again, or late

    def hear(self, message: dict[str, Any]) -> None:
        self.twice = self.twice or message["seq"] <= self.last
        self.last = message["seq"]
        if message["author"] == "customer":
            return
        self.greeted.set()
        to = message.get("reply_to")
        self.seen_at.setdefault(to, time.perf_counter())
        self.replies.setdefault(to, []).append(message["text"])
        self.waiting(to).set()

    def waiting(self, seq: int) -> asyncio.Event:
        return self.arrived.setdefault(seq, asyncio.Event())


class DoorCustomer:
    """Plays dialogues, each in a conversation of its own."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url, self._client = f"{url}/api/conversations", client

    async def play(
        self, dialogue: Dialogue, note: Callable[[float, Played], Awaitable[bool]] | None = None
    ) -> list[Played]:
        """Every turn's result. `note(sent_at, played)` hears of each; when it says False, that was the last."""
        begun = (await self._client.post(self._url)).raise_for_status().json()
        conversation, bearer = begun["conversation_id"], {"Authorization": f"Bearer {begun['token']}"}
        stream = Stream()
        listening = asyncio.create_task(self._listen(conversation, bearer, stream))
        try:
            await asyncio.wait_for(stream.greeted.wait(), TURN_DEADLINE_S)
            results = []
            for turn in dialogue.turns:
                began = time.perf_counter()
                results.append(await self._turn(conversation, bearer, stream, turn))
                if note and not await note(began, results[-1]):
                    break
            return results
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    async def _turn(self, conversation: str, bearer: dict[str, str], stream: Stream, turn: Turn) -> Played:
        began = time.perf_counter()
        body = {"client_message_id": f"m{began}", "text": turn.text}
        answer = await self._client.post(f"{self._url}/{conversation}/messages", json=body, headers=bearer)
        accepted = time.perf_counter()
        if answer.status_code != httpx.codes.ACCEPTED:
            return Played(conversation, failure=f"HTTP {answer.status_code}")
        sent = answer.json()
        played = Played(conversation, seq=sent["seq"], labels=turn.labels, withheld=sent["status"] == "withheld")
        try:
            await asyncio.wait_for(stream.waiting(played.seq).wait(), TURN_DEADLINE_S)
        except TimeoutError:
            played.failure = "no reply"
            return played
        # A reply may be seen before the 202 has been read.
        played.turn_ms = max(0.0, stream.seen_at[played.seq] - accepted) * 1000
        played.sent_ms = (stream.seen_at[played.seq] - began) * 1000
        played.replies = stream.replies[played.seq]
        played.heard_twice = stream.twice
        return played

    async def _listen(self, conversation: str, bearer: dict[str, str], stream: Stream) -> None:
        url = f"{self._url}/{conversation}/events"
        async with self._client.stream("GET", url, headers=bearer, timeout=None) as events:
            events.raise_for_status()
            async for name, data in parse(events.aiter_lines()):
                if name == "message":
                    stream.hear(data)


async def parse(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events as (event, data); comments and the rest are left out."""
    name, data = "message", ""
    async for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and data:
            yield name, json.loads(data)
            name, data = "message", ""
