"""What is shipped for Prometheus and Grafana asks for metrics that exist; every alert has its runbook entry."""

import json
import re
from typing import Any

import pytest
import yaml

from tactful.cli.main import COMMANDS
from tactful.metrics import Metrics
from tactful.privacy.policy import Policy
from tests.chat.test_metrics import allowed
from tests.conftest import ROOT

RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy/grafana/tactful.json").read_text(encoding="utf-8"))
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]


def known() -> set[str]:
    """Names of every series."""
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {f"{family.name}{ending}" for family in Metrics().registry.collect() for ending in endings[family.type]}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_asks_for_what_there_is(expression: str, policy: Policy) -> None:
    named = set(re.findall(r"tactful_\w+", expression))
    assert named or expression.startswith("up{")
    assert named <= known()
    values = allowed(policy)
    for name, label, value in re.findall(r'(tactful_\w+)\{(\w+)!?="(\w+)"\}', expression):
        assert value in values[name.removesuffix("_total")][label]
    for label in re.findall(r"by \((\w+)\)", expression):
        (metric,) = {re.sub("_(total|sum|bucket|count)$", "", each) for each in named}
        assert label == "le" or label in values[metric]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_is_wrong_and_where_it_stands_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
    entry = RUNBOOK.partition(f"### {rule['alert']}\n")[2].partition("\n### ")[0]
    assert len(entry) > 60


def test_every_entry_in_the_runbook_is_of_an_alert() -> None:
    assert set(re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE)) == {rule["alert"] for rule in RULES}


def test_every_command_in_the_runbook_exists() -> None:
    assert set(re.findall(r"`tactful (\w+)", RUNBOOK)) <= set(COMMANDS)


def test_the_dashboard_fits_its_grid() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in DASHBOARD["panels"])
