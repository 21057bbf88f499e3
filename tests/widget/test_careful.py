"""A card number, a password or a key is noticed while it is typed, in the browser, before it is sent."""

import pytest
from playwright.sync_api import Locator, expect

from tests.widget.conftest import NewWidget, Widget
from tests.widget.test_accessibility import PHONE, violations

pytestmark = pytest.mark.browser

CARD = "4111 1111 1111 1111"
MISTYPED = "4111 1111 1111 1112"


def warning(widget: Widget) -> Locator:
    return widget.page.locator(".careful")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"my card is {CARD}", "looks like a card number"),
        ("378282246310005", "looks like a card number"),
        (f"my card is {MISTYPED.replace(' ', '-')}", "If that is a card number"),
        ("my password is hunter2", "looks like a password"),
        ("pwd: s3cret!", "looks like a password"),
        ("our api key is 9f8e7d6c5b4a3f2e", "looks like a secret key"),
        ("wf_live_51Hx7Qk2Zb9", "looks like a secret key"),
        ("-----BEGIN PRIVATE KEY-----", "looks like a secret key"),
    ],
)
def test_what_is_typed_is_warned_of_while_the_focus_stays(widget: Widget, text: str, words: str) -> None:
    widget.open()
    widget.input.focus()
    widget.page.keyboard.type(text)
    expect(warning(widget)).to_contain_text(words)
    expect(widget.announcements).to_contain_text(words)
    expect(widget.input).to_be_focused()
    expect(widget.messages).to_have_count(1)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password, the password is wrong",
        "what is my pin?",
        "call +351 912 345 678 901 2",
        "DE89 3704 0044 0532 0130 00",
        "from 2026-11-24 2026-12-01",
        '{"at": 1790000000000}',
        "create an API key",
        "flight TP1351 on 24 November at 10:35",
    ],
)
def test_what_is_none_of_these_is_left_alone(widget: Widget, text: str) -> None:
    widget.open()
    widget.input.fill(text)
    widget.page.wait_for_timeout(700)  # longer than the pause that a warning waits for
    expect(warning(widget)).to_be_hidden()
    widget.input.press("Enter")
    expect(widget.said("customer", text)).to_be_visible()


def test_the_rest_is_sent_without_it_by_keyboard(widget: Widget) -> None:
    widget.open()
    widget.input.focus()
    widget.page.keyboard.type(f"{CARD} was charged twice")
    expect(warning(widget)).to_be_visible()
    widget.page.keyboard.press("Shift+Tab")
    widget.page.keyboard.press("Shift+Tab")
    expect(widget.page.get_by_role("button", name="Send without it")).to_be_focused()
    widget.page.keyboard.press("Enter")
    expect(widget.said("bot", "You said: … was charged twice")).to_be_visible()
    expect(warning(widget)).to_be_hidden()
    expect(widget.input).to_be_focused()
    assert "4111" not in widget.messages.all_inner_texts()[1]


def test_it_is_sent_as_it_is_for_who_wants_it(widget: Widget) -> None:
    widget.open()
    widget.input.fill(f"pay with {CARD}")
    widget.page.get_by_role("button", name="Send anyway").click()
    expect(widget.said("customer", "pay with")).to_be_visible()
    expect(warning(widget)).to_be_hidden()


def test_who_is_faster_than_the_warning_is_held_once(widget: Widget) -> None:
    widget.open()
    widget.say(f"my card is {CARD}")
    expect(warning(widget)).to_contain_text("Not sent yet.")
    expect(widget.announcements).to_contain_text("Not sent yet.")
    expect(widget.messages).to_have_count(1)
    widget.input.press("Enter")
    expect(widget.said("customer", "my card is")).to_be_visible()


def test_a_number_that_may_be_another_holds_nothing_up(widget: Widget) -> None:
    widget.open()
    widget.say(f"order {MISTYPED}")
    expect(widget.said("customer", "order")).to_be_visible()


def test_a_message_of_nothing_else_is_emptied_and_not_sent(widget: Widget) -> None:
    widget.open()
    widget.input.fill(CARD)
    widget.page.get_by_role("button", name="Send without it").click()
    expect(widget.input).to_have_value("")
    expect(widget.input).to_be_focused()
    expect(widget.announcements).to_contain_text("Nothing was left to send.")
    expect(widget.messages).to_have_count(1)


def test_the_warning_leaves_with_its_reason(widget: Widget) -> None:
    widget.open()
    widget.input.fill(f"my card is {CARD}")
    expect(warning(widget)).to_be_visible()
    widget.input.press("End")
    for _ in range(9):
        widget.input.press("Backspace")
    expect(warning(widget)).to_be_hidden()


def test_nothing_leaves_the_browser_while_typing(widget: Widget) -> None:
    widget.open()
    asked: list[str] = []
    widget.page.on("request", lambda request: asked.append(request.url))
    widget.input.fill(f"my card is {CARD}")
    expect(warning(widget)).to_be_visible()
    stored = widget.page.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "4111" not in stored
    assert asked == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_buttons_are_equal_and_axe_finds_nothing(new_widget: NewWidget, theme: str) -> None:
    widget = new_widget(color_scheme=theme, reduced_motion="reduce", **PHONE)
    widget.open()
    widget.input.fill(f"my card is {CARD}")
    one, other = (warning(widget).get_by_role("button", name=name) for name in ("Send without it", "Send anyway"))
    expect(other).to_be_visible()
    sizes = [each.bounding_box() for each in (one, other)]
    assert sizes[0]
    assert sizes[1]
    assert (sizes[0]["width"], sizes[0]["height"]) == (sizes[1]["width"], sizes[1]["height"])
    assert sizes[0]["height"] >= 44
    styles = "button => (({ color, backgroundColor, border, font }) => [color, backgroundColor, border, font])"
    styles += "(getComputedStyle(button))"
    assert one.evaluate(styles) == other.evaluate(styles)
    assert violations(widget.page) == []
