"""The demo page and how the widget sits on it: looks, themes, strict policy, no other host."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import NewWidget, Site, Widget

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def colours(picture: bytes, widget: Widget) -> dict[str, float]:
    """How bright a screenshot is, and how many different colours a coarse look at it finds."""
    return widget.page.evaluate(
        """async (bytes) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const context = new OffscreenCanvas(64, 64).getContext('2d');
          context.drawImage(image, 0, 0, 64, 64);
          const { data } = context.getImageData(0, 0, 64, 64);
          const seen = new Set();
          let light = 0;
          for (let at = 0; at < data.length; at += 4) {
            light += data[at] + data[at + 1] + data[at + 2];
            seen.add([data[at] >> 4, data[at + 1] >> 4, data[at + 2] >> 4].join());
          }
          return { light: light / (64 * 64 * 765), seen: seen.size };
        }""",
        list(picture),
    )


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_light_and_dark_look_different_and_neither_is_empty(new_widget: NewWidget, device: str, tmp_path: Path) -> None:
    found = {}
    for theme in ("light", "dark"):
        widget = new_widget(color_scheme=theme, reduced_motion="reduce", **(PHONE if device == "phone" else {}))
        widget.open()
        widget.say("a trip please")
        expect(widget.page.locator(".card").first).to_be_visible()
        widget.page.wait_for_timeout(300)
        found[theme] = colours(widget.page.screenshot(), widget)
    assert found["light"]["light"] > 0.6
    assert found["dark"]["light"] < 0.4
    assert min(found["light"]["seen"], found["dark"]["seen"]) > 20


def test_a_site_may_fix_the_theme(widget: Widget) -> None:
    widget.open()
    for theme, paper in (("dark", "rgb(20, 25, 28)"), ("light", "rgb(255, 255, 255)")):
        widget.page.evaluate("theme => { document.querySelector('tactful-chat').dataset.theme = theme }", theme)
        expect(widget.dialog).to_have_css("background-color", paper)


def test_the_strictest_usual_policy_is_enough(new_widget: NewWidget, site: Site) -> None:
    """`default-src 'self'` and nothing else: chat, cards, code and the customer's data work, nothing is reported."""
    widget = new_widget(path="/privacy")
    page = "<!doctype html><html lang=en><title>Strict</title><script src='/widget.js' async></script>"
    policy = {"content-type": "text/html", "content-security-policy": "default-src 'self'"}
    widget.page.route("**/strict", lambda route: route.fulfill(body=page, headers=policy))
    widget.page.goto(site.url + "/strict")
    widget.open()
    widget.say("a trip please")
    picture = widget.page.locator(".card img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    widget.say("a 401 please")
    expect(widget.page.get_by_role("button", name="Copy")).to_be_visible()
    widget.page.get_by_role("button", name="Open menu").click()
    widget.page.get_by_role("button", name="Your data").click()
    expect(widget.page.get_by_role("button", name="Erase everything")).to_be_visible()
    assert widget.faults == []


def test_the_demo_page_is_served_with_a_strict_policy(widget: Widget, site: Site) -> None:
    policy = widget.page.request.get(site.url).headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_one_tag_is_enough(widget: Widget) -> None:
    expect(widget.page.locator("script[src$='/widget.js']")).to_have_count(1)
    expect(widget.page.locator("tactful-chat")).to_have_count(1)


def test_a_page_asks_only_for_the_loader_until_the_chat_is_opened(new_widget: NewWidget, site: Site) -> None:
    widget = new_widget()
    asked: list[str] = []
    widget.page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    widget.page.reload(wait_until="networkidle")
    assert "/widget.js" in asked
    assert not [path for path in asked if path.startswith("/api") or path == "/widget/dist/panel.js"]


def test_the_page_never_scrolls_sideways(new_widget: NewWidget) -> None:
    for width in (320, 390, 768, 1280):
        widget = new_widget(viewport={"width": width, "height": 800})
        assert widget.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_every_local_link_and_picture_of_the_page_is_there(widget: Widget) -> None:
    page = widget.page
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    for target in page.locator("a[href^='#']").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        expect(page.locator(target)).to_have_count(1)


def test_the_page_can_open_the_chat_by_its_own_button(widget: Widget) -> None:
    widget.page.get_by_role("button", name="Try the assistant").click()
    expect(widget.dialog).to_be_visible()


def test_attributes_of_the_tag_reach_the_widget(new_widget: NewWidget, site: Site) -> None:
    """On a page of another origin: accent, side and an open panel; text on the accent stays readable."""
    widget = new_widget()
    script = f"<script src='{site.url}/widget.js' data-accent='#ffd400' data-position='left' data-open async></script>"
    page = f"<!doctype html><title>A shop</title>{script}"
    widget.page.route("http://127.0.0.1:1/shop", lambda route: route.fulfill(body=page, content_type="text/html"))
    widget.page.goto("http://127.0.0.1:1/shop")
    expect(widget.said("bot", "Which of these is you?")).to_be_visible()
    header = widget.dialog.locator(".header")
    expect(header).to_have_css("background-color", "rgb(255, 212, 0)")
    assert header.evaluate("node => getComputedStyle(node).color") in ("color(xyz-d65 0 0 0)", "rgb(0, 0, 0)")
    box = widget.dialog.bounding_box()
    assert box
    assert box["x"] == 20
    widget.say("across origins")
    expect(widget.said("bot", "You said: across origins")).to_be_visible()


def test_a_site_may_put_its_own_words_and_hears_what_happens_but_not_what_is_said(widget: Widget) -> None:
    page = widget.page
    page.evaluate(
        """() => {
          const chat = document.querySelector('tactful-chat');
          chat.words = { write: 'Nachricht schreiben', notices: { offline: 'Sie sind offline.' } };
          window.heard = [];
          for (const what of ['open', 'message', 'close'])
            chat.addEventListener(`tactful:${what}`, ({ detail }) => heard.push([what, detail]));
        }"""
    )
    widget.open()
    page.get_by_role("textbox", name="Nachricht schreiben").fill("my number is 555 0100")
    page.keyboard.press("Enter")
    expect(widget.said("bot", "You said: my number is 555 0100")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator(".notice")).to_have_text("Sie sind offline.")
    page.context.set_offline(False)
    page.evaluate("() => document.querySelector('tactful-chat').close()")
    expect(widget.dialog).to_be_hidden()
    assert page.evaluate("heard.filter(([what]) => what !== 'message').map(([what]) => what)") == ["open", "close"]
    heard = page.evaluate("heard.filter(([what]) => what === 'message').map(([, detail]) => detail)")
    assert heard == [{"author": "bot"}, {"author": "bot"}]
