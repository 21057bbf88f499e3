"""Bad days: no network, too fast, too old, a part down. Each is said in words, and nothing is lost or doubled."""

import pytest
from playwright.sync_api import Route, expect

from tactful.errors import EngineUnavailable
from tests.widget.conftest import NewWidget, Site, Widget

pytestmark = pytest.mark.browser


def test_what_is_written_offline_is_sent_once_and_in_order(widget: Widget, site: Site) -> None:
    """It says that it waits, survives a reload of the page's script, and reaches the engine once."""
    widget.open()
    site.engine.heard.clear()
    widget.page.context.set_offline(True)
    expect(widget.page.locator(".notice")).to_contain_text("You are offline")
    for text in ("first", "second", "third"):
        widget.say(text)
    expect(widget.page.get_by_text("Waiting to send")).to_have_count(3)
    widget.page.context.set_offline(False)
    expect(widget.said("bot", "You said: third")).to_be_visible()
    expect(widget.page.get_by_text("Waiting to send")).to_have_count(0)
    assert [text for _, text, _ in site.engine.heard] == ["first", "second", "third"]
    for text in ("first", "second", "third"):
        expect(widget.said("customer", text)).to_have_count(1)


def test_what_waits_outlives_the_page(widget: Widget, site: Site) -> None:
    widget.open()
    site.engine.heard.clear()
    widget.page.route(
        "**/messages", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    widget.say("sent tomorrow")
    expect(widget.page.get_by_text("Waiting to send")).to_be_visible()
    widget.page.unroute("**/messages")
    widget.page.reload()
    widget.launcher.click()
    expect(widget.said("bot", "You said: sent tomorrow")).to_be_visible()
    assert [text for _, text, _ in site.engine.heard] == ["sent tomorrow"]


def test_an_answer_lost_on_the_way_does_not_double_the_message(widget: Widget, site: Site) -> None:
    """The door has it, the widget does not know: the repeat carries the same id."""
    widget.open()
    site.engine.heard.clear()
    lost = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    widget.page.route("**/messages", lose_the_answer)
    widget.say("only once")
    expect(widget.said("bot", "You said: only once")).to_have_count(1)
    expect(widget.page.get_by_text("Sending")).to_have_count(0)
    expect(widget.said("customer", "only once")).to_have_count(1)
    assert lost == [202]
    assert len(site.engine.heard) == 1


def test_too_fast_is_said_and_the_message_is_sent_after_the_wait(widget: Widget) -> None:
    widget.open()
    refused = []

    def limit_once(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(True)
            error = {"error": {"code": "too_many", "message": "slow"}}
            route.fulfill(status=429, headers={"Retry-After": "2"}, json=error)
        else:
            route.continue_()

    widget.page.route("**/messages", limit_once)
    widget.say("quick")
    expect(widget.page.locator(".notice")).to_contain_text("That was a little fast. Your message is sent in 2 seconds.")
    expect(widget.page.locator(".notice")).to_contain_text("in 1 second.")
    expect(widget.said("bot", "You said: quick")).to_be_visible()
    expect(widget.page.locator(".notice")).to_be_hidden()


def test_a_door_that_is_away_is_said_and_waited_for(widget: Widget) -> None:
    widget.open()
    refused = []

    def away_once(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(True)
            route.fulfill(
                status=503, headers={"Retry-After": "1"}, json={"error": {"code": "unavailable", "message": ""}}
            )
        else:
            route.continue_()

    widget.page.route("**/messages", away_once)
    widget.say("are you there")
    expect(widget.page.locator(".notice")).to_contain_text("We cannot take messages just now")
    expect(widget.said("bot", "You said: are you there")).to_be_visible()


def test_a_message_the_server_finds_too_large_comes_back_to_the_composer(widget: Widget) -> None:
    widget.open()
    refusal = {"error": {"code": "too_large", "message": ""}}
    widget.page.route(
        "**/messages",
        lambda route: route.fulfill(status=413, json=refusal) if route.request.method == "POST" else route.continue_(),
    )
    widget.say("somehow too large")
    expect(widget.page.locator(".message.failed")).to_contain_text("Not sent: the message is too long.")
    expect(widget.input).to_have_value("somehow too large")


def test_an_engine_that_is_down_is_said_and_the_message_is_answered_later(widget: Widget, site: Site) -> None:
    widget.open()
    site.engine.failing.extend(EngineUnavailable() for _ in range(2))
    widget.say("still there?")
    expect(widget.page.locator(".notice")).to_contain_text("The assistant is taking a short break.")
    expect(widget.said("bot", "You said: still there?")).to_have_count(1, timeout=30_000)
    expect(widget.page.locator(".notice")).to_be_hidden()


def test_an_engine_that_is_back_is_announced(widget: Widget, site: Site) -> None:
    widget.open()
    site.engine.failing.append(EngineUnavailable())
    widget.say("hello?")
    expect(widget.announcements).to_contain_text("The assistant is taking a short break.")
    expect(widget.announcements).to_contain_text("The assistant is with you again.", timeout=30_000)


@pytest.mark.parametrize(
    ("state", "words"),
    [("waiting", "A person from our team has been asked to join"), ("agent", "You are talking with a person")],
)
def test_who_is_there_is_said(new_widget: NewWidget, state: str, words: str) -> None:
    widget = new_widget()
    event = f'event: state\ndata: {{"state": "{state}"}}\n\n'
    widget.page.route("**/events", lambda route: route.fulfill(body=event, content_type="text/event-stream"))
    widget.launcher.click()
    expect(widget.page.locator(".notice")).to_contain_text(words)


ERASE = """() => {
  const { token } = JSON.parse(localStorage[Object.keys(localStorage).find((key) => !key.includes(' out '))]);
  return fetch('/api/me', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } }).then(({ ok }) => ok);
}"""


@pytest.mark.parametrize("way", ["stream", "polling", "other tab"])
def test_an_erasure_elsewhere_is_said_and_followed_by_a_fresh_start(new_widget: NewWidget, way: str) -> None:
    """Nothing of the old conversation stays on the page or in the browser; writing begins another."""
    widget = new_widget()
    if way == "polling":
        widget.page.route("**/events", lambda route: route.abort())
    widget.open()
    widget.say("remember me")
    expect(widget.said("bot", "You said: remember me")).to_be_visible(timeout=20_000)
    if way == "other tab":
        other = new_widget(widget.page.context)
        other.launcher.click()
        expect(other.said("bot", "You said: remember me")).to_be_visible()
        other.page.get_by_role("button", name="Open menu").click()
        other.page.get_by_role("button", name="Your data").click()
        other.page.get_by_role("button", name="Erase everything").click()
        other.page.get_by_role("button", name="Yes, erase it").click()
    else:
        assert widget.page.evaluate(ERASE)
    expect(widget.said("system", "Everything about you has been erased.")).to_be_visible(timeout=40_000)
    expect(widget.messages).to_have_count(1)
    assert widget.page.evaluate("() => localStorage.length") == 0
    widget.say("hello again")
    expect(widget.said("bot", "Which of these is you?")).to_be_visible()
    expect(widget.said("bot", "You said: hello again")).to_be_visible(timeout=20_000)


def test_an_ended_conversation_is_followed_by_a_new_one_and_nothing_written_is_lost(widget: Widget) -> None:
    """The token is refused: the widget asks for another conversation of the same customer and says so."""
    widget.open()
    widget.page.evaluate(
        "() => { for (const key of Object.keys(localStorage)) { const kept = JSON.parse(localStorage[key]);"
        " if (kept.token) localStorage[key] = JSON.stringify({...kept, token: kept.token.slice(0, -4) + 'AAAA'}); } }"
    )
    widget.say("where were we")
    expect(widget.said("system", "Your earlier conversation has ended")).to_be_visible()
    expect(widget.said("customer", "where were we")).to_have_count(1)
    expect(widget.said("bot", "You said: where were we")).to_be_visible()


def test_a_withheld_message_is_shown_as_not_kept(widget: Widget, site: Site) -> None:
    widget.open()
    site.detector.down = True
    widget.say("unread")
    expect(widget.page.locator(".message.withheld")).to_contain_text("Not kept")
    expect(widget.said("bot", "say it again")).to_be_visible()


def test_where_streams_are_held_back_polling_brings_the_messages(new_widget: NewWidget) -> None:
    widget = new_widget()
    widget.page.route("**/events", lambda route: route.abort())
    widget.launcher.click()
    expect(widget.said("bot", "Which of these is you?")).to_be_visible(timeout=20_000)
    widget.say("by post")
    expect(widget.said("bot", "You said: by post")).to_be_visible(timeout=20_000)


def test_a_blocked_storage_costs_the_resume_and_nothing_else(new_widget: NewWidget) -> None:
    widget = new_widget()
    widget.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    widget.page.reload()
    widget.open()
    widget.say("hello")
    expect(widget.said("bot", "You said: hello")).to_be_visible()
