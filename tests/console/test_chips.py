"""Redacted texts as people read them: chips for placeholders, nothing of a text becomes a tag of its own."""

import pytest

from tactful.console.chips import chips, formatted

CHIP = '<span class="chip" data-placeholder="PERSON_1" title="PERSON_1">name 1</span>'


def test_a_placeholder_is_a_chip_and_the_rest_is_escaped() -> None:
    assert chips("hi PERSON_1 <b>\nthere") == f"hi {CHIP} &lt;b&gt;<br>there"


def test_what_the_bot_wrote_looks_as_the_customer_sees_it() -> None:
    assert formatted("Welcome **back**, PERSON_1.") == f"<p>Welcome <strong>back</strong>, {CHIP}.</p>"


def test_a_placeholder_may_stand_in_bold_type() -> None:
    assert formatted("**PERSON_1**") == f"<p><strong>{CHIP}</strong></p>"


def test_a_placeholder_in_an_address_leads_nowhere() -> None:
    html = formatted("[see](https://wayfare.example/PERSON_1)")
    assert "see</a>" in html
    assert "PERSON_1" not in html


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://a.example/i.png)"]
)
def test_nothing_of_a_text_becomes_a_tag(hostile: str) -> None:
    for html in (formatted(hostile), chips(hostile)):
        assert "<script" not in html
        assert "<img" not in html


def test_an_unknown_kind_is_text() -> None:
    assert formatted("NONSENSE_1") == "<p>NONSENSE_1</p>"


def test_marks_that_turn_text_around_are_named() -> None:
    assert "[right-to-left override]" in formatted("a\u202eb")
