"""What a customer sees of a stored message."""

from typing import Any, cast

from sqlalchemy import RowMapping

from tactful.chat.delivery import as_seen

VALUES = {"PERSON_1": "Ana <b>", "EMAIL_ADDRESS_1": "ana@example.com"}


def _row(**columns: Any) -> RowMapping:
    row = {
        "seq": 1,
        "author": "bot",
        "text": "",
        "buttons": None,
        "cards": None,
        "reply_to": None,
        "rating": None,
        "created_at": 0,
        "status": "final",
        "client_message_id": "m1",
        **columns,
    }
    return cast(RowMapping, row)


def _seen(**columns: Any) -> dict[str, Any]:
    (message,) = as_seen([_row(**columns)], VALUES)
    return message


def test_values_come_back_in_text_and_escaped_in_html() -> None:
    seen = _seen(text="Hello PERSON_1")
    assert seen["text"] == "Hello Ana <b>"
    assert seen["html"] == "<p>Hello Ana &lt;b&gt;</p>"


def test_a_value_is_never_read_as_markdown() -> None:
    (message,) = as_seen([_row(text="Hello PERSON_1")], {"PERSON_1": "**[x](https://example.com)**"})
    assert "<a" not in message["html"]
    assert "<strong" not in message["html"]


def test_a_placeholder_of_somebody_else_brings_no_value() -> None:
    assert _seen(text="Hello PERSON_2")["text"] == "Hello [name removed]"


def test_the_customers_words_are_not_interpreted() -> None:
    seen = _seen(author="customer", text="I am PERSON_1, **really**")
    assert seen["html"] == "<p>I am Ana &lt;b&gt;, **really**</p>"
    assert seen["client_message_id"] == "m1"


def test_buttons_and_cards_carry_values_but_no_payload() -> None:
    seen = _seen(
        buttons=[{"id": "b1", "title": "Write to EMAIL_ADDRESS_1", "payload": "/confirm"}],
        cards=[{"reasons": ["near PERSON_1"], "button": {"id": "c1", "title": "Take", "payload": "/x"}}],
    )
    assert seen["buttons"] == [{"id": "b1", "title": "Write to ana@example.com"}]
    assert seen["cards"][0]["reasons"] == ["near Ana <b>"]
    assert seen["cards"][0]["button"] == {"id": "c1", "title": "Take"}
