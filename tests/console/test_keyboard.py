"""A hundred messages reviewed in a real browser without the mouse, and the pages looked over by axe."""

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import func, select

from tactful.chat.engine import Intent, Outcome, Said
from tactful.console.access import COOKIE
from tactful.console.staff import OPERATOR, Role
from tactful.store.tables import reviews, turns
from tests.widget.conftest import Site, serving
from tests.widget.test_accessibility import violations

pytestmark = pytest.mark.browser

CUSTOMERS, EACH = 10, 10
KEYS = ["a", "1", "2", "r", "i"]  # accept, two runners-up, none fits, another intent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, policy: object) -> Iterator[Site]:
    """A door of its own, at which a hundred unclear messages were left by customers who let people read them."""
    with serving(tmp_path_factory.mktemp("console"), policy) as site:  # type: ignore[arg-type]
        site.engine.answer, site.engine.slow_s = unclear, 0
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: chat(site.url, n), range(CUSTOMERS)))
        yield site


def unclear(text: str) -> Outcome:
    """What the stand-in engine makes of everything."""
    if text.startswith("/"):
        return Outcome(messages=[])
    guesses = [("refund_request", 0.5), ("billing_invoice", 0.3), ("booking_cancel", 0.1)]
    return Outcome(
        messages=[Said(text=f"You said: {text}")],
        intent=Intent(name="refund_request", confidence=0.5),
        ranking=[Intent(name=name, confidence=sure) for name, sure in guesses],
        model="m1",
    )


def chat(url: str, number: int) -> None:
    """One customer's conversation."""
    with httpx.Client(base_url=url, timeout=30) as client:
        begun = client.post("/api/conversations", json={"channel": "widget"}).json()
        client.headers["authorization"] = f"Bearer {begun['token']}"
        client.put("/api/me/consents", json={"human_review": True})
        path = f"/api/conversations/{begun['conversation_id']}/messages"
        for n in range(EACH):
            seq = client.post(path, json={"client_message_id": f"m{n}", "text": f"Ana asks {number}-{n}"}).json()["seq"]
            while not client.get(path, params={"after": seq, "wait": 10}).json()["messages"]:
                pass


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The console, with a reviewer signed in."""
    login = f"mara{secrets.token_hex(4)}"
    account, _ = site.services.accounts.add(login, frozenset({Role.REVIEWER}), OPERATOR, "Mara Lind")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    token = site.services.sign_in.fresh(account.id)
    # Playwright takes a secure cookie for an address with https only; the browser sends it to this machine anyway.
    address = site.url.replace("http:", "https:")
    context.add_cookies([{"name": COOKIE, "value": token, "url": address, "secure": True, "httpOnly": True}])
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if is_fault(said) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site.url}/console/queues")
    yield page
    context.close()
    assert faults == []


def is_fault(said: ConsoleMessage) -> bool:
    """What a script complains of; but htmx tells of requests under way when their page is left, and one often is."""
    return said.type in ("error", "warning") and "htmx:send" not in said.text


def judged(site: Site) -> Counter[str]:
    with site.services.database.read() as tx:
        return Counter(tx.execute(select(reviews.c.intent)).scalars())


def press(page: Page, key: str) -> None:
    """One verdict by keyboard; the next page comes by itself."""
    before = page.url
    page.keyboard.press(key)
    if key == "i":
        page.keyboard.type("webhook_setup")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def test_a_hundred_are_reviewed_without_the_mouse(page: Page, site: Site) -> None:
    with site.services.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(turns)).scalar_one() == CUSTOMERS * EACH
    page.keyboard.press("s")
    page.wait_for_url("**/console/turns/*")
    for n in range(CUSTOMERS * EACH - 1):
        press(page, KEYS[n % len(KEYS)])
    before = judged(site)
    press(page, "u")
    assert judged(site).total() == CUSTOMERS * EACH - 2
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    press(page, "r")
    press(page, "a")
    expect(page.get_by_role("heading", name="All done here")).to_be_visible()
    after = judged(site)
    assert after.total() == CUSTOMERS * EACH
    assert set(after) == {"refund_request", "billing_invoice", "booking_cancel", "", "webhook_setup"}
    assert sum(abs(after[each] - before[each]) for each in after) <= 3
    with site.services.database.read() as tx:
        assert tx.execute(select(turns.c.state).distinct()).scalars().all() == ["done"]


def test_the_sheet_of_keys_says_what_is_on_the_page(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/console/search?state=any")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Search", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/turns/*")
    page.keyboard.press("q")
    page.wait_for_url("**/console/search*")
    page.keyboard.press("/")
    page.keyboard.type("jj")
    expect(page.get_by_role("searchbox", name="Words")).to_have_value("jj")


def test_notes_and_labels_are_written_by_keyboard(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/console/search?state=any")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/turns/*")
    page.keyboard.press("n")
    page.keyboard.type("Ana is upset")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("[name] is upset").or_(page.get_by_text("PERSON_1 is upset"))).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.type("late refund")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take the label late refund off")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Take the flag off")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, site: Site, theme: Literal["light", "dark"], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path in (
        *("queues", "charts", "selection", "search?state=any", "search?q=nothing-like-it", "agreement"),
        *("conversations/" + conversation(site), "bulk?state=any&act=flag", "finished?queue=missed"),
    ):
        page.goto(f"{site.url}/console/{path}")
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path


def conversation(site: Site) -> str:
    with site.services.database.read() as tx:
        return str(tx.execute(select(turns.c.conversation_id).limit(1)).scalar_one())


HOSTILE = (
    "<img src=x onerror=fetch('/console/accounts')>",
    "<script>document.title='taken'</script>",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "=HYPERLINK(1) \x1b[31mred\r\n2026-11-24 INFO forged",
    "\"onmouseover=alert(1) x='",
    "javascript:alert(1)",
)


def test_hostile_words_in_every_field_stay_words(page: Page, site: Site) -> None:
    """As a message, a note, a search and a label: nothing of it runs, and what is shown is what was written."""
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message) or dialog.dismiss())
    with httpx.Client(base_url=site.url, timeout=30) as client:
        begun = client.post("/api/conversations").json()
        client.headers["authorization"] = f"Bearer {begun['token']}"
        client.put("/api/me/consents", json={"human_review": True})
        path = f"/api/conversations/{begun['conversation_id']}/messages"
        for n, words in enumerate(HOSTILE):
            seq = client.post(path, json={"client_message_id": f"h{n}", "text": words}).json()["seq"]
            while not client.get(path, params={"after": seq, "wait": 10}).json()["messages"]:
                pass
    page.goto(f"{site.url}/console/conversations/{begun['conversation_id']}")
    said = page.locator(".said.customer .text")
    expect(said).to_have_count(len(HOSTILE))
    assert "<img src=x onerror" in said.all_inner_texts()[0]
    assert page.title() != "taken"
    for words in HOSTILE:
        page.get_by_label("Note", exact=True).fill(words)
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_label("Note", exact=True)).to_have_value("")
    expect(page.locator(".noted")).to_have_count(len(HOSTILE))
    for words in HOSTILE:
        page.goto(f"{site.url}/console/search?{urlencode({'q': words, 'label': words, 'intent': words})}")
        expect(page.get_by_role("searchbox", name="Words")).to_have_value(re.compile(".+"))
    assert page.locator("img[src=x], [onmouseover], script:not([src])").count() == 0
    assert opened == []
