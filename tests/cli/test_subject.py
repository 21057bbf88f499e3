"""`tactful subject` and `tactful consent`: the same rights, exercised by the operator."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tactful.bootstrap import Services, build
from tactful.cli.main import commands
from tactful.config import Settings
from tactful.errors import BadRequest, NotAllowed, NotFound
from tactful.profile import facts, subjects
from tactful.profile.facts import Writing

WHO = ("--customer", "C-1042")


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """An installation that knows one customer, C-1042."""
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path))
    monkeypatch.setenv("TACTFUL_ENGINE_PORT", "1")
    monkeypatch.setenv("DATABASE_URL", "")
    services = build(Settings())
    services.database.migrate()
    with services.database.begin() as tx:
        subject = subjects.create(tx, services.ring, now=services.clock(), external_id="C-1042")
        writing = Writing("told", services.clock())
        facts.apply(tx, services.cipher, services.policy, subject, {"home": "Reykjavik"}, writing)
    return services


def tactful(*arguments: str) -> Result:
    return CliRunner().invoke(commands(("subject", "consent")), arguments)


def test_access_and_export_print_or_write_everything(services: Services, tmp_path: Path) -> None:
    assert json.loads(tactful("subject", "access", *WHO).output)["profile"][0]["value"] == "Reykjavik"
    out = tmp_path / "C-1042.json"
    assert tactful("subject", "export", *WHO, "--out", str(out)).exit_code == 0
    assert json.loads(out.read_text())["profile"][0]["value"] == "Reykjavik"
    assert "<h1>" in tactful("subject", "export", *WHO, "--html").output


def test_what_was_exported_is_imported(services: Services, tmp_path: Path) -> None:
    out = tmp_path / "copy.json"
    tactful("subject", "export", *WHO, "--out", str(out))
    tactful("subject", "rectify", *WHO, "--set", "home=")
    assert "1 profile" in tactful("subject", "import", str(out), *WHO).output
    (tmp_path / "broken.json").write_text("{")
    assert isinstance(tactful("subject", "import", str(tmp_path / "broken.json"), *WHO).exception, BadRequest)


def test_facts_are_corrected_and_deleted(services: Services) -> None:
    done = tactful(
        "subject", "rectify", *WHO, "--set", "home=Porto", "--set", "budget=900", "--set", 'interests=["food"]'
    )
    assert done.output == "Changed: home, budget, interests.\n"
    tactful("subject", "rectify", *WHO, "--set", "budget=")
    known = json.loads(tactful("subject", "access", *WHO).output)["profile"]
    assert {fact["name"]: fact["value"] for fact in known} == {"home": "Porto", "interests": ["food"]}
    assert isinstance(tactful("subject", "rectify", *WHO, "--set", 'diet=["vegan"]').exception, NotAllowed)
    assert isinstance(tactful("subject", "rectify", *WHO, "--set", "home").exception, BadRequest)
    refused = tactful("subject", "rectify", *WHO, "--set", "home=12 Baker Street").exception
    assert isinstance(refused, BadRequest)
    assert "Baker" not in str(refused)


def test_consent_is_shown_given_and_withdrawn_with_a_receipt(services: Services) -> None:
    assert "training         no , not asked" in tactful("consent", "show", *WHO).output
    given = tactful("consent", "give", "training", *WHO).output
    assert "Receipt: " in given
    assert services.rights.receipt_by_code(given.split()[-1])["stands"]
    assert "answer already" in tactful("consent", "give", "training", *WHO).output
    assert "Withdrawn" in tactful("consent", "withdraw", "training", *WHO).output
    assert not services.rights.receipt_by_code(given.split()[-1])["stands"]
    assert isinstance(tactful("consent", "give", "world", *WHO).exception, BadRequest)


def test_use_is_paused_and_objected_to(services: Services) -> None:
    tactful("subject", "restrict", *WHO)
    assert json.loads(tactful("subject", "access", *WHO).output)["restricted"] is True
    tactful("subject", "unrestrict", *WHO)
    assert "training" in tactful("subject", "object", "training", *WHO).output
    assert "none" in tactful("subject", "object", "training", *WHO, "--end").output
    assert json.loads(tactful("subject", "access", *WHO).output)["restricted"] is False


def test_an_anonymous_customer_is_merged(services: Services) -> None:
    with services.database.begin() as tx:
        stranger = subjects.create(tx, services.ring, now=services.clock())
    assert "0 conversations" in tactful("subject", "merge", stranger, "--into", "C-1042").output


def test_erasure_asks_tells_each_step_and_is_in_the_ledger(services: Services) -> None:
    assert CliRunner().invoke(commands(("subject",)), ["subject", "erase", *WHO], input="n\n").exit_code == 1
    done = tactful("subject", "erase", *WHO, "--yes")
    assert done.exit_code == 0
    assert "your key is destroyed" in done.output
    assert "facts: 1 erased" in done.output
    assert isinstance(tactful("subject", "access", *WHO).exception, NotFound)
    ledger = json.loads(tactful("subject", "requests", "--json").output)
    assert [(each["right"], each["via"], each["status"]) for each in ledger] == [("erasure", "operator", "done")]
    assert "erasure" in tactful("subject", "requests").output
    assert tactful("subject", "requests", "--overdue").output == "Nothing is overdue.\n"


def test_one_customer_is_named(services: Services) -> None:
    for wrong in ((), ("0" * 32, *WHO)):
        assert isinstance(tactful("subject", "access", *wrong).exception, BadRequest)
    assert isinstance(tactful("subject", "access", "--customer", "nobody").exception, NotFound)
    assert isinstance(tactful("subject", "access", "0" * 32).exception, NotFound)
