"""Every column that can hold words is spoken for in privacy.yml: kept for a purpose, or not personal."""

from typing import Any

import pytest
import yaml
from sqlalchemy import JSON, LargeBinary, String

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
