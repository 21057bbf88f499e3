"""A door over a database that a test breaks: what is sent meanwhile is refused, and answered once it is mended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import messages
from tactful.web.app import door_app
from tests.chat.conftest import FakeEngine
from tests.web.conftest import Customer, QuietDetector

GENEROUS: dict[str, Any] = dict.fromkeys(("rate_messages", "rate_conversations", "rate_requests"), "100000/minute")


@contextmanager
def serving(settings: Settings, policy: Policy) -> Iterator[tuple[TestClient, Services]]:
    """A door over this database; detector and engine are stood in for."""
    ring = KeyRing.from_settings(settings)
    parts = (settings, Database(settings.database), ring, policy, QuietDetector(), FakeEngine(), httpx.AsyncClient())
    services = Services(*parts)  # type: ignore[arg-type]
    with TestClient(door_app(services), raise_server_exceptions=False) as client:
        yield client, services


def refused(customer: Customer, text_: str, identity: str) -> httpx.Response:
    answer = customer.send(text_, client_message_id=identity)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
    assert answer.json()["error"]["code"] == "store_unavailable"
    assert int(answer.headers["retry-after"]) > 0
    return answer


def answered(customer: Customer, identity: str, text_: str) -> float:
    """Send until it is accepted, look until it is answered; how long that took, in seconds."""
    began = time.monotonic()
    while (sent := customer.send(text_, client_message_id=identity)).status_code != httpx.codes.ACCEPTED:
        assert sent.status_code == httpx.codes.SERVICE_UNAVAILABLE, sent.text
        assert time.monotonic() - began < 60
        time.sleep(0.05)
    until(lambda: [m["text"] for m in seen(customer)].count(f"You said: {text_}") == 1)
    return time.monotonic() - began


def seen(customer: Customer) -> list[dict]:
    answer = customer.client.get(f"/api/conversations/{customer.id}/messages", headers=customer.headers)
    return answer.json()["messages"] if answer.is_success else []


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


def count(database: Database) -> int:
    with database.read() as tx:
        return int(tx.execute(select(func.count()).where(messages.c.author == "customer")).scalar_one())
