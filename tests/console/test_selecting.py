"""In a real Chromium: words selected by mouse and by keyboard, marked with one key, spread, undone, and read out."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Connection, insert

from tactful.bootstrap import Services
from tactful.chat import transcript
from tactful.chat.engine import Intent, Outcome
from tactful.config import Settings
from tactful.console.staff import OPERATOR, Role
from tactful.privacy.placeholders import Replacement
from tactful.privacy.policy import Policy
from tactful.profile import consent, subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import messages
from tactful.web.app import door_app
from tests.chat.conftest import FakeEngine
from tests.conftest import free_port
from tests.web.conftest import QuietDetector

pytestmark = pytest.mark.browser

COOKIE = "__Host-tactful-console"
TEXTS = ("👩‍🚀 I am Philippa Quimbleton of PERSON_1, well met", "So says Philippa Quimbleton, twice", "Nothing here")


class Desk:
    """A door that serves, with a reviewer and a customer's conversation in it."""

    def __init__(self, services: Services, url: str) -> None:
        self.services, self.url = services, url
        self.conversation = ""

    def talk(self, *texts: str) -> str:
        """A new conversation of a customer who lets people read along; its id."""
        built = self.services
        with built.database.begin() as tx:
            subject = subjects.create(tx, built.ring, now=built.clock())
            consent.put(tx, subject, "human_review", True, policy=built.policy, signer=built.signer, now=built.clock())
            conversation = built.conversations.open(tx, subject, None)
            built.vault.keep(tx, conversation, subject, [Replacement("PERSON_1", "PERSON", "Grace Period")])
            for text in texts:
                self._said(tx, conversation, text)
        return conversation

    def _said(self, tx: Connection, conversation: str, text: str) -> None:
        seq, now = transcript.take_numbers(tx, conversation), self.services.clock()
        message = {
            "conversation_id": conversation, "seq": seq, "author": "customer", "kind": "text", "status": "answered",
            "text": text, "created_at": now, "entity_types": None,
        }  # fmt: skip
        tx.execute(insert(messages).values(**message))
        self.services.recorder.record(tx, message, Outcome(messages=[], intent=Intent(name="greet", confidence=0.9)))  # type: ignore[arg-type]

    def texts(self, conversation: str) -> list[str]:
        with self.services.database.read() as tx:
            return [row["text"] for row in transcript.after(tx, conversation, 0) if row["author"] == "customer"]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Desk]:
    settings = Settings(
        home=tmp_path_factory.mktemp("desk"), port=free_port(), engine_port=1, rate_requests="9999/minute"
    )
    made: list[tuple[uvicorn.Server, Services]] = []

    async def serve() -> None:
        services = Services(
            settings, Database(settings.database), KeyRing.of(bytes(range(32))), policy,
            QuietDetector(), FakeEngine(), httpx.AsyncClient(),  # type: ignore[arg-type]
        )  # fmt: skip
        app = door_app(services)
        server = uvicorn.Server(uvicorn.Config(app, port=settings.port, log_config=None, timeout_graceful_shutdown=1))
        made.append((server, services))
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    while not (made and made[0][0].started):
        assert thread.is_alive(), "the door did not start"
        time.sleep(0.05)
    server, services = made[0]
    yield Desk(services, f"http://localhost:{settings.port}")
    server.should_exit = True
    thread.join(10)


class Reviewing:
    """A reviewer in front of a conversation."""

    def __init__(self, page: Page, desk: Desk, conversation: str) -> None:
        self.page, self.desk, self.conversation = page, desk, conversation

    @property
    def texts(self) -> list[str]:
        return self.desk.texts(self.conversation)

    def text(self, number: int) -> Locator:
        return self.page.locator(".said.customer p.text").nth(number)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def selected(self) -> str:
        return str(self.page.evaluate("getSelection().toString()"))

    @property
    def panel(self) -> Locator:
        return self.page.locator(".marking")

    @property
    def said(self) -> Locator:
        return self.page.locator("p.unseen[role=status]")


