"""The records of processing name everything that privacy.yml names, and what nobody has set."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tactful.cli.main import commands
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.privacy.records import NOT_SET, markdown, records


@pytest.fixture
def made(policy: Policy) -> dict[str, Any]:
    return records(policy, Settings(), 1_800_000_000_000)


def test_they_hold_what_article_30_asks_for(made: dict[str, Any]) -> None:
    assert set(made) >= {"controller", "recipients", "transfers", "activities", "security"}
    for activity in made["activities"]:
        assert activity["why"]
        assert activity["subjects"]
        assert activity["data"]
        assert all(data["retention_days"] and data["description"] and data["seen_by"] for data in activity["data"])


def test_every_category_attribute_entity_and_column_is_in_them(made: dict[str, Any], policy: Policy) -> None:
    data = [each for activity in made["activities"] for each in activity["data"]]
    assert {each["category"] for each in data} == set(policy.categories)
    told = {kind["label"] for each in data for kind in each["kinds"]}
    parts = [*policy.attributes.values(), *policy.entities.values()]
    assert told == {part.label for part in parts}
    assert {row["column"] for row in made["stored"]} == set(policy.columns)


def test_what_nobody_has_set_says_so(made: dict[str, Any]) -> None:
    assert set(made["controller"].values()) == {NOT_SET}
    assert (made["recipients"], made["transfers"]) == ([NOT_SET], NOT_SET)


def test_the_controller_is_named_by_settings(policy: Policy) -> None:
    settings = Settings(controller="Wayfare Ltd", controller_contact="privacy@example.com", recipients=["a host"])
    made = records(policy, settings, 1)
    assert made["controller"]["name"] == "Wayfare Ltd"
    assert "| Controller | Wayfare Ltd |" in markdown(made)
    assert "| Recipients | a host |" in markdown(made)


def test_the_command_prints_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path))
    app = commands()
    shown = CliRunner().invoke(app, ["records", "--format", "json"])
    assert json.loads(shown.output)["format"] == "tactful-records/1"
    page = CliRunner().invoke(app, ["records"]).output
    assert page.startswith("# Records of processing activities")
    assert "not set" in page
    assert page.endswith(".\n")
    assert not any(tmp_path.iterdir())


def test_a_cell_cannot_break_its_table(policy: Policy) -> None:
    made = records(policy, Settings(controller="A | B\nC"), 1)
    assert r"| Controller | A \| B C |" in markdown(made)
