"""`tactful audit`: says whether the chain is whole, and shows it."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner, Result

from tactful.bootstrap import Services, build
from tactful.cli.main import commands
from tactful.config import Settings
from tactful.errors import BadRequest, SetupError
from tactful.store.audit import Act, Actor, Role
from tactful.store.tables import audit

SUBJECT = "5" * 32


def tactful(*arguments: str) -> Result:
    return CliRunner().invoke(commands(), ["audit", *arguments])


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """An installation with three entries."""
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    services = build(Settings())
    services.database.migrate()
    for subject_id in (SUBJECT, "6" * 32, SUBJECT):
        with services.database.begin() as tx:
            customer = Actor(Role.CUSTOMER, subject_id)
            services.audit.record(tx, Act.PROFILE_READ, actor=customer, subject_id=subject_id, fields=["home"])
    return services


def test_a_whole_chain_is_counted(services: Services) -> None:
    told = tactful("verify")
    assert told.exit_code == 0
    assert told.output.startswith("3 entries checked")


def test_the_first_bad_entry_is_named_and_the_exit_status_is_one(services: Services) -> None:
    with services.database.begin() as tx:
        tx.execute(delete(audit).where(audit.c.seq == 2))
    told = tactful("verify")
    assert told.exit_code == 1
    assert "Entry 2 is the first bad one" in told.output


def test_entries_are_shown_for_one_subject_and_from_a_day_on(services: Services) -> None:
    assert len(tactful("show").output.splitlines()) == 3
    assert len(tactful("show", "--subject", SUBJECT, "--since", "2020-01-01").output.splitlines()) == 2
    assert "profile.read" in tactful("show").output
    assert tactful("show", "--since", "2999-01-01").output == ""
    assert isinstance(tactful("show", "--since", "yesterday").exception, BadRequest)


def test_after_a_restored_backup_the_chain_goes_on_with_a_new_anchor(services: Services) -> None:
    with services.database.begin() as tx:
        services.audit.record(tx, Act.EXPORTED, actor=Actor(Role.OPERATOR))
    backup = services.settings.home / "audit.anchor"
    backup.write_text(backup.read_text() + f"9 {'0' * 64}\n")  # what happened since the backup
    assert tactful("verify").exit_code == 1
    told = tactful("reanchor")
    assert "goes on from entry 5" in told.output
    assert tactful("verify").exit_code == 0
    assert "audit.anchor_renewed" in tactful("show").output
    assert len(list(services.settings.home.glob("audit.anchor.*"))) == 1


def test_without_a_database_the_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    told = tactful("verify")
    assert isinstance(told.exception, SetupError)
    assert "make run" in str(told.exception)
