"""Real browsers on the real door: a customer at the widget, colleagues at the console. Rasa is stood in for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.console.staff import OPERATOR, Role
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tests.chat.conftest import FakeEngine
from tests.conftest import free_port
from tests.serving import door
from tests.web.conftest import QuietDetector
from tests.widget.conftest import Widget

PASSWORD = "correct horse battery staple"


@dataclass
class Console:
    """The door's address, its parts, and browsers in which somebody is signed in."""

    url: str
    services: Services
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def colleague(self, login: str, *roles: Role, name: str = "", **options: Any) -> Page:
        """A page of somebody with these roles, signed in, at the start."""
        page = self.page(**options)
        _, token = self.services.accounts.add(login, frozenset(roles), OPERATOR, name)
        page.goto(f"{self.url}/console/link/{token}")
        for label in ("Password", "The same again"):
            page.get_by_label(label).fill(PASSWORD)
        page.get_by_role("button", name="Set password").click()
        page.wait_for_url(f"{self.url}/console")
        return page

    def customer(self, **options: Any) -> Widget:
        """The widget on the demo page."""
        page = self.page(**options)
        page.goto(self.url)
        return Widget(page)

    def page(self, **options: Any) -> Page:
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: "violat" in line.text and self.faults.append(f"console: {line.text}"))
        return page


@contextmanager
def console(home: Path, policy: Policy, browser: Browser, engine: Any = None, **given: Any) -> Iterator[Console]:
    """The application under uvicorn, in a thread of its own, until the block ends. Faults of pages fail it."""
    generous = {f"rate_{what}": "100000/minute" for what in ("messages", "conversations", "requests")}
    settings = Settings(home=home, port=free_port(), **generous, **given)

    def make() -> Services:
        database, ring = Database(settings.database), KeyRing.of(bytes(range(32)))
        parts = (policy, QuietDetector(), engine or FakeEngine(), httpx.AsyncClient())
        return Services(settings, database, ring, *parts)  # type: ignore[arg-type]

    with door(make) as services:
        site = Console(f"http://127.0.0.1:{settings.port}", services, browser)
        try:
            yield site
        finally:
            for context in site.contexts:
                context.close()
    assert not site.faults, site.faults
