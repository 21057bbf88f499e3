"""Every column that can hold words is spoken for in privacy.yml: kept for a purpose, or not personal."""

import re
from typing import Any

import pytest
import yaml
from sqlalchemy import JSON, LargeBinary, String

from tactful.privacy.policy import Policy
from tactful.store.retention import Periods
from tactful.store.tables import metadata
from tests.conftest import ROOT

WORDY = (String, LargeBinary, JSON)  # Text is a String


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "privacy.yml").read_text(encoding="utf-8")))


def test_every_column_that_can_hold_words_is_declared_once(declared: dict[str, Any]) -> None:
    wordy = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, WORDY)
    }
    assert not set(declared["columns"]) & set(declared["not_personal"])
    assert wordy == {*declared["columns"], *declared["not_personal"]}


def test_every_personal_column_has_category_purpose_and_end(declared: dict[str, Any]) -> None:
    assert not [name for name, about in declared["columns"].items() if {*about} != {"category", "purpose", "retention"}]


def test_what_is_declared_to_go_with_the_history_goes_when_retention_deletes_it(policy: Policy) -> None:
    periods = Periods.of(policy, outbox_days=30, audit_days=1095)
    told = {name: column.retention for name, column in policy.columns.items() if column.retention.endswith("days")}
    assert {"messages.text", "outbox.payload"} <= set(told)
    assert {said for name, said in told.items() if not name.startswith("audit.")} == {f"{periods.history} days"}


def test_every_end_date_is_one_that_something_keeps(declared: dict[str, Any]) -> None:
    kept = {
        *("until erasure", "by attribute", "by entity", "until the token expires", "by audit_days"),
        *("until the account is removed", "1 day after the last failure"),
    }
    said = {about["retention"] for about in declared["columns"].values()}
    assert {each for each in said if each not in kept and not re.fullmatch(r"\d+ days", each)} == set()
