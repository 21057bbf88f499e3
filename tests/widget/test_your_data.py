"""The customer's rights, in the widget: see, correct, allow, take along, erase."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tactful.chat.engine import Outcome, Said
from tests.widget.conftest import Site, Widget, scripted

pytestmark = pytest.mark.browser


@pytest.fixture
def data(widget: Widget, site: Site) -> Widget:
    """A customer who told a budget and what they like, looking at their data."""

    def learning(text: str) -> Outcome:
        if "hiking" not in text:
            return scripted(text)
        return Outcome(messages=[Said(text="Noted.")], slots={"budget": 1500, "interests": ["hiking"]})

    site.engine.answer = learning
    widget.open()
    widget.say("1,500 euros, I like hiking")
    expect(widget.said("bot", "Noted.")).to_be_visible()
    widget.page.get_by_role("button", name="Open menu").click()
    widget.page.get_by_role("button", name="Your data").click()
    expect(widget.page.locator(".fact", has_text="1,500")).to_be_visible()
    return widget


def test_what_is_known_is_listed_by_category_with_an_end(data: Widget) -> None:
    region = data.page.get_by_role("region", name="Your data")
    expect(region.get_by_role("heading", name="Your data")).to_be_focused()
    expect(region.get_by_role("heading", name="Money")).to_be_visible()
    expect(region.locator(".fact", has_text="1,500")).to_contain_text("Kept until")


def test_a_value_can_be_corrected_with_the_keyboard(data: Widget) -> None:
    row = data.page.locator(".fact", has_text="1,500")
    row.get_by_role("button", name="Correct").press("Enter")
    data.page.keyboard.type("900")
    data.page.keyboard.press("Enter")
    expect(data.page.locator(".fact", has_text="900")).to_be_visible()
    expect(data.page.locator(".fact", has_text="1,500")).to_have_count(0)


def test_a_value_can_be_forgotten(data: Widget) -> None:
    data.page.locator(".fact", has_text="hiking").get_by_role("button", name="Forget").click()
    expect(data.page.locator(".fact", has_text="hiking")).to_have_count(0)
    expect(data.page.locator(".fact", has_text="1,500")).to_be_visible()


def test_a_value_that_makes_no_sense_is_refused_in_words(data: Widget) -> None:
    data.page.locator(".fact", has_text="1,500").get_by_role("button", name="Correct").click()
    data.page.get_by_role("textbox").last.fill("a lot")
    data.page.keyboard.press("Enter")
    expect(data.page.locator(".content .notice")).to_contain_text("That was not accepted.")


def test_a_copy_can_be_taken_along(data: Widget, tmp_path: Path) -> None:
    with data.page.expect_download() as download:
        data.page.get_by_role("button", name="Download a copy").click()
    download.value.save_as(tmp_path / "copy.json")
    assert "hiking" in json.dumps(json.loads((tmp_path / "copy.json").read_text()))


def test_erasing_asks_first_and_then_leaves_nothing(data: Widget) -> None:
    page = data.page
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".fact", has_text="1,500")).to_be_visible()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase it").click()
    expect(page.locator(".ask")).to_have_text("Everything about you has been erased.")
    assert page.evaluate("() => localStorage.length") == 0
    page.get_by_role("button", name="Begin a new conversation").click()
    expect(data.said("bot", "Which of these is you?")).to_be_visible()
    expect(data.messages).to_have_count(1)


def test_going_back_returns_to_the_conversation(data: Widget) -> None:
    data.page.get_by_role("button", name="Back to the conversation").click()
    expect(data.input).to_be_visible()
    expect(data.page.get_by_role("button", name="Open menu")).to_be_focused()
