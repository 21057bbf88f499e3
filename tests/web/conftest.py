"""The real application over a real database; only Rasa and the detector's process are stood in for."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.web.app import door_app
from tests.chat.conftest import FakeDetector, FakeEngine


class QuietDetector(FakeDetector):
    """A detector that starts and stops with the application."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        engine_port=1,  # nobody listens there
        rate_messages="1000/minute",
        rate_conversations="1000/minute",
        rate_requests="10000/minute",
        customer_jwt_key="a-secret-of-at-least-thirty-two-bytes!",
    )


@pytest.fixture
def services(settings: Settings, policy: Policy) -> Services:
    return Services(
        settings,
        Database(settings.database),
        KeyRing.of(bytes(range(32))),
        policy,
        QuietDetector(),
        FakeEngine(),
        httpx.AsyncClient(),
    )


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(door_app(services), raise_server_exceptions=False) as client:
        yield client


class Customer:
    """Somebody who chats."""

    def __init__(self, client: TestClient, **body: str) -> None:
        self.client = client
        began = client.post("/api/conversations", json=body)
        assert began.status_code == 201, began.text
        self.id, self.token = began.json()["conversation_id"], began.json()["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.sent = 0

    def send(self, text: str | None = None, **body: str) -> httpx.Response:
        self.sent += 1
        message = {"client_message_id": f"m{self.sent}", **({"text": text} if text is not None else {}), **body}
        return self.client.post(f"/api/conversations/{self.id}/messages", json=message, headers=self.headers)

    def messages(self, after: int = 0, wait: float = 0) -> list[dict]:
        answer = self.client.get(
            f"/api/conversations/{self.id}/messages", params={"after": after, "wait": wait}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    def say(self, text: str) -> list[dict]:
        """Send, and wait for what answers it."""
        seq = self.send(text).json()["seq"]
        for _ in range(100):
            replies = [m for m in self.messages(seq, wait=2) if m["reply_to"] == seq]
            if replies:
                return replies
        raise AssertionError("no answer")


@pytest.fixture
def customer(client: TestClient) -> Customer:
    return Customer(client)
