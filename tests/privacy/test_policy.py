"""privacy.yml is checked as a whole, and what is wrong in it is named."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tactful.errors import PolicyError
from tactful.privacy.policy import CATEGORIES, Policy
from tactful.profile.attributes import ALLOWED
from tests.conftest import ROOT


@pytest.fixture
def content() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "privacy.yml").read_text(encoding="utf-8")))


def load(folder: Path, content: object) -> Policy:
    file = folder / "privacy.yml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return Policy.load(file)


def test_the_policy_in_use_names_all_seven_categories(policy: Policy) -> None:
    assert set(policy.categories) == CATEGORIES


def test_every_fact_that_the_profile_knows_is_in_the_policy(policy: Policy) -> None:
    assert set(policy.attributes) == set(ALLOWED)


def test_sensitive_facts_need_explicit_consent(policy: Policy) -> None:
    external = {name for name, attribute in policy.attributes.items() if attribute.category == "external"}
    assert external >= {"diet", "accessibility"}
    assert all(policy.attributes[name].consent == "explicit" for name in external)


def test_a_type_that_the_policy_does_not_know_is_hidden_for_a_day(policy: Policy) -> None:
    assert policy.treatment("BRAND_NEW") == "placeholder"
    assert policy.vault_days("BRAND_NEW") == 1


def test_what_a_travel_bot_must_understand_stays_readable(policy: Policy) -> None:
    assert {policy.treatment(kind) for kind in ("LOCATION", "DATE_TIME", "ORGANIZATION", "MONEY")} == {"keep"}


def test_another_content_is_another_version(tmp_path: Path, content: dict[str, Any], policy: Policy) -> None:
    content["entities"]["PERSON"]["treatment"] = "withhold"
    assert load(tmp_path, content).version != policy.version


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("categories", "gossip"), {}, "categories.gossip"),
        (("categories", "social", "retention_days"), 0, "categories.social.retention_days"),
        (("entities", "PERSON", "treatment"), "hide", "entities.PERSON.treatment"),
        (("entities", "PERSON", "category"), "gossip", "PERSON names the unknown category gossip"),
        (("entities", "PERSON", "colour"), "red", "entities.PERSON.colour"),
        (("attributes", "diet", "consent"), "ask", "diet: external needs explicit consent"),
        (("attributes", "budget", "purpose"), "training", "budget: financial may not be used for training"),
        (("categories", "internal", "consent"), "ask", "internal needs ask consent"),
        (("attributes", "name", "consent"), "ask", "name: there is no consent to service"),
        (("entities", "PERSON", "purpose"), "gossip", "entities.PERSON.purpose"),
        (("entities", "PERSON", "purpose"), "training", "PERSON: social may not be used for training"),
        (("entities", "PERSON"), {"category": "social", "treatment": "keep"}, "entities.PERSON.purpose"),
        (("entities", "EMAIL_ADDRESS", "retention_days"), None, "entities.EMAIL_ADDRESS.retention_days"),
        (("columns", "facts.value", "purpose"), "training", "facts.value: internal may not be used for training"),
        (("columns", "facts.value"), {"category": "internal"}, "columns.facts.value.purpose"),
        (("not_personal",), None, "not_personal"),
    ],
)
def test_a_fault_is_named_by_its_place(
    tmp_path: Path, content: dict[str, Any], path: tuple[str, ...], value: object, said: str
) -> None:
    part = content
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    with pytest.raises(PolicyError, match="^privacy.yml: .*" + said):
        load(tmp_path, content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categories: [", r"privacy.yml is not YAML \(line \d+\)"),
        ("- a list", "privacy.yml must be a mapping"),
        ("", "privacy.yml must be a mapping"),
        ("1: 2", "privacy.yml: "),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        load(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"privacy\.yml cannot be read"):
        Policy.load(tmp_path / "privacy.yml")
