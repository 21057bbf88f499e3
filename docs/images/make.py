"""Take the pictures of the widget: `python docs/images/make.py [--url URL] [--all FOLDER]`.

Without an address it starts the door itself, with a stand-in for Rasa that knows one conversation. With one it asks the
running Tactful there. `--all` saves every state (closed, open, trips, your data) for desktop and phone, light and dark.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))
sys.modules["tests"] = ModuleType("tests")  # ours, whatever a library has installed under that name
sys.modules["tests"].__path__ = [str(ROOT / "tests")]

from tactful.chat.engine import Outcome, Said  # noqa: E402
from tactful.privacy.policy import Policy  # noqa: E402
from tests.widget.conftest import ARGUMENTS, CHROMIUM, serving  # noqa: E402

DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
QUESTION = "I get a 401 since I rotated my key"
WISH = "Recommend me a trip: hiking in March, up to 1,500 euros"

GREETING = Said(
    text="Hello, I am Wayfare's assistant. So that I can put things the right way: which of these is you?",
    buttons=[
        {"title": "I have just subscribed", "payload": "/inform_level"},
        {"title": "I build with the API", "payload": "/inform_level"},
        {"title": "Why do you ask?", "payload": "/why"},
    ],
)
NOTED = Said(text="Noted: **short and technical** it is. You can change that whenever you like. What is up?")
CODE = Said(
    text="The old key is still cached: it answers `401 key_revoked` for up to 60 s after a rotation. "
    "Build the client anew, then check which key is sent:\n\n"
    "```python\nfrom wayfare import Client\n\nclient = Client(api_key=load_key())\nprint(client.whoami().key_id)\n"
    "```\n\n"
    "If `key_id` is the new one, retry with backoff."
)


def _trip(name: str, country: str, interest: str, picture: str, reasons: list[str], cost: str) -> dict[str, Any]:
    return {
        "id": name.lower(),
        "title": name,
        "subtitle": country,
        "image": f"/cards/{interest}.svg",
        "image_alt": picture,
        "reasons": reasons,
        "facts": [{"label": "A day", "value": cost}, {"label": "In March", "value": "20 °C"}],
        "button": {"title": "Choose this trip", "payload": "/choose_trip"},
    }


TRIPS = Said(
    text="Three places fit March, hiking and your budget:",
    custom={
        "cards": [
            _trip("Funchal", "Madeira, Portugal", "hiking", "A path winding up to snowy peaks",
                  ["warm in March", "trails close by", "within 1,500 €"], "95 €"),
            _trip("Málaga", "Andalusia, Spain", "beach", "A sandy bay with a parasol",
                  ["mild in March", "hills behind the beach"], "90 €"),
            _trip("Catania", "Sicily, Italy", "nature", "A forest lake among hills",
                  ["a volcano to walk up", "direct flights"], "85 €"),
        ]
    },
)  # fmt: skip


def answer(text: str) -> Outcome:
    """The one conversation that the stand-in knows."""
    if text.startswith("/conversation_started"):
        return Outcome(messages=[GREETING])
    if text.startswith("/inform_level"):
        return Outcome(messages=[NOTED], slots={"level": "developer", "tone": "developer"})
    if "401" in text:
        return Outcome(messages=[CODE])
    if "trip" in text:
        return Outcome(messages=[TRIPS], slots={"budget": 1500, "interests": ["hiking"], "season": "March"})
    return Outcome(messages=[])


@contextmanager
def stand_in() -> Iterator[str]:
    with TemporaryDirectory() as home, serving(Path(home), Policy.load(ROOT / "privacy.yml")) as site:
        site.engine.answer, site.engine.slow_s = answer, 0.05
        yield site.url


@contextmanager
def page_of(browser: Browser, url: str, device: str, theme: str) -> Iterator[Page]:
    context = browser.new_context(color_scheme=theme, reduced_motion="reduce", **DEVICES[device])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def ask(page: Page, text: str) -> None:
    """Say it, and wait until the answer stands there."""
    answers = page.locator(".message.bot")
    before = answers.count()
    box = page.get_by_role("textbox", name="Write a message")
    box.fill(text)
    box.press("Enter")
    expect(answers).not_to_have_count(before, timeout=30_000)
    page.wait_for_timeout(500)


def conversation(page: Page) -> Iterator[str]:
    """The states of one conversation, by name, each ready for its picture."""
    page.wait_for_timeout(500)
    yield "closed"
    page.get_by_role("button", name="Chat with us").click()
    choices = page.locator(".replies button")
    expect(choices.first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    yield "greeting"
    choices.nth(1).click()
    expect(page.locator(".message.bot")).not_to_have_count(1, timeout=30_000)
    ask(page, QUESTION)
    yield "code"
    ask(page, WISH)
    page.wait_for_load_state("networkidle")
    page.locator(".message.customer").last.evaluate("message => message.scrollIntoView()")
    page.wait_for_timeout(500)
    yield "trips"
    page.get_by_role("button", name="Open menu").click()
    yield "menu"
    page.get_by_role("button", name="Your data").click()
    expect(page.get_by_role("button", name="Erase everything")).to_be_visible()
    yield "your-data"


def save_all(browser: Browser, url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for device in DEVICES:
        for theme in ("light", "dark"):
            with page_of(browser, url, device, theme) as page:
                for state in conversation(page):
                    page.screenshot(path=folder / f"{state}-{device}-{theme}.png")
            with page_of(browser, url, device, theme) as page:
                for picture in page.locator("img").all():  # those far down are loaded when they come near
                    picture.scroll_into_view_if_needed()
                page.evaluate("() => scrollTo(0, 0)")
                page.wait_for_timeout(500)
                page.screenshot(path=folder / f"page-{device}-{theme}.png", full_page=True)
            print(f"{device}, {theme}: done")


def save_widget(browser: Browser, url: str, file: Path) -> None:
    """The picture for the README: the page with the chat open on an answer."""
    with page_of(browser, url, "desktop", "light") as page:
        for state in conversation(page):
            if state == "trips":
                break
        page.screenshot(path=file)
    print(f"{file}: {file.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running Tactful, such as http://localhost:8080/")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="save every state here instead")
    arguments = parser.parse_args()
    with nullcontext(arguments.url) if arguments.url else stand_in() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if arguments.all:
            save_all(browser, url, arguments.all)
        else:
            save_widget(browser, url, HERE / "widget.png")
        browser.close()


if __name__ == "__main__":
    main()
