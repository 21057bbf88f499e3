"""The file for people that a customer takes along, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tactful.profile.rights import Rights
from tests.profile.conftest import NAME, Profile
from tests.widget.conftest import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_readable_by_everyone_and_on_a_phone(
    browser: Browser, rights: Rights, profile: Profile, chatted: str, theme: str, tmp_path: Path
) -> None:
    rights.consent(profile.subject, {"training": True})
    rights.object_to(profile.subject, {"human_review": True})
    profile.write(home="Porto", interests=["food", "hiking"])
    file = tmp_path / "export.html"
    file.write_text(rights.page(profile.subject), encoding="utf-8")
    page = browser.new_page(color_scheme=theme, viewport={"width": 390, "height": 844})
    page.goto(file.as_uri())
    page.get_by_text(f"Hello {NAME}.").wait_for()
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.close()
