"""The widget stays small: what a customer's page pays for it, as the browser fetches it."""

import gzip
import importlib.util
from pathlib import Path

import pytest
from playwright.sync_api import Response, expect

from tests.widget.conftest import NewWidget, Site

LOADER = 2_048  # bytes, compressed
PANEL = 15_360
ON_DEMAND = 4_096  # each of what is fetched when asked for


def compressed(*files: Path) -> int:
    """Each file compressed by itself, as it travels."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_the_loader_fits_two_kilobytes(widget_folder: Path) -> None:
    assert compressed(widget_folder / "widget.js") <= LOADER


def test_the_panel_fits_fifteen_kilobytes(widget_folder: Path) -> None:
    assert compressed(widget_folder / "dist/panel.js") <= PANEL


def test_what_is_fetched_only_when_asked_for_is_small_too(widget_folder: Path) -> None:
    for name in ("your_data.js", "your_choices.js", "your_access.js", "joining.js"):
        assert compressed(widget_folder / "dist" / name) <= ON_DEMAND


def test_what_is_served_was_built_from_these_sources(widget_folder: Path) -> None:
    """`python widget/build.py` was run after the last change."""
    spec = importlib.util.spec_from_file_location("build", widget_folder / "build.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    served = {file.name: file.read_text(encoding="utf-8") for file in (widget_folder / "dist").iterdir()}
    assert served == build.built()
    used = {*build.needed("panel.js"), *build.LATER, "widget.js"}
    assert used == {file.name for file in widget_folder.glob("*.js")}


@pytest.mark.browser
def test_opening_the_chat_fetches_no_more_than_loader_and_panel(new_widget: NewWidget, site: Site) -> None:
    """Everything but the conversation itself that the browser asks for from the page's load to the greeting."""
    widget = new_widget(path="/privacy")
    widget.page.wait_for_load_state("networkidle")  # the page's own pictures and fonts are not the widget's
    fetched: list[Response] = []
    widget.page.on("response", lambda response: fetched.append(response))
    widget.page.evaluate(
        "() => { const tag = document.createElement('script'); tag.src = '/widget.js'; document.head.append(tag) }"
    )
    widget.open()
    expect(widget.input).to_be_focused()
    bodies = {
        response.url.removeprefix(site.url): response.body() for response in fetched if "/api/" not in response.url
    }
    assert set(bodies) == {"/widget.js", "/widget/dist/panel.js"}
    assert len(gzip.compress(bodies["/widget.js"], 9)) <= LOADER
    assert len(gzip.compress(bodies["/widget/dist/panel.js"], 9)) <= PANEL
