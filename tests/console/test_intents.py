"""The intent that a reviewer typed: by its name, or as they read it."""

import pytest

from tactful.console.intents import meant
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("refund_request", "refund_request"),
        ("Get a refund", "refund_request"),
        ("  get a  REFUND ", "refund_request"),
        ("refund", "refund_request"),
        ("booking", None),  # several
        ("nlu_fallback", None),  # no customer means it
        ("no such intent", None),
        ("", None),
        ("  ", None),
    ],
)
def test_it_is_found_by_name_title_or_words_that_only_one_has(typed: str, intent: str | None) -> None:
    assert meant(ROOT, typed) == intent