@pytest.fixture
def reviewing(desk: Desk, browser: Browser) -> Iterator[Reviewing]:
    services = desk.services
    account, _ = services.accounts.add(f"r{time.time_ns()}", frozenset({Role.REVIEWER}), OPERATOR)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(8000)
    token = services.sign_in.fresh(account.id)
    context.add_cookies(
        [{"name": COOKIE, "value": token, "url": desk.url.replace("http", "https"), "secure": True, "httpOnly": True}]
    )
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "violat" in line.text and faults.append(line.text))
    conversation = desk.talk(*TEXTS)
    page.goto(f"{desk.url}/console/conversations/{conversation}")
    yield Reviewing(page, desk, conversation)
    context.close()
    assert not faults, faults


def test_with_the_keyboard_alone_words_are_selected_marked_spread_and_undone(reviewing: Reviewing) -> None:
    reviewing.text(0).focus()
    reviewing.press("Enter")
    assert reviewing.selected == "I"
    reviewing.press("ArrowRight", "ArrowRight")
    assert reviewing.selected == "Philippa"
    reviewing.press("Shift+ArrowRight")
    assert reviewing.selected == "Philippa Quimbleton"
    expect(reviewing.said).to_have_text("Selected: Philippa Quimbleton")
    expect(reviewing.panel).to_contain_text("What is this?")
    reviewing.press("1")
    expect(reviewing.panel).to_contain_text("Hidden here as name: 1 place")
    assert reviewing.texts[0] == "👩‍🚀 I am PERSON_2 of PERSON_1, well met"
    expect(reviewing.text(0)).to_contain_text("I am PERSON_2 of PERSON_1")
    expect(reviewing.said).to_contain_text("Hidden here as name")
    expect(reviewing.panel.locator("h2")).to_be_focused()
    reviewing.panel.get_by_role("button", name="Hide everywhere").focus()
    reviewing.press("Enter")
    expect(reviewing.panel).to_contain_text("Hidden wherever it stood")
    assert reviewing.texts[1] == "So says PERSON_2, twice"
    expect(reviewing.text(1)).to_contain_text("So says PERSON_2, twice")
    reviewing.press("u")
    expect(reviewing.panel).to_contain_text("Undone")
    assert reviewing.texts == list(TEXTS)
    expect(reviewing.text(1)).to_have_text(TEXTS[1])
    reviewing.press("Escape")
    expect(reviewing.panel).to_have_count(0)
    expect(reviewing.text(0)).to_be_focused()


def test_the_selection_is_resized_by_word_and_by_character_at_either_end(reviewing: Reviewing) -> None:
    reviewing.text(1).focus()
    reviewing.press("Enter", "ArrowRight", "ArrowRight")
    assert reviewing.selected == "Philippa"
    for keys, selected in (
        (["Alt+ArrowRight", "Alt+ArrowRight"], "Philippa Q"),
        (["Control+ArrowLeft", "Control+ArrowLeft"], "Philippa"),
        (["Alt+Shift+ArrowRight"], "hilippa"),
        (["Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft"], " Philippa"),
        (["ArrowLeft", "Shift+ArrowRight", "Shift+ArrowRight"], "says Philippa Quimbleton"),
        (["Shift+ArrowLeft"], "says Philippa"),
        (["ArrowRight"], "Quimbleton"),
        (["ArrowRight", "ArrowRight", "ArrowRight"], "twice"),
    ):
        reviewing.press(*keys)
        assert reviewing.selected == selected, keys


def test_what_the_mouse_selects_is_marked_with_a_click(reviewing: Reviewing) -> None:
    box = reviewing.page.evaluate(
        """() => { const node = document.querySelectorAll('p.text')[1].firstChild; const range = document.createRange();
        range.setStart(node, 8); range.setEnd(node, 27); const box = range.getBoundingClientRect();
        return [box.left, box.right, box.top + box.height / 2]; }"""
    )
    reviewing.page.mouse.move(box[0] + 1, box[2])
    reviewing.page.mouse.down()
    reviewing.page.mouse.move(box[1] - 1, box[2], steps=8)
    reviewing.page.mouse.up()
    expect(reviewing.said).to_have_text("Selected: Philippa Quimbleton")
    reviewing.panel.get_by_role("button", name="name", exact=False).first.click()
    expect(reviewing.panel).to_contain_text("Hidden here as name")
    assert reviewing.texts[1] == "So says PERSON_2, twice"
    expect(reviewing.panel).to_contain_text("this conversation")


