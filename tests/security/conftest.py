"""The door under its real server. Rasa is stood in for: a test sees what it hears."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.web.server import Bounds
from tests.chat.conftest import FakeEngine
from tests.conftest import ROOT, free_port
from tests.serving import door
from tests.web.conftest import Customer, QuietDetector, client, customer, services, settings

__all__ = ["Customer", "client", "customer", "services", "settings"]  # the application without a server

SITE_KEY = "a-secret-of-at-least-thirty-two-bytes!"
GENEROUS = {f"rate_{what}": "1000000/minute" for what in ("messages", "conversations", "requests", "receipts")}


@dataclass(slots=True)
class Site:
    """A door that is served, and what a test steers of it."""

    url: str
    port: int
    engine: FakeEngine
    services: Services

    def customer(self, **body: str) -> Customer:
        return Customer(httpx.Client(base_url=self.url, timeout=60), **body)  # type: ignore[arg-type]

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def alive(self) -> bool:
        return httpx.get(f"{self.url}/healthz", timeout=30).status_code == httpx.codes.OK


@contextmanager
def serving(
    home: Path, policy: Policy, bounds: Bounds | None = None, *, detector: Any = None, **changes: Any
) -> Iterator[Site]:
    """The door, under uvicorn with the door's own bounds."""
    settings = Settings(**{"home": home, "port": free_port(), "customer_jwt_key": SITE_KEY, **GENEROUS, **changes})
    engine = FakeEngine()

    def make() -> Services:
        finder = detector or IsolatedDetector(ROOT / "privacy.yml", 5000, 1)
        database, ring = Database(settings.database), KeyRing.of(bytes(range(32)))
        return Services(settings, database, ring, policy, finder, engine, httpx.AsyncClient())  # type: ignore[arg-type]

    with door(make, bounds) as services:
        yield Site(f"http://127.0.0.1:{settings.port}", settings.port, engine, services)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    """A door of the usual bounds."""
    with serving(tmp_path_factory.mktemp("site"), policy, detector=QuietDetector()) as site:
        yield site


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    """A door with the real detector."""
    with serving(tmp_path_factory.mktemp("reading"), policy) as site:
        yield site


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    """A door with small bounds, that trusts no proxy: 127.0.0.1 is an address as any."""
    bounds = Bounds(connections=40, per_address=8, head_s=0.5, head_bytes=4096, unread_s=0.5, idle_s=4)
    with serving(
        tmp_path_factory.mktemp("strict"), policy, bounds, detector=QuietDetector(), trusted_proxies=""
    ) as site:
        yield site
