"""For everyone: axe finds nothing, new messages are announced once, focus stays, motion and colours follow the wish."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.widget.conftest import NewWidget, Site, Widget

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def violations(page: Page) -> list[str]:
    """What axe finds, once nothing moves any more."""
    page.wait_for_timeout(400)
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_on_the_page_and_in_the_panel(new_widget: NewWidget, theme: str, device: str) -> None:
    """Greeting, cards and code, the menu, the customer's data."""
    widget = new_widget(color_scheme=theme, reduced_motion="reduce", **(PHONE if device == "phone" else {}))
    assert violations(widget.page) == []
    widget.open()
    widget.say("a trip please")
    widget.say("a 401 please")
    expect(widget.page.get_by_role("button", name="Copy")).to_be_visible()
    assert violations(widget.page) == []
    widget.page.get_by_role("button", name="Open menu").click()
    assert violations(widget.page) == []
    widget.page.get_by_role("button", name="Your data").click()
    expect(widget.page.get_by_role("button", name="Erase everything")).to_be_visible()
    assert violations(widget.page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_on_the_transparency_page(new_widget: NewWidget, theme: str, device: str) -> None:
    size = {"viewport": {"width": 390, "height": 844}} if device == "phone" else {}
    page = new_widget(path="/privacy", color_scheme=theme, **size).page
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_new_messages_are_announced_once_and_then_leave(widget: Widget) -> None:
    widget.open()
    widget.say("hello")
    expect(widget.announcements).to_contain_text("Assistant: You said: hello")
    expect(widget.announcements).to_be_empty()


def test_old_messages_are_not_announced_after_a_reload(widget: Widget) -> None:
    widget.open()
    widget.page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
          window.announced = [];
          const look = setInterval(() => {
            const live = document.querySelector('tactful-chat')?.shadowRoot?.querySelector('[aria-live]');
            if (live?.textContent) window.announced.push(live.textContent);
          }, 20);
        })"""
    )
    widget.page.reload()
    widget.launcher.click()
    expect(widget.said("bot", "Which of these is you?")).to_be_visible()
    widget.page.wait_for_timeout(800)
    assert widget.page.evaluate("() => window.announced") == []


def test_there_is_one_live_region_and_it_is_polite(widget: Widget) -> None:
    widget.open()
    expect(widget.page.locator("[aria-live], [role=status], [role=alert], [role=log]")).to_have_count(1)
    expect(widget.announcements).to_have_attribute("aria-live", "polite")


def test_a_message_never_takes_the_focus(widget: Widget, site: Site) -> None:
    site.engine.slow_s = 0.5
    widget.open()
    widget.say("hello")
    widget.page.get_by_role("button", name="Close chat").focus()
    expect(widget.said("bot", "You said: hello")).to_be_visible()
    expect(widget.page.get_by_role("button", name="Close chat")).to_be_focused()


def test_a_message_for_a_closed_panel_leaves_the_page_alone(widget: Widget, site: Site) -> None:
    site.engine.slow_s = 0.5
    widget.open()
    widget.say("hello")
    widget.page.keyboard.press("Escape")
    widget.page.get_by_role("link", name="See the plans").focus()
    expect(widget.launcher).to_have_accessible_name("Chat with us, 1 unread")
    expect(widget.page.get_by_role("link", name="See the plans")).to_be_focused()


def test_the_dialog_has_a_name_and_covers_a_phone(new_widget: NewWidget) -> None:
    widget = new_widget(**PHONE)
    widget.open()
    expect(widget.dialog).to_have_accessible_name("Wayfare support")
    box = widget.dialog.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(widget.input).not_to_be_focused()  # the keyboard would cover the greeting


def test_targets_are_large_enough_for_fingers(new_widget: NewWidget) -> None:
    widget = new_widget(**PHONE)
    widget.open()
    for button in widget.dialog.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, button.inner_text()


def test_nothing_moves_for_those_who_ask_for_rest(new_widget: NewWidget) -> None:
    widget = new_widget(reduced_motion="reduce")
    widget.open()
    assert widget.dialog.evaluate("dialog => dialog.getAnimations({ subtree: true }).length") == 0


def test_forced_colours_keep_launcher_and_buttons_visible(new_widget: NewWidget) -> None:
    widget = new_widget(forced_colors="active")
    widget.open()
    border = widget.page.get_by_role("button", name="Send").evaluate(
        "button => getComputedStyle(button).borderTopWidth"
    )
    assert border == "1px"


def test_a_page_from_right_to_left_turns_the_widget_round(widget: Widget) -> None:
    widget.page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    widget.open()
    panel, send = widget.dialog.bounding_box(), widget.page.get_by_role("button", name="Send").bounding_box()
    assert panel
    assert send
    assert panel["x"] == 20
    assert send["x"] < panel["x"] + panel["width"] / 2
    widget.say("שלום עולם, hello")
    expect(widget.said("customer", "שלום").locator(".body")).to_have_css("direction", "rtl")
