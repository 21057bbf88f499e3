"""Customers who keep talking while things break, to any door, and remember what they were promised."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

PATIENCE_S = 120
REFUSED = (httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS)


def a_name() -> str:
    """As the quick detector knows them (`finder.py`)."""
    return f"Zz{secrets.token_hex(8)}"


def an_address() -> str:
    """What the real detector finds in any sentence."""
    return f"zz{secrets.token_hex(8)}@example.com"


@dataclass
class Customer:
    """One conversation. `accepted`: message → the number that the door promised an answer to."""

    http: httpx.AsyncClient
    urls: Sequence[str]
    seen: Counter[str]
    name: str = field(default_factory=a_name)
    conversation: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    tried: int = 0

    async def begin(self) -> None:
        while not self.conversation:
            answer = await self._post("/api/conversations", {})
            if answer is not None and answer.status_code == httpx.codes.CREATED:
                self.conversation = answer.json()["conversation_id"]
                self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    async def say(self) -> str:
        """Say the next thing, again and again under the same id until the door promises to answer; its id."""
        self.tried += 1
        identity = f"m{self.tried}"
        copies = random.choice([1, 1, 1, 2, 3])
        await asyncio.gather(*(self._until_accepted(identity) for _ in range(copies)))
        return identity

    async def _until_accepted(self, identity: str) -> None:
        body = {"client_message_id": identity, "text": f"note {identity} from {self.name}"}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self._post(f"/api/conversations/{self.conversation}/messages", body)
                if answer is not None and answer.status_code == httpx.codes.ACCEPTED:
                    seq = answer.json()["seq"]
                    assert self.accepted.setdefault(identity, seq) == seq, "one message, two numbers"
                    return
                await asyncio.sleep(random.uniform(0.05, 0.4))

    async def _post(self, path: str, body: dict[str, str]) -> httpx.Response | None:
        """None when nobody answered."""
        try:
            answer = await self.http.post(random.choice(self.urls) + path, json=body, headers=self.headers)
        except httpx.HTTPError:
            self.seen["nobody"] += 1
            return None
        self.seen[str(answer.status_code)] += 1
        assert answer.is_success or answer.status_code in REFUSED, f"{answer.status_code}: {answer.text}"
        assert answer.is_success or int(answer.headers["retry-after"]) > 0
        return answer


class Crowd:
    """Many customers at once, until they are told to stop."""

    def __init__(self, *urls: str, size: int, pause_s: float = 0.05, name: Callable[[], str] = a_name) -> None:
        self.seen: Counter[str] = Counter()
        self._http = httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=200))
        self.customers = [Customer(self._http, urls, self.seen, name()) for _ in range(size)]
        self._pause_s = pause_s
        self._stopping = asyncio.Event()

    @property
    def accepted(self) -> int:
        return sum(len(customer.accepted) for customer in self.customers)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._talk(customer)) for customer in self.customers]

    async def stop(self) -> None:
        """Let everybody finish their sentence. Errors: whatever a customer found wrong."""
        self._stopping.set()
        try:
            await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()
            await self._http.aclose()

    def check(self) -> None:
        """Errors: what a customer has found wrong until now."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def _talk(self, customer: Customer) -> None:
        await customer.begin()
        while not self._stopping.is_set():
            await customer.say()
            await asyncio.sleep(random.expovariate(1 / self._pause_s))
