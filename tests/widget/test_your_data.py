"""The customer's rights, in the widget: see, correct, allow, take along, erase."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tactful.chat.engine import Outcome, Said
from tests.widget.conftest import Site, Widget, scripted
from tests.widget.test_accessibility import violations

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


def test_something_personal_is_refused_and_says_what_to_leave_out(data: Widget) -> None:
    data.page.locator(".fact", has_text="hiking").get_by_role("button", name="Correct").click()
    data.page.get_by_role("textbox").last.fill("hiking, with Ana")
    data.page.keyboard.press("Enter")
    expect(data.page.locator(".content .notice")).to_contain_text("Please leave that out.")
    data.page.get_by_role("button", name="Cancel").press("Enter")
    expect(data.page.locator(".fact", has_text="hiking")).not_to_contain_text("Ana")


def test_a_copy_can_be_taken_along(data: Widget, tmp_path: Path) -> None:
    with data.page.expect_download() as download:
        data.page.get_by_role("button", name="Download for programs (JSON)").click()
    download.value.save_as(tmp_path / "copy.json")
    assert "hiking" in json.dumps(json.loads((tmp_path / "copy.json").read_text()))


def test_a_fact_says_how_it_was_learned(data: Widget) -> None:
    expect(data.page.locator(".fact", has_text="1,500")).to_contain_text("You told us on")


@pytest.fixture
def guessed(widget: Widget, site: Site) -> Widget:
    """A customer of whom a home was gathered, looking at their data."""

    def gathering(text: str) -> Outcome:
        if "trip" not in text or text.startswith("/"):
            return scripted(text)
        guess = {"home": {"value": "Porto", "sureness": 0.75}}
        return Outcome(messages=[Said(text="These could suit you.")], slots={"guesses": guess})

    site.engine.answer = gathering
    widget.open()
    widget.say("a trip from Porto")
    expect(widget.said("bot", "These could suit you.")).to_be_visible()
    widget.page.get_by_role("button", name="Open menu").click()
    widget.page.get_by_role("button", name="Your data").click()
    expect(widget.page.locator(".guess")).to_be_visible()
    return widget


def test_what_is_gathered_is_marked_and_confirmed_with_the_keyboard(guessed: Widget) -> None:
    row = guessed.page.locator(".fact", has_text="Porto")
    expect(row).to_contain_text("Not confirmed.")
    expect(row).to_contain_text("75 % sure")
    expect(row).to_contain_text("Kept until")
    assert violations(guessed.page) == []
    row.get_by_role("button", name="That is right: home airport or city").press("Enter")
    expect(row).to_contain_text("We gathered it, you said it is right")
    expect(row.locator(".guess")).to_have_count(0)
    expect(row.get_by_role("button", name="Correct")).to_be_focused()
    expect(guessed.announcements).to_contain_text("Saved.")


def test_what_is_gathered_wrongly_goes_at_once(guessed: Widget) -> None:
    guessed.page.get_by_role("button", name="That is wrong: home airport or city").click()
    expect(guessed.page.locator(".fact")).to_have_count(0)
    expect(guessed.page.get_by_role("heading", name="Your data")).to_be_focused()


def test_both_words_on_what_is_gathered_weigh_the_same(guessed: Widget) -> None:
    one, other = (guessed.page.get_by_role("button", name=name) for name in ("That is right", "That is wrong"))
    sizes = [each.bounding_box() for each in (one, other)]
    assert sizes[0]
    assert sizes[1]
    assert abs(sizes[0]["width"] - sizes[1]["width"]) < 2
    assert sizes[0]["height"] == sizes[1]["height"]


def test_each_purpose_is_allowed_for_itself_and_gives_a_receipt(data: Widget) -> None:
    page = data.page
    box = page.get_by_role("checkbox", name="People may read your conversations")
    expect(box).not_to_be_checked()
    expect(box).to_have_accessible_description(re.compile("A support agent may read"))
    box.focus()
    box.press(" ")
    expect(data.announcements).to_contain_text("Saved. Your receipt: ")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    code = page.locator(".receipts code").first
    expect(code).to_have_text(re.compile(r"^\w{4}-\w{4}-\w{4}-\w{4}$"))
    expect(page.get_by_role("checkbox", name="Your words may teach the assistant")).not_to_be_checked()
    shown = page.request.get(f"{page.url}api/receipts/{code.inner_text()}")
    assert shown.json()["stands"] is True
    box.press(" ")
    expect(page.locator(".receipts li")).to_have_count(2)
    expect(page.locator(".receipts li").last).to_contain_text("replaced by a later answer")


def test_what_others_would_see_is_shown_before_it_is_allowed(data: Widget) -> None:
    seen = data.page.locator(".data blockquote").first
    expect(seen).to_be_hidden()
    data.page.locator(".data summary").first.press("Enter")
    expect(seen).to_be_visible()
    expect(seen).to_have_text("1,500 euros, I like hiking")


def test_withdrawing_consent_takes_what_it_covered_off_the_list(data: Widget, site: Site) -> None:
    box = data.page.get_by_role("checkbox", name="Diet and accessibility")
    box.check()
    expect(data.announcements).to_contain_text("receipt")
    token = data.page.evaluate(
        "() => JSON.parse(Object.values(localStorage).find(each => each.includes('token'))).token"
    )
    headers = {"Authorization": f"Bearer {token}"}
    data.page.request.patch(f"{site.url}/api/me/profile", data={"diet": ["vegan"]}, headers=headers)
    data.page.get_by_role("button", name="Back to the conversation").click()
    data.page.get_by_role("button", name="Open menu").click()
    data.page.get_by_role("button", name="Your data").click()
    expect(data.page.locator(".fact", has_text="vegan")).to_be_visible()
    data.page.get_by_role("checkbox", name="Diet and accessibility").uncheck()
    expect(data.page.locator(".fact", has_text="vegan")).to_have_count(0)


def test_a_pause_is_kept_and_messages_are_not_taken_meanwhile(data: Widget) -> None:
    data.page.get_by_role("checkbox", name="Pause the use of my data").check()
    expect(data.announcements).to_contain_text("Saved.")
    data.page.get_by_role("button", name="Back to the conversation").click()
    data.say("are you there")
    expect(data.page.locator(".message.withheld")).to_have_count(1)
    data.page.get_by_role("button", name="Open menu").click()
    data.page.get_by_role("button", name="Your data").click()
    expect(data.page.get_by_role("checkbox", name="Pause the use of my data")).to_be_checked()


def test_a_copy_can_be_read_as_a_page(data: Widget, tmp_path: Path) -> None:
    with data.page.expect_download() as download:
        data.page.get_by_role("button", name="Download to read (web page)").click()
    assert download.value.suggested_filename == "my-data.html"
    download.value.save_as(tmp_path / "copy.html")
    assert "hiking" in (tmp_path / "copy.html").read_text(encoding="utf-8")


def test_an_answer_that_was_not_taken_goes_back(data: Widget) -> None:
    data.page.route("**/api/me/consents", lambda route: route.fulfill(status=503, json={}))
    box = data.page.get_by_role("checkbox", name="People may read your conversations")
    box.click()
    expect(data.page.locator(".content .notice")).to_be_visible()
    expect(box).not_to_be_checked()


def test_an_erasure_is_shown_step_by_step_and_goes_on_after_a_failure(data: Widget) -> None:
    page = data.page
    stop, rest = (
        {"step": "stop", "label": "No new messages are accepted", "count": 0},
        {"error": {"code": "unavailable"}},
    )
    lines = [f"{json.dumps(stop)}\n{json.dumps(rest)}\n"]

    def erase(route: Route) -> None:
        if route.request.method != "DELETE" or not lines:
            route.continue_()
        else:
            route.fulfill(body=lines.pop(), content_type="application/x-ndjson")

    page.route("**/api/me", erase)
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase it").click()
    expect(page.locator(".steps li")).to_have_text(["No new messages are accepted"])
    expect(page.locator(".ask")).to_contain_text("stopped before it was done")
    page.get_by_role("button", name="Go on erasing").press("Enter")
    expect(page.locator(".ask")).to_have_text("Everything about you has been erased.")


def test_erasing_asks_first_and_then_leaves_nothing(data: Widget) -> None:
    page = data.page
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".fact", has_text="1,500")).to_be_visible()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase it").click()
    expect(page.locator(".ask")).to_have_text("Everything about you has been erased.")
    expect(page.locator(".steps li").last).to_have_text("The database's journal is cleared")
    assert page.evaluate("() => localStorage.length") == 0
    page.get_by_role("button", name="Begin a new conversation").click()
    expect(data.said("bot", "Which of these is you?")).to_be_visible()
    expect(data.messages).to_have_count(1)


def test_going_back_returns_to_the_conversation(data: Widget) -> None:
    data.page.get_by_role("button", name="Back to the conversation").click()
    expect(data.input).to_be_visible()
    expect(data.page.get_by_role("button", name="Open menu")).to_be_focused()


def test_the_rest_tells_who_looked_what_learned_and_what_was_asked_for(data: Widget) -> None:
    data.page.get_by_text("Hidden values, who looked, your requests").click()
    rest = data.page.locator(".rest")
    expect(rest).to_contain_text("Nobody has looked at your conversations.")
    expect(rest).to_contain_text("No language model has learned from your words.")
    expect(rest.get_by_role("listitem").filter(has_text="messages")).to_be_visible()
    expect(rest).to_contain_text(re.compile("To see everything on .*: done"))
    assert not violations(data.page)
