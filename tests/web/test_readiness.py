"""`/readyz` tells the truth: each part is broken in turn, and is named with its reason, within a bounded time."""

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, inspect, text
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.chat.engine import RasaEngine
from tactful.chat.engines import Engines
from tactful.chat.wire import Wire
from tactful.config import Settings
from tactful.metrics import Metrics
from tactful.privacy.isolated import IsolatedDetector
from tactful.store.database import Database
from tactful.web import readiness
from tactful.web.readiness import Readiness
from tests.chat.conftest import FakeDetector, FakeEngine
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "COUNTS_S", 0.0)


def broken(client: TestClient) -> dict[str, str]:
    """Part → reason, from an answer that says so with its status, too."""
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == (503 if told["reasons"] else 200)
    assert told["ready"] is not bool(told["reasons"])
    assert all(told[part] is (part not in told["reasons"]) for part in ("database", "migration", "detector", "engine"))
    reasons: dict[str, str] = told["reasons"]
    return reasons


def test_when_everything_works_then_it_is_ready(client: TestClient, services: Services) -> None:
    assert broken(client) == {}
    assert services.metrics.registry.get_sample_value("tactful_ready", {"part": "migration"}) == 1


def test_when_the_engine_fails_then_it_is_named(client: TestClient, services: Services) -> None:
    services.engine.failing = [RuntimeError()]  # type: ignore[attr-defined]
    assert broken(client) == {"engine": "it was told to fail"}
    assert services.metrics.registry.get_sample_value("tactful_ready", {"part": "engine"}) == 0


def test_when_the_detector_is_away_or_blind_then_it_is_named(client: TestClient, services: Services) -> None:
    services.detector.down = True  # type: ignore[attr-defined]
    assert broken(client) == {"detector": "The message could not be checked for personal data."}
    services.detector.down = False  # type: ignore[attr-defined]
    services.detector.personal = {}  # type: ignore[attr-defined]
    assert broken(client) == {"detector": "it finds no name"}


def test_when_the_schema_is_another_then_the_migration_is_named(client: TestClient, services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert set(broken(client)) == {"migration"}


def test_when_the_database_is_locked_then_it_is_named_in_time(
    client: TestClient, settings: Settings, services: Services
) -> None:
    services.readiness._patience_s = 0.3  # it would wait for five seconds by itself
    with sqlite3.connect(settings.home / "tactful.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert set(broken(client)) == {"database"}
        assert time.monotonic() - began < 4
        other.execute("ROLLBACK")
    other.close()


def test_when_the_database_is_full_then_it_is_named(client: TestClient, services: Services) -> None:
    with services.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    services.database.engine.dispose()
    _limit(services.database, pages)
    assert set(broken(client)) == {"database"}


def test_when_the_database_is_gone_then_it_is_named(client: TestClient, services: Services, tmp_path: Path) -> None:
    services.database.engine.dispose()
    for file in tmp_path.glob("tactful.db*"):
        file.unlink()
    (tmp_path / "tactful.db").mkdir()
    assert set(broken(client)) == {"database", "migration"}


def test_when_the_disk_is_nearly_full_then_it_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE", 10**18)
    assert "free on the disk" in broken(client)["database"]


def test_trying_a_write_leaves_nothing_in_either_database(database: Database) -> None:
    for _ in range(3):
        database.try_writing()
    with database.read() as tx:
        assert not inspect(tx).has_table("tactful_trial")


def test_postgresql_that_takes_no_writes_is_named(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a server's setting")
    with database.engine.connect() as connection:
        connection.execute(
            text(f"ALTER DATABASE {connection.engine.url.database} SET default_transaction_read_only = on")
        )
        connection.commit()
    database.engine.dispose()
    assert asyncio.run(_one("database", database)).startswith("The database takes no writes")


def test_a_part_that_hangs_is_asked_once_however_many_ask(policy: object) -> None:
    asked = 0

    async def hanging() -> str:
        nonlocal asked
        asked += 1
        await asyncio.sleep(60)
        return ""

    async def story() -> None:
        look = Readiness({"engine": hanging}, Metrics(), patience_s=0.05)
        for _ in range(5):
            assert await look.look() == {"engine": "no answer within 0.05 s"}

    asyncio.run(story())
    assert asked == 1


def test_a_detector_without_a_process_is_named(tmp_path: Path) -> None:
    async def story() -> None:
        command = ("python3", "-c", "print('no JSON')")
        detector = IsolatedDetector(ROOT / "privacy.yml", 100, command=command)
        assert await _detector(detector, tmp_path) == "no process of it is up"

    asyncio.run(story())


ANSWERS = {
    "it is loading its model": (503, {}),
    "it does not take this door's secret, or is no engine of Tactful's": (404, {}),
    "it answers with status 500": (500, {}),
    "it keeps conversations in memory only": (200, {"tracker_store": "InMemoryTrackerStore"}),
    "it does not say what it keeps conversations in": (200, {}),
    "": (200, {"tracker_store": "_Lean"}),
}


@pytest.mark.parametrize("why", ANSWERS)
def test_what_ails_the_engine_is_told_apart(why: str) -> None:
    async def story() -> str:
        status, content = ANSWERS[why]
        answering = httpx.MockTransport(lambda request: httpx.Response(status, json=content))
        async with httpx.AsyncClient(transport=answering) as client:
            return await RasaEngine(client, Wire(), "s", 1, Engines("http://engine")).ailing()

    assert asyncio.run(story()) == why


def test_an_engine_that_is_gone_is_told_from_one_that_is_silent() -> None:
    async def story() -> str:
        async with httpx.AsyncClient() as client:
            return await RasaEngine(client, Wire(), "s", 1, Engines("http://127.0.0.1:9")).ailing()

    assert asyncio.run(story()) == "nothing listens on its port"


async def _one(part: str, database: Database) -> str:
    tried = readiness.parts(database, FakeDetector(), FakeEngine(), "/")  # type: ignore[arg-type]
    return (await Readiness(tried, Metrics()).look())[part]


async def _detector(detector: IsolatedDetector, folder: Path) -> str:
    tried = readiness.parts(Database(f"sqlite:///{folder / 'a.db'}"), detector, FakeEngine(), "/")
    return (await Readiness({"detector": tried["detector"]}, Metrics()).look())["detector"]


def _limit(database: Database, pages: int) -> None:

    @event.listens_for(database.engine, "connect")
    def limit(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")
