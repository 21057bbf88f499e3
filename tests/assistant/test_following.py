"""Which tone goes with a level, and when the customer's own choice stands."""

import pytest

from tactful.assistant.tone import following


@pytest.mark.parametrize(
    ("level", "slots", "change"),
    [
        ("developer", {}, {"tone": "developer"}),
        ("new", {"tone": None, "level": None}, {"tone": "plain"}),
        ("developer", {"level": "new", "tone": "plain"}, {"tone": "developer"}),
        ("developer", {"level": "developer", "tone": "plain"}, {}),
        ("new", {"tone": "developer"}, {}),
        ("skipped", {}, {}),
        (None, {"tone": "plain"}, {}),
    ],
)
def test_the_tone_follows_the_level_unless_it_was_chosen(
    level: str | None, slots: dict[str, object], change: dict[str, str]
) -> None:
    assert following(level, slots) == change
