"""While a door works, nothing personal stands in clear in its database, its journal or its log, not even at DEBUG."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.store.leak_values import Value
from tactful.store.leakscan import Report, Scan
from tests.web.conftest import Customer

NAME, MAIL, HOME, DIET = "Philippa Quimbleton", "philippa.q@example.com", "Quimbleton-on-Sea", "pescatarian-ish"
HARMLESS = "zanzibarwards"  # stays readable: shows that the scan sees what is written


@pytest.fixture(autouse=True)  # before the door's engine, which asks once whether it is heard
def log(tmp_path: Path) -> Iterator[Path]:
    """A log file in the home that hears everything."""
    path = tmp_path / "logs" / "tactful.log"
    path.parent.mkdir()
    handler, loggers = logging.FileHandler(path), [logging.getLogger(), logging.getLogger("sqlalchemy")]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield path
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
    loggers[0].removeHandler(handler)
    handler.close()


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """With a project of its own, so that only what this door writes is searched."""
    project = tmp_path / "project"
    project.mkdir()
    for part in ("widget", "help", "privacy.yml"):
        (project / part).symlink_to(settings.project / part)
    return settings.model_copy(update={"project": project})


def work(client: TestClient) -> Customer:
    """What a customer does: chats, corrects, allows, takes along, is refused."""
    customer = Customer(client)
    customer.say(f"I am {NAME}, write to {MAIL}, I go {HARMLESS}")
    client.put("/api/me/consents", json={"sensitive": True, "training": True}, headers=customer.headers)
    client.patch("/api/me/profile", json={"home": HOME, "diet": [DIET]}, headers=customer.headers)
    client.patch("/api/me/profile", json={"home": HOME * 20}, headers=customer.headers)
    assert HOME in client.get("/api/me/export", headers=customer.headers).text
    client.get(f"/api/conversations/{customer.id}/messages", headers={"Authorization": "Bearer nobody"})
    return customer


def scan(settings: Settings, *values: str) -> Report:
    return Scan([Value(number, value) for number, value in enumerate(values, 1)]).installation(settings)


@pytest.mark.asvs("14.2.4", "16.2.5")
def test_no_value_stands_in_clear_while_the_door_is_working(
    client: TestClient, services: Services, settings: Settings, log: Path
) -> None:
    services.detector.personal |= {NAME: "PERSON", MAIL: "EMAIL_ADDRESS"}  # type: ignore[attr-defined]
    with ThreadPoolExecutor(1) as pool:
        working = [pool.submit(work, client) for _ in range(5)]
        working[0].result()
        meanwhile = scan(settings, NAME, MAIL, HOME, DIET)
        customers = [each.result() for each in working]
    assert meanwhile.findings == set()
    journal = settings.home / "tactful.db-wal"
    assert journal.stat().st_size > 0
    assert "INSERT INTO messages" in log.read_text()
    after = scan(settings, NAME, MAIL, HOME, DIET)
    assert after.findings == set()
    assert after.not_searched == []
    seen = {finding.where.split("!")[0].split(":")[0] for finding in scan(settings, HARMLESS).findings}
    assert any(place.endswith("tactful.db-wal") for place in seen)
    for customer in customers:
        assert client.delete("/api/me", headers=customer.headers).status_code == 200
    assert scan(settings, NAME, MAIL, HOME, DIET).findings == set()