def test_a_selection_behind_a_placeholder_and_an_emoji_is_what_it_looks_like(reviewing: Reviewing) -> None:
    reviewing.text(0).focus()
    reviewing.press("Enter", *["ArrowRight"] * 5)
    assert reviewing.selected == "well"
    reviewing.press("1")
    expect(reviewing.panel).to_contain_text("Hidden here")
    assert reviewing.texts[0].endswith("PERSON_1, PERSON_2 met")


def test_a_hidden_value_that_is_nothing_personal_is_freed_from_its_place_in_the_text(reviewing: Reviewing) -> None:
    chip = reviewing.text(0).get_by_role("button")
    chip.focus()
    reviewing.press("Enter")
    expect(reviewing.panel).to_contain_text("nothing personal")
    reviewing.panel.get_by_role("button", name="Not personal").click()
    expect(reviewing.panel).to_contain_text("Readable again")
    assert "of Grace Period, well" in reviewing.texts[0]
    expect(reviewing.text(0)).to_contain_text("of Grace Period, well")
    reviewing.press("u")
    expect(reviewing.panel).to_contain_text("Undone")
    assert reviewing.texts == list(TEXTS)


def test_what_is_refused_is_said_and_nothing_changes(reviewing: Reviewing) -> None:
    reviewing.text(0).focus()
    reviewing.press("Enter", *["ArrowRight"] * 4, "Shift+ArrowRight", "1")
    expect(reviewing.page.locator(".toast")).to_contain_text("hidden already")
    assert reviewing.texts == list(TEXTS)
    expect(reviewing.panel).to_have_count(0)


def test_a_value_that_was_granted_is_gone_from_the_page_when_the_time_is_over(
    reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, services = reviewing.page, reviewing.desk.services
    monkeypatch.setattr(services.reveals, "_minutes", 0.1)
    reviewing.text(0).locator(".chip").click()
    reviewing.panel.locator("summary").click()
    reviewing.panel.get_by_label("Reason").select_option("support")
    reviewing.panel.get_by_label("In a few words").fill("the booking is today")
    reviewing.panel.get_by_role("button", name="Ask").click()
    expect(reviewing.panel).to_contain_text("A second person finds it")
    services.reveals.decide("c" * 32, services.reveals.latest()[0].id, yes=True)
    page.goto(f"{reviewing.desk.url}/console/reveals")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(".value")).to_have_text("Grace Period")
    expect(page).to_have_url(f"{reviewing.desk.url}/console/reveals", timeout=10_000)
    expect(page.locator("body")).not_to_contain_text("Grace Period")
    page.go_back(wait_until="commit")
    assert "Grace Period" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_step(reviewing: Reviewing, scheme: str) -> None:
    page = reviewing.page
    page.emulate_media(color_scheme=scheme)

    def found() -> list[str]:
        violations = Axe().run(page).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in violations]

    reviewing.text(0).focus()
    reviewing.press("Enter", "ArrowRight", "ArrowRight")
    expect(reviewing.panel).to_contain_text("What is this?")
    assert found() == []
    reviewing.press("1")
    expect(reviewing.panel).to_contain_text("Hidden here")
    assert found() == []
    reviewing.press("Escape")
    reviewing.text(0).locator(".chip").last.click()
    expect(reviewing.panel).to_contain_text("Not personal")
    reviewing.panel.locator("summary").click()
    assert found() == []
    for path in ("missed", "reveals"):
        page.goto(f"{reviewing.desk.url}/console/{path}")
        assert found() == [], path


def test_a_page_without_words_and_on_a_phone_stays_within_its_width(reviewing: Reviewing, tmp_path: Path) -> None:
    reviewing.page.set_viewport_size({"width": 360, "height": 740})
    reviewing.text(1).focus()
    reviewing.press("Enter")
    expect(reviewing.panel).to_contain_text("What is this?")
    assert reviewing.page.evaluate("document.documentElement.scrollWidth") <= 360
