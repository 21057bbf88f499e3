"""A real browser on the real door; Rasa and the detector's process are stood in for, so that a test can steer them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tactful.bootstrap import Services
from tactful.chat.engine import Outcome, Said
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tests.chat.conftest import FakeEngine
from tests.conftest import free_port
from tests.serving import door
from tests.web.conftest import QuietDetector

GREETING = Said(
    text="Hello. Which of these is you?",
    buttons=[
        {"title": "I have just subscribed", "payload": "/say_new"},
        {"title": "I am a developer", "payload": "/say_developer"},
    ],
)
CODE = Said(text='The **old key** is still sent.\n\n```python\nclient.get("/trips")\n```\n\n1. Look at `X-Key-Id`')
CARDS = Said(
    text="Two places fit.",
    custom={
        "cards": [
            {
                "id": name.lower(),
                "title": name,
                "subtitle": "Portugal",
                "image": "/cards/hiking.svg",
                "image_alt": "A path winding up to snowy peaks",
                "reasons": ["warm in March", "you like hiking"],
                "facts": [{"label": "A day", "value": "95 €"}],
                "button": {"title": "Choose this trip", "payload": f'/choose_trip{{"trip":"{name}"}}'},
            }
            for name in ("Funchal", "Lisbon")
        ]
    },
)


SITE_KEY = "the company's site signs with this one"


def scripted(text: str) -> Outcome:
    """What the stand-in engine says."""
    if text.startswith("/conversation_started"):
        return Outcome(messages=[GREETING])
    if text.startswith("/profile_changed"):
        return Outcome(messages=[])
    if "401" in text:
        return Outcome(messages=[CODE])
    if "trip" in text and not text.startswith("/"):
        return Outcome(messages=[CARDS])
    return Outcome(messages=[Said(text=f"You said: {text}")])


@dataclass(slots=True)
class Site:
    """The door's address and the parts of it that a test steers."""

    url: str
    engine: FakeEngine
    detector: QuietDetector
    services: Services


@contextmanager
def serving(home: Path, policy: Policy) -> Iterator[Site]:
    """The application under uvicorn, in a thread of its own."""
    settings = Settings(
        home=home,
        port=free_port(),
        customer_jwt_key=SITE_KEY,
        rate_messages="100000/minute",
        rate_conversations="100000/minute",
        rate_requests="100000/minute",
    )
    engine, detector = FakeEngine(), QuietDetector()

    def make() -> Services:
        database, ring = Database(settings.database), KeyRing.of(bytes(range(32)))
        return Services(settings, database, ring, policy, detector, engine, httpx.AsyncClient())  # type: ignore[arg-type]

    with door(make) as services:
        yield Site(f"http://127.0.0.1:{settings.port}", engine, detector, services)


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site"), policy) as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Site:
    """The door with its stand-ins as new."""
    engine = running_site.engine
    engine.answer, engine.slow_s = scripted, 0.05
    engine.failing.clear()
    running_site.detector.down = False
    return running_site


@dataclass(slots=True)
class Widget:
    """The chat on one page, as its user meets it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator(".launcher")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Write a message")

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message")

    @property
    def announcements(self) -> Locator:
        return self.page.locator("[role=status][aria-live]")

    def said(self, author: str, text: str) -> Locator:
        return self.page.locator(f".message.{author}").filter(has_text=text)

    def open(self) -> "Widget":
        """Open the panel and wait for the greeting."""
        self.launcher.click()
        expect(self.said("bot", "Which of these is you?")).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def watch(self) -> "Widget":
        """Note whatever must never happen: another host asked, a policy violated, an error in a script."""
        page = self.page
        own = ("http://127.0.0.1:", "data:", "blob:")
        page.on(
            "request", lambda request: request.url.startswith(own) or self.faults.append(f"third party: {request.url}")
        )
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: "violat" in line.text and self.faults.append(f"console: {line.text}"))
        return self


NewWidget = Callable[..., Widget]


@pytest.fixture
def new_widget(browser: Browser, site: Site) -> Iterator[NewWidget]:
    """Makes a page with the widget, in a browser profile of its own unless one is given."""
    widgets: list[Widget] = []
    contexts: list[BrowserContext] = []

    def make(context: BrowserContext | None = None, path: str = "/", **options: Any) -> Widget:
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
            context.set_default_timeout(10_000)
            contexts.append(context)
        widget = Widget(context.new_page()).watch()
        widget.page.goto(site.url + path)
        widgets.append(widget)
        return widget

    yield make
    faults = [fault for widget in widgets for fault in widget.faults]
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def widget(new_widget: NewWidget) -> Widget:
    return new_widget()


@pytest.fixture(scope="session")
def widget_folder() -> Path:
    return Path(__file__).parents[2] / "widget"
