"""A new installation as its people meet it: first administrator, colleague, customer; the real Rasa and detector."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Door
from tests.console.browser import PASSWORD
from tests.widget.conftest import Widget

pytestmark = [pytest.mark.browser, pytest.mark.engine]

LONG = 30_000  # ms; the machine is shared
LINK = re.compile(r"http://\S+/console/link/\S+")


@pytest.fixture
def new_page(browser: Browser) -> Iterator[object]:
    contexts = []

    def make() -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        contexts[-1].set_default_timeout(LONG)
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def first_link(door: Door) -> str:
    """The link that `tactful up` printed; a moment after the door was ready."""
    for _ in range(100):
        if found := LINK.search((door.home / "up.log").read_text()):
            return found[0]
        time.sleep(0.2)
    raise AssertionError("no link was printed")


def customer_conversation(page: Page) -> str:
    """The id of the conversation that this browser has; others may stand in line."""
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('tactful ')).map(([, value]) => value)"
    )
    return next(str(each["id"]) for each in map(json.loads, kept) if isinstance(each, dict) and "id" in each)


def choose_password(page: Page) -> None:
    for label in ("Password", "The same again"):
        page.get_by_label(label).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Create the account|Set password")).click()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible(timeout=LONG)


def test_from_the_first_link_to_a_conversation_that_is_handed_back(door: Door, new_page) -> None:
    expect.set_options(timeout=LONG)
    ada = new_page()
    ada.goto(first_link(door))
    ada.get_by_label("Your name").fill("Ada Marlowe")
    ada.get_by_label("Name to sign in with").fill("ada@wayfare.example")
    choose_password(ada)
    ada.goto(f"{door.url}/console/accounts")
    ada.locator("form.small").get_by_label("Name", exact=True).fill("Ben Ito")
    ada.get_by_label("Name to sign in with").fill("ben")
    ada.locator("form.small").get_by_label("Agent").check()
    ada.get_by_role("button", name="Add and show the link").click()
    ben = new_page()
    ben.goto(ada.get_by_label("One-time link").input_value())
    choose_password(ben)

    page = new_page()
    page.goto(door.url)
    customer = Widget(page)
    customer.launcher.click()
    page.get_by_role("button", name="developer").first.click()
    customer.say("my name is Philippa Quimbleton")
    expect(customer.said("bot", "Which city or airport do you usually leave from?")).to_be_visible()
    customer.say("I want to talk to a person")
    expect(page.get_by_text("A person from our team has been asked to join").last).to_be_visible()

    ben.goto(f"{door.url}/console/live")
    ada.goto(f"{door.url}/console/live")
    take = f'form[action="/console/live/{customer_conversation(page)}/take"] button'
    ben.locator(take).click()
    expect(ben.get_by_role("heading", name="You answer now")).to_be_visible()
    ada.locator(take).click()
    expect(ada.locator(".toast")).to_contain_text("A colleague has taken this conversation")
    expect(ben.get_by_role("log")).to_contain_text("my name is name 1")
    assert "Philippa" not in ben.content()
    ben.get_by_label("Your answer").fill("Hello PERSON_1, write to claims@wayfare.example please.")
    ben.get_by_label("Your answer").press("Enter")
    expect(customer.said("agent", "Hello Philippa Quimbleton, write to claims@wayfare.example please.")).to_be_visible()
    expect(ben.get_by_role("log").locator(".own")).to_contain_text("write to e-mail address 1 please")
    customer.say("why did I get a 401?")
    expect(ben.get_by_role("log")).to_contain_text("why did I get a 401?")
    ben.get_by_label("What was settled").fill("Your claim is open.")
    ben.get_by_role("button", name="Hand back to the assistant").click()
    expect(customer.said("system", "Ben has handed you back to the assistant.")).to_be_visible()
    before = page.locator(".message.bot").count()
    customer.say("what do you know about me?")
    expect(page.locator(".message.bot")).not_to_have_count(before)
    expect(page.locator(".message.bot").filter(has_text=re.compile("developer", re.I)).last).to_be_visible()
    expect.set_options(timeout=5_000)


def test_what_was_said_by_either_is_nowhere_in_the_clear(door: Door) -> None:
    everything = b"".join(file.read_bytes() for file in door.home.rglob("*") if file.is_file())
    for value in (b"Quimbleton", b"claims@wayfare.example", PASSWORD.encode()):
        assert value not in everything
