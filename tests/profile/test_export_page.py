"""The file for people that a customer takes along, in a real browser."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tactful.profile.rights import Rights
from tests.profile.conftest import NAME, Profile

pytestmark = pytest.mark.browser


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
