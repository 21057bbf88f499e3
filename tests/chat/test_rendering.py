"""What becomes HTML, and what never does."""

import pytest

from tactful.chat.rendering import bot_html, customer_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("Dear PERSON_1", "<p>Dear PERSON_1</p>"),
    ],
)
def test_what_the_bot_writes_is_formatted(markdown: str, html: str) -> None:
    assert bot_html(markdown) == html


def test_a_link_opens_without_telling_where_it_was_followed() -> None:
    assert 'rel="noopener noreferrer"' in bot_html("[docs](https://example.com/docs)")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="#" onclick="alert(1)">x</a>',
    ],
)
def test_nothing_that_runs_or_calls_home_survives(attack: str) -> None:
    for html in (bot_html(attack), customer_html(attack)):
        assert "<script" not in html
        assert "<img" not in html
        assert "<a " not in html


def test_an_image_becomes_a_link_and_is_not_fetched() -> None:
    assert "<img" not in bot_html("![x](https://example.com/pixel.png)")


def test_what_a_customer_types_is_shown_as_typed() -> None:
    assert customer_html("**a** <b>\n_c_") == "<p>**a** &lt;b&gt;<br>_c_</p>"
