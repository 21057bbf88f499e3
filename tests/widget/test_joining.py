"""A stranger signs in: what they told is joined to their account, or erased, on their word. A known one starts over."""

import re
import time
import uuid

import jwt
import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect

from tactful.chat.engine import Outcome, Said
from tests.widget.conftest import SITE_KEY, NewWidget, Site, Widget, scripted
from tests.widget.test_accessibility import violations

pytestmark = pytest.mark.browser


def customer_token(customer: str) -> str:
    now = int(time.time())
    claims = {"sub": customer, "aud": "tactful", "iat": now, "exp": now + 600, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, SITE_KEY, algorithm="HS256")


def sign_in(context: BrowserContext) -> None:
    """From now on the company's page names its customer, with a fresh token each time it is loaded."""
    customer = uuid.uuid4().hex

    def page(route: Route) -> None:
        html = route.fetch().text()
        script = f'<script src="/widget.js" data-customer-token="{customer_token(customer)}" async>'
        route.fulfill(body=html.replace('<script src="/widget.js" async>', script), content_type="text/html")

    context.route(re.compile(r"://[^/]+/$"), page)


@pytest.fixture
def signed_in(new_widget: NewWidget, site: Site) -> Widget:
    """Somebody who told a budget as a stranger, came back signed in, and opens the chat."""

    def learning(text: str) -> Outcome:
        return Outcome(messages=[Said(text="Noted.")], slots={"budget": 1500}) if "1,500" in text else scripted(text)

    site.engine.answer = learning
    stranger = new_widget()
    stranger.open()
    stranger.say("1,500 euros")
    expect(stranger.said("bot", "Noted.")).to_be_visible()
    sign_in(stranger.page.context)
    stranger.page.goto(site.url)
    return stranger.open()


def line(widget: Widget, text: str) -> Locator:
    """What the widget itself says between the messages."""
    return widget.page.get_by_role("list", name="Messages").get_by_text(text)


def your_data(widget: Widget) -> None:
    widget.page.get_by_role("button", name="Open menu").click()
    widget.page.get_by_role("button", name="Your data").click()


def test_what_was_told_before_is_joined_on_the_customers_word(signed_in: Widget) -> None:
    group = signed_in.page.get_by_role("group", name="before you signed in")
    assert not violations(signed_in.page)
    group.get_by_role("button", name="Add it to my account").click()
    expect(line(signed_in, "is now part of your data")).to_be_visible()
    your_data(signed_in)
    expect(signed_in.page.locator(".fact", has_text="1,500")).to_be_visible()


def test_it_is_erased_when_that_is_wished(signed_in: Widget) -> None:
    signed_in.page.get_by_role("button", name="Erase it").click()
    expect(line(signed_in, "before you signed in has been erased")).to_be_visible()
    your_data(signed_in)
    expect(signed_in.page.get_by_text("Nothing yet.").first).to_be_visible()


def test_who_does_not_decide_is_asked_again_and_nothing_is_joined_meanwhile(signed_in: Widget, site: Site) -> None:
    signed_in.page.get_by_role("button", name="Decide later").click()
    signed_in.page.goto(site.url)
    expect(signed_in.page.locator(".launcher")).to_be_visible()
    signed_in.launcher.click()
    expect(signed_in.page.get_by_role("button", name="Add it to my account")).to_be_visible()


def test_who_only_looked_is_not_asked(new_widget: NewWidget, site: Site) -> None:
    looked = new_widget()
    looked.open()
    sign_in(looked.page.context)
    looked.page.goto(site.url)
    looked.open()
    expect(looked.page.get_by_role("group", name="before you signed in")).to_have_count(0)


def test_a_known_customer_starts_over_though_the_sites_token_was_used(new_widget: NewWidget, site: Site) -> None:
    known = new_widget()
    sign_in(known.page.context)
    known.page.goto(site.url)
    known.open()
    known.page.get_by_role("button", name="Open menu").click()
    known.page.get_by_role("button", name="Start over").click()
    expect(line(known, "This is a new conversation.")).to_be_visible()
    known.say("hello again")
    expect(known.said("bot", "You said: hello again")).to_be_visible()
