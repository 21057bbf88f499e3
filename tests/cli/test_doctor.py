"""`tactful doctor` finds what is broken, one thing after the other, and says what to do."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from typer.testing import CliRunner

from tactful.bootstrap import Services, build
from tactful.checks import files
from tactful.checks.finding import Doubtful, Wrong
from tactful.cli.main import commands
from tactful.config import Settings
from tactful.profile import subjects
from tactful.store.audit import Act, Actor, Role
from tactful.store.tables import audit, messages, used_tokens
from tactful.times import clock
from tests.conftest import free_port

DAY_MS = 86_400_000


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """An installation with a customer, which is not running."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("TACTFUL_HOME", str(home))
    monkeypatch.setenv("TACTFUL_PORT", str(free_port()))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    services = build(Settings())
    services.database.migrate()
    with services.database.begin() as tx:
        subject = subjects.create(tx, services.ring, now=clock())
        services.conversations.open(tx, subject, None)
        services.audit.record(tx, Act.EXPORTED, actor=Actor(Role.CUSTOMER, subject), subject_id=subject)
    return services


def found() -> dict[str, str]:
    """Title → line, of what is not ok."""
    told = CliRunner().invoke(commands(["doctor"]), ["doctor"])
    lines = [line for line in told.output.splitlines() if not line.startswith("ok ")]
    assert told.exit_code == int(any(line.startswith("FAIL") for line in lines))
    return {line[6:].partition(":")[0]: line for line in lines}


def test_what_works_is_not_told_of(services: Services) -> None:
    assert set(found()) <= {"running", "backup", "model"}  # nothing runs, none was made; no model was served here


def test_nothing_listening_says_how_to_start(services: Services) -> None:
    assert "Start it with: make run" in found()["running"]


def test_a_backup_that_was_never_made_or_is_old_is_doubtful(services: Services) -> None:
    assert found()["backup"].startswith("look")
    with services.database.begin() as tx:
        services.audit.record(tx, Act.BACKED_UP, actor=Actor(Role.OPERATOR))
    assert "backup" not in found()
    services.audit._clock = lambda: clock() - 9 * DAY_MS
    with services.database.begin() as tx:
        tx.execute(delete(audit).where(audit.c.act == Act.BACKED_UP))
        tx.execute(update(audit).values(at=clock() - 9 * DAY_MS, act=Act.BACKED_UP))
    assert "9 days old" in found()["backup"]


def test_keys_that_others_read_fail(services: Services) -> None:
    (services.settings.home / "keys.json").chmod(0o644)
    assert "chmod 600" in found()["keys"]


def test_a_folder_that_others_look_into_is_doubtful_and_fails_with_what_lies_open_in_it(services: Services) -> None:
    home = services.settings.home
    home.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert found()["files"].startswith("look")
    (home / "tactful.db").chmod(0o644)
    assert found()["files"].startswith("FAIL")
    assert "chmod 700" in found()["files"]


def test_keys_of_another_installation_are_told(services: Services) -> None:
    path = services.settings.home / "keys.json"
    content = json.loads(path.read_text())
    for name in content["keys"]:
        content["keys"][name] = content["root"]
    path.write_text(json.dumps(content))
    assert "Put the right keys.json back" in found()["keys and database"]


def test_a_schema_of_another_version_fails(services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert found()["migration"].startswith("FAIL")


def test_a_database_that_is_none_fails_without_hiding_the_rest(services: Services) -> None:
    services.database.close()
    for path in services.settings.home.glob("tactful.db*"):
        path.unlink()
    assert "make run" in found()["database"]
    assert "running" in found()


def test_a_clock_that_went_back_is_told(services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(update(audit).values(at=clock() + 3 * DAY_MS))
    assert "NTP" in found()["clock"]
    with services.database.read() as tx:
        assert tx.execute(messages.select()).first() is not None  # the greeting: it counts, too


def test_what_is_overdue_is_counted(services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(used_tokens.insert().values(token_index=bytes(32), expires_at=clock() - DAY_MS))
    assert "used_tokens 1" in found()["retention"]
    assert services.retention.run(Actor(Role.OPERATOR))["used_tokens"] == 1
    assert "retention" not in found()


def test_retention_that_is_switched_off_is_doubtful(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACTFUL_RETENTION_HOURS", "0")
    assert found()["retention"].startswith("look")


def test_an_audit_log_that_was_changed_fails(services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(update(audit).values(act="subject.erased"))
    assert "was changed" in found()["audit log"]


def test_a_disk_that_is_nearly_full_is_told_in_time(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FEW", 10**18)
    with pytest.raises(Doubtful):
        files.disk(services.settings)
    monkeypatch.setattr(files, "LEAST_FREE", 10**18)
    with pytest.raises(Wrong, match="Make room"):
        files.disk(services.settings)


def test_traces_that_cannot_be_sent_are_told(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    assert "http/protobuf" in found()["traces"]
    assert os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc"
