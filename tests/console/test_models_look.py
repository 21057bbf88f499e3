"""The trainer's pages in a real browser: by axe, on a phone, by keyboard, and live while something is under way."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tactful.config import Settings
from tactful.console.staff import Role
from tactful.installation import jobs
from tactful.learn.gate import Refusal
from tactful.learn.jobs import Job, Jobs
from tactful.privacy.policy import Policy
from tests.console.browser import Console, console
from tests.console.test_models_pages import registered, reported
from tests.widget.test_accessibility import violations

pytestmark = pytest.mark.browser

PAGES = ("", "models", "models/new", "models/try", "training", "selection", "charts", "audit")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, policy: Policy, browser: Browser) -> Iterator[Console]:
    with console(tmp_path_factory.mktemp("models"), policy, browser) as site:
        registered(site.services, "old")
        site.services.models.promote("old", by="root", reason="the first one")
        registered(site.services, "new")
        site.services.models.stand("new")
        reported(site.services, "new", Refusal("overall", "Accuracy falls from 100.0% to 93.3%."))
        yield site


@pytest.fixture(scope="module")
def page(site: Console) -> Page:
    return site.colleague("tina", Role.TRAINER, Role.AUDITOR)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, site: Console, scheme: Literal["light", "dark"], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    with jobs(site.services.settings).doing("look", "root") as work:
        work.result |= {
            "written": False, "sentences": 3, "new": 1, "gone": 1, "known": 2, "leaks": 1, "taken": [],
            "refused": [{"why": "golden", "intent": "greet", "conversation": "c" * 32, "seq": 1}],
        }  # fmt: skip
        work.told("sorting what reviewers settled")
        for path in PAGES:
            page.goto(f"{site.url}/console/{path}".rstrip("/"))
            assert violations(page) == [], path
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path


def test_axe_finds_nothing_on_a_canary_or_a_model_that_listens(page: Page, site: Console) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    models = site.services.models

    def look(words: str) -> None:
        page.goto(f"{site.url}/console/models/new")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    models.listen("new", by="root")
    look("It listens, and answers nobody")
    models.try_out("new", 0.3, by="root", reason="goes well")
    look("It answers 30% of new conversations")
    models.try_no_more(by="root", reason="enough")
    page.emulate_media(color_scheme="light")


def test_a_canary_is_begun_by_keyboard_alone(page: Page, site: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, Mapping[str, Any]]] = []

    def begin(settings: Settings, jobs: Jobs, kind: str, given: Mapping[str, Any]) -> Job:
        begun.append((kind, given))
        return Job(kind, given["by"], 1, 1)

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.name || document.activeElement.innerText") == name:
                return
        raise AssertionError(f"{name} is not reached by Tab")

    monkeypatch.setattr(site.services.training, "_begin", begin)
    page.once("dialog", lambda asked: asked.accept())
    page.goto(f"{site.url}/console/models/new")
    tab_to("to")
    tab_to("share")
    page.keyboard.press("Control+a")
    page.keyboard.type("40")
    tab_to("reason")
    page.keyboard.type("refunds")
    tab_to("Promote")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ((kind, given),) = begun
    assert (kind, given["model"], given["share"], given["reason"]) == ("canary", "new", "40%", "refunds")


def test_a_page_follows_the_work_and_shows_its_end_by_itself(page: Page, site: Console) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    with jobs(site.services.settings).doing("train", "root") as work:
        page.goto(f"{site.url}/console/models")
        page.get_by_role("button", name="Cancel").focus()
        work.told("training TactfulIntentClassifier")
        expect(page.locator("#work")).to_contain_text("Training TactfulIntentClassifier")
        expect(page.locator("#said")).to_have_text("training TactfulIntentClassifier")
        expect(page.get_by_role("button", name="Cancel")).to_be_focused()
        expect(page.get_by_role("button", name="Train a model")).to_be_disabled()
    expect(page.get_by_role("heading", name="Training a model: done")).to_be_visible()
    expect(page.get_by_role("button", name="Train a model")).to_be_enabled()


def test_the_address_is_the_consoles_own_once_the_one_time_link_was_used(page: Page, site: Console) -> None:
    """Who is signed in by such a link stands at the start, and the link is in no later address."""
    newcomer = site.colleague("nina", Role.TRAINER)
    assert newcomer.url == f"{site.url}/console"
    newcomer.reload()
    assert newcomer.url == f"{site.url}/console"
