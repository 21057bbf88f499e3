"""A backup that is put back does not bring back who was erased since."""

import shutil
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, select, text
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store.audit import Act
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import audit, conversations, facts, messages, subjects, vault
from tactful.web.app import door_app
from tests.chat.conftest import FakeEngine
from tests.web.conftest import Customer, QuietDetector


def door(settings: Settings, policy: Policy) -> Services:
    """A door as it starts: everything new but what is on disk."""
    return Services(
        settings,
        Database(settings.database),
        KeyRing.from_settings(settings),
        policy,
        QuietDetector(),
        FakeEngine(),
        httpx.AsyncClient(),
    )


def engine_store(home: Path, *conversation_ids: str) -> None:
    """What Rasa's own store holds of these conversations."""
    engine = create_engine(f"sqlite:///{home / 'engine.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS events (sender_id VARCHAR(255), data TEXT)"))
        for conversation_id in conversation_ids:
            connection.execute(text("INSERT INTO events VALUES (:id, 'x')"), {"id": conversation_id})
    engine.dispose()


def copy(home: Path, backup: Path) -> None:
    backup.mkdir(exist_ok=True)
    for file in home.glob("*.db*"):
        shutil.copy(file, backup / file.name)


@pytest.fixture
def restored(settings: Settings, policy: Policy, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Customer:
    """A customer who was erased after a backup, which then was put back; somebody else was not erased."""
    backup = tmp_path_factory.mktemp("backup")
    with TestClient(door_app(door(settings, policy))) as client:
        erased, other = Customer(client), Customer(client)
        for each in (erased, other):
            each.say("I am Ana")
            client.patch("/api/me/profile", json={"home": "Porto"}, headers=each.headers)
        engine_store(tmp_path, erased.id, other.id)
    copy(tmp_path, backup)
    with TestClient(door_app(door(settings, policy))) as client:
        erased.client = client
        assert client.delete("/api/me", headers=erased.headers).status_code == 200
    for file in tmp_path.glob("*.db*"):
        file.unlink()
    copy(backup, tmp_path)
    return erased


def test_a_door_that_starts_erases_again_whom_a_backup_brought_back(
    restored: Customer, settings: Settings, policy: Policy, tmp_path: Path
) -> None:
    with Database(settings.database).read() as tx:
        assert len(tx.execute(select(subjects.c.id).where(subjects.c.erased_at.is_(None))).all()) == 2
    services = door(settings, policy)
    with TestClient(door_app(services)) as client:
        assert client.get("/api/me/profile", headers=restored.headers).status_code == 401
        with services.database.read() as tx:
            assert len(tx.execute(select(subjects.c.id).where(subjects.c.erased_at.is_(None))).all()) == 1
            for table in (conversations, facts):
                assert len(tx.execute(select(table)).all()) == 1
            for table in (messages, vault):
                left = set(tx.execute(select(table.c.conversation_id)).scalars())
                assert restored.id not in left
                assert len(left) == 1
            again = tx.execute(select(audit).where(audit.c.act == Act.ERASED_AGAIN)).mappings().all()
    assert [entry["reason"] for entry in again] == ["restored_backup"]
    engine = create_engine(f"sqlite:///{tmp_path / 'engine.db'}")
    with engine.connect() as connection:
        senders = set(connection.execute(text("SELECT sender_id FROM events")).scalars())
    engine.dispose()
    assert restored.id not in senders
    assert len(senders) == 1


def test_it_is_done_once(restored: Customer, settings: Settings, policy: Policy) -> None:
    for expected in (1, 0):
        services = door(settings, policy)
        assert len(services.housekeeping.erase_returned()) == expected
        services.database.close()
