"""A customer, and two colleagues who take over, each in a browser of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from tactful.chat.engine import Outcome, Said
from tactful.console.staff import Role
from tactful.privacy.policy import Policy
from tactful.store.tables import handovers, messages
from tests.chat.conftest import FakeEngine
from tests.console.browser import Console, console
from tests.widget.conftest import Widget, scripted

pytestmark = pytest.mark.browser

PERSON = Outcome(messages=[Said(text="A colleague will join.", custom={"handover": {"reason": "asked"}})])


@pytest.fixture
def site(tmp_path: Path, policy: Policy, browser: Browser) -> Iterator[Console]:
    engine = FakeEngine()
    engine.answer = lambda text: PERSON if "a person" in text else scripted(text)
    with console(tmp_path, policy, browser, engine) as site:
        yield site


def in_line(site: Console, **options: object) -> Widget:
    """A customer who gave a name and asked for a person."""
    customer = site.customer(**options).open()
    customer.say("my name is Ana")
    expect(customer.said("bot", "You said: my name is Ana")).to_be_visible()
    customer.say("a person please")
    expect(customer.said("bot", "A colleague will join.")).to_be_visible()
    return customer


def take(page: Page) -> Page:
    page.get_by_role("link", name="Live").first.click()
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_role("heading", name="You answer now")).to_be_visible()
    return page


def test_two_colleagues_and_a_customer(site: Console) -> None:
    """The whole way: in line, taken, answered with a hidden value, refused to the second, handed back."""
    customer = in_line(site)
    kim, ben = (
        site.colleague(login, Role.AGENT, name=name) for login, name in (("kim", "Kim Osei"), ("ben", "Ben Ito"))
    )
    expect(kim.locator("[data-badge]").first).to_have_text("1")
    ben.goto(f"{site.url}/console/live")
    take(kim)
    ben.get_by_role("button", name="Take over").click()
    expect(ben.locator(".toast")).to_contain_text("A colleague has taken this conversation")
    expect(ben.get_by_text("answered by Kim Osei")).to_be_visible()

    expect(customer.page.get_by_text("You are talking with Kim from our team.").last).to_be_visible()
    expect(customer.said("system", "Kim from our team has joined")).to_be_visible()
    log = kim.get_by_role("log")
    expect(log).to_contain_text("my name is name 1")
    assert "Ana" not in kim.content()

    kim.get_by_role("button", name="name 1").click()
    kim.keyboard.type(", your refund is on its way.")
    expect(customer.page.get_by_text("Kim is writing")).to_have_count(1)
    kim.keyboard.press("Enter")
    expect(customer.said("agent", "Ana, your refund is on its way.")).to_be_visible()
    expect(customer.said("agent", "Kim, support team")).to_be_visible()
    expect(log.locator(".own")).to_contain_text("name 1, your refund")

    customer.say("thank you, write to ana@example.com")
    expect(log).to_contain_text("thank you, write to e-mail address 1")
    expect(kim.get_by_role("button", name="e-mail address 1")).to_be_visible()
    assert [text for _, text, _ in site.services.engine.heard if "thank you" in text] == []

    kim.get_by_label("What was settled").fill("Refund sent to Ben")
    kim.get_by_role("button", name="Hand back to the assistant").click()
    expect(kim.locator(".toast")).to_contain_text("The assistant has the conversation again")
    expect(customer.said("system", "Kim has handed you back to the assistant.")).to_contain_text("Refund sent to Ben")
    customer.say("and now")
    expect(customer.said("bot", "You said: and now")).to_be_visible()
    with site.services.database.read() as tx:
        stored = " ".join(tx.execute(select(messages.c.text)).scalars())
        assert tx.execute(select(handovers.c.summary)).scalar_one() == "Refund sent to PERSON_2"
    assert "Ana" not in stored
    assert "ana@" not in stored


def test_a_page_that_lost_its_conversation_says_so_and_writes_no_more(site: Console) -> None:
    in_line(site)
    kim = take(site.colleague("kim", Role.AGENT, name="Kim"))
    with site.services.database.begin() as tx:
        tx.execute(update(handovers).values(staff_id=None, fence=9, held_until=0))
    expect(kim.get_by_role("alert")).to_contain_text("no longer yours")
    expect(kim.get_by_label("Your answer")).to_be_disabled()


def test_who_vanishes_is_missed_and_the_customer_told(site: Console) -> None:
    customer = in_line(site)
    kim = take(site.colleague("kim", Role.AGENT, name="Kim Osei"))
    kim.context.close()
    with site.services.database.begin() as tx:
        tx.execute(update(handovers).values(held_until=0))
    told = customer.said("system", "Kim could not be reached any more")
    expect(told).to_be_visible(timeout=20_000)  # the door looks every five seconds
    ben = take(site.colleague("ben", Role.AGENT, name="Ben Ito"))
    expect(ben.get_by_role("log")).to_contain_text("Kim could not be reached any more")
    expect(customer.page.get_by_text("You are talking with Ben from our team.").last).to_be_visible()


def test_what_could_not_be_sent_stays_in_the_box(site: Console) -> None:
    in_line(site)
    kim = take(site.colleague("kim", Role.AGENT, name="Kim"))
    box = kim.get_by_label("Your answer")
    box.fill("Dear PERSON_7")
    box.press("Enter")
    expect(kim.locator(".toast")).to_contain_text("There is no PERSON_7 in this conversation")
    expect(box).to_have_value("Dear PERSON_7")
    box.fill("Dear PERSON_1")
    box.press("Enter")
    expect(box).to_have_value("")


def test_what_comes_while_one_reads_above_moves_nothing(site: Console) -> None:
    customer = in_line(site)
    kim = take(site.colleague("kim", Role.AGENT, name="Kim"))
    for number in range(12):
        customer.say(f"line {number}\nand\nmore")
        expect(kim.get_by_role("log")).to_contain_text(f"line {number}")
    log = kim.get_by_role("log")
    log.evaluate("log => { log.scrollTop = 0 }")
    customer.say("the newest")
    expect(kim.get_by_role("button", name="1 new message")).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 0
    kim.get_by_role("button", name="1 new message").click()
    expect(log.get_by_text("the newest")).to_be_in_viewport()


def test_the_line_says_who_is_new_and_does_not_move(site: Console) -> None:
    kim = site.colleague("kim", Role.AGENT, name="Kim")
    kim.goto(f"{site.url}/console/live")
    expect(kim.get_by_role("heading", name="Nobody waits")).to_be_visible()
    in_line(site)
    kim.evaluate("beat()")
    expect(kim.get_by_role("link", name="1 new")).to_be_visible()
    expect(kim.get_by_role("heading", name="Nobody waits")).to_be_visible()
    kim.get_by_role("link", name="1 new").click()
    expect(kim.get_by_role("button", name="Take over")).to_be_visible()


HOSTILE = [
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "abc \u202e evil \u2066 more",
    "'\"><svg/onload=alert(1)>",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.asvs("1.2.1", "3.2.2")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(site: Console, text: str) -> None:
    customer = in_line(site)
    kim = take(site.colleague("kim", Role.AGENT, name=text))
    customer.say(text)
    body = kim.get_by_role("log").locator(".customer .body").last
    shown = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text) if "\u202e" not in text else "[right-to-left override]"
    expect(body).to_contain_text(shown)
    assert kim.locator(".log img, .log script, .log svg").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(site: Console, scheme: str, width: int) -> None:
    in_line(site)
    kim = site.colleague(
        "kim", Role.AGENT, Role.ADMINISTRATOR, name="Kim", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    for path in ("", "/live", "/account", "/accounts", "/nowhere"):
        kim.goto(f"{site.url}/console{path}")
        found = Axe().run(kim)
        assert found.violations_count == 0, found.generate_report()
        assert kim.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
    kim.goto(f"{site.url}/console/live")
    kim.get_by_role("button", name="Take over").click()
    expect(kim.get_by_role("heading", name="You answer now")).to_be_visible()
    found = Axe().run(kim)
    assert found.violations_count == 0, found.generate_report()
    assert kim.evaluate("document.documentElement.scrollWidth <= innerWidth")
