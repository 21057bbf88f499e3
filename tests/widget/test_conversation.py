"""Chatting: keyboard, answers, cards, code, and a conversation that survives reloads and other tabs."""

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import NewWidget, Site, Widget

pytestmark = pytest.mark.browser


def test_the_keyboard_alone_does_everything(widget: Widget) -> None:
    """Open, choose an answer, write, reach the menu, leave by Escape: focus returns to the launcher."""
    keyboard = widget.page.keyboard
    widget.launcher.focus()
    keyboard.press("Enter")
    expect(widget.input).to_be_focused()
    expect(widget.said("bot", "Which of these is you?")).to_be_visible()
    keyboard.press("Shift+Tab")
    expect(widget.page.get_by_role("button", name="I am a developer")).to_be_focused()
    keyboard.press("Enter")
    expect(widget.said("bot", "You said: /say_developer")).to_be_visible()
    widget.input.focus()
    keyboard.type("hello")
    keyboard.press("Shift+Enter")
    keyboard.type("there")
    keyboard.press("Enter")
    expect(widget.said("customer", "hello\nthere")).to_be_visible()
    keyboard.press("Escape")
    expect(widget.dialog).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_tab_goes_from_the_header_through_the_messages_to_the_composer(widget: Widget) -> None:
    widget.open()
    order = []
    widget.dialog.locator("h2").focus()
    for _ in range(8):
        widget.page.keyboard.press("Tab")
        order.append(
            widget.page.evaluate(
                "() => { const at = document.activeElement.shadowRoot?.activeElement;"
                " return at?.getAttribute('aria-label') ?? at?.textContent }"
            )
        )
    assert order == [
        "Open menu",
        "Close chat",
        "Messages",
        "I have just subscribed",
        "I am a developer",
        "Write a message",
        "Send",
        "How?",
    ]


def test_a_quick_reply_is_sent_once_and_stays_readable(widget: Widget) -> None:
    """The chosen one is marked, the others are closed, and a second press sends nothing."""
    widget.open()
    chosen = widget.page.get_by_role("button", name="I am a developer")
    chosen.press("Enter")
    chosen.press("Enter")
    expect(widget.said("bot", "You said: /say_developer")).to_have_count(1)
    expect(widget.said("customer", "I am a developer")).to_have_count(1)
    expect(chosen).to_be_visible()
    expect(chosen).to_be_focused()
    expect(chosen).to_have_accessible_name("I am a developer, your choice")
    expect(widget.page.get_by_role("button", name="I have just subscribed")).to_be_disabled()


def test_writing_instead_closes_the_answers(widget: Widget) -> None:
    """An old answer would be taken for the answer to a newer question."""
    widget.open()
    widget.say("good morning")
    expect(widget.said("bot", "You said: good morning")).to_be_visible()
    expect(widget.page.get_by_role("button", name="I am a developer")).to_have_count(0)


def test_cards_show_picture_reasons_and_facts_and_can_be_chosen(widget: Widget) -> None:
    widget.open()
    widget.say("a trip please")
    card = widget.page.locator(".card").filter(has_text="Funchal")
    expect(card).to_contain_text("you like hiking")
    expect(card).to_contain_text("95 €")
    picture = card.get_by_role("img")
    expect(picture).to_have_attribute("alt", "A path winding up to snowy peaks")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    card.get_by_role("button", name="Choose this trip: Funchal").click()
    expect(widget.said("customer", "Choose this trip")).to_be_visible()
    expect(widget.said("bot", "/choose_trip")).to_be_visible()
    expect(widget.page.get_by_role("button", name="Choose this trip: Lisbon")).to_be_enabled()


def test_cards_scroll_with_the_keyboard(widget: Widget) -> None:
    widget.open()
    widget.say("a trip please")
    cards = widget.page.get_by_role("list", name="Suggestions")
    cards.focus()
    widget.page.keyboard.press("ArrowRight")
    widget.page.wait_for_function(
        "() => document.querySelector('tactful-chat').shadowRoot.querySelector('.cards').scrollLeft > 0"
    )
    expect(widget.page.locator(".card").nth(1)).to_be_in_viewport()


def test_code_is_shown_as_code_and_can_be_copied(widget: Widget) -> None:
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.open()
    widget.say("I get a 401")
    expect(widget.page.locator(".code pre")).to_have_text('client.get("/trips")\n')
    expect(widget.page.get_by_role("group", name="Code: python")).to_be_visible()
    widget.page.get_by_role("button", name="Copy").click()
    expect(widget.page.get_by_role("button", name="Copied")).to_be_visible()
    assert widget.page.evaluate("() => navigator.clipboard.readText()") == 'client.get("/trips")\n'


def test_html_in_a_message_stays_text(widget: Widget) -> None:
    """Of the customer's own, and of the bot's words that repeat it."""
    widget.open()
    attack = "<img src=x onerror=\"document.title='taken'\"><b>bold</b>"
    widget.say(attack)
    expect(widget.said("customer", attack)).to_be_visible()
    expect(widget.said("bot", f"You said: {attack}")).to_be_visible()
    assert widget.messages.locator("img, b").count() == 0
    assert "taken" not in widget.page.title()


def test_the_second_wall_keeps_what_a_broken_server_sends_harmless(widget: Widget) -> None:
    """The allow-list alone: scripts, handlers, styles, frames and odd addresses do not pass."""
    kept = widget.page.evaluate(
        """async () => {
          const { safeHtml } = await import('/widget/dom.js');
          const html = `<p onclick="x()">a<script>x()</script><style>*{}</style><iframe src="/"></iframe>
            <a href="javascript:x()">b</a><a href="https://example.com/" onfocus="x()">c</a><svg><a href="/">d</a></svg>
            <code class="language-python evil">e</code><span style="color:red">f</span></p>`;
          return safeHtml(html, '', location.href).innerHTML.replace(/\\s+/g, ' ');
        }"""
    )
    assert kept == (
        '<p>a <a>b</a><a href="https://example.com/" target="_blank" rel="noopener noreferrer">c</a>'
        " <code>e</code>f</p>"
    )
    widget.faults.clear()  # the page's policy, the third wall, reported the handlers that the parser met


def test_a_reload_resumes_the_conversation(widget: Widget) -> None:
    widget.open()
    widget.say("remember the window seat")
    expect(widget.said("bot", "You said: remember the window seat")).to_be_visible()
    before = widget.messages.all_inner_texts()
    widget.page.reload()
    widget.launcher.click()
    expect(widget.said("bot", "You said: remember the window seat")).to_be_visible()
    assert widget.messages.all_inner_texts() == before


def test_a_second_tab_sees_the_same_and_both_stay_together(widget: Widget, new_widget: NewWidget) -> None:
    widget.open()
    other = new_widget(widget.page.context)
    other.launcher.click()
    expect(other.said("bot", "Which of these is you?")).to_be_visible()
    widget.say("from the first")
    expect(other.said("customer", "from the first")).to_have_count(1)
    expect(other.said("bot", "You said: from the first")).to_be_visible()
    other.say("from the second")
    expect(widget.said("bot", "You said: from the second")).to_be_visible()
    expect(widget.said("customer", "from the second")).to_have_count(1)


def test_a_sign_of_writing_stands_until_the_answer_is_there(widget: Widget, site: Site) -> None:
    widget.open()
    site.engine.slow_s = 1
    widget.say("think about it")
    expect(widget.page.locator(".typing")).to_be_visible()
    expect(widget.page.locator(".typing")).to_have_text("The assistant is writing")
    expect(widget.said("bot", "You said: think about it")).to_be_visible()
    expect(widget.page.locator(".typing")).to_be_hidden()


def test_what_comes_while_the_panel_is_closed_is_counted_on_the_launcher(widget: Widget, site: Site) -> None:
    site.engine.slow_s = 0.5
    widget.open()
    widget.input.fill("hello")
    widget.page.keyboard.press("Enter")
    widget.page.keyboard.press("Escape")
    expect(widget.launcher).to_have_accessible_name("Chat with us, 1 unread")
    widget.launcher.click()
    expect(widget.launcher).to_have_attribute("aria-label", "Chat with us")
    widget.page.reload()
    expect(widget.launcher).to_have_accessible_name("Chat with us")


def test_starting_over_begins_a_new_conversation_and_says_so(widget: Widget) -> None:
    widget.open()
    widget.say("forget this")
    expect(widget.said("bot", "You said: forget this")).to_be_visible()
    widget.page.get_by_role("button", name="Open menu").click()
    widget.page.get_by_role("button", name="Start over").click()
    expect(widget.said("system", "This is a new conversation.")).to_be_visible()
    expect(widget.said("bot", "Which of these is you?")).to_be_visible()
    expect(widget.said("customer", "forget this")).to_have_count(0)


def test_a_message_too_long_is_counted_and_kept_in_the_composer(widget: Widget) -> None:
    widget.open()
    widget.input.fill("a" * 3_700)
    expect(widget.page.get_by_text("3,700 of 4,000 characters")).to_be_visible()
    widget.input.fill("🙂" * 4_002)
    widget.input.press("Enter")
    expect(widget.page.locator(".counter")).to_have_text("Your message is 2 characters too long.")
    expect(widget.input).to_have_value("🙂" * 4_002)
    expect(widget.messages.filter(has_text="🙂")).to_have_count(0)


def test_a_reply_can_be_rated_and_a_greeting_cannot(widget: Widget, site: Site) -> None:
    """By keyboard; the thumb that holds is pressed, survives a reload, and pressing it again takes it back."""
    widget.open()
    expect(widget.page.locator(".thumb")).to_have_count(0)
    widget.say("hello")
    expect(widget.said("bot", "You said: hello")).to_be_visible()
    up, down = (widget.page.get_by_role("button", name=name, exact=True) for name in ("Helpful", "Not helpful"))
    down.focus()
    widget.page.keyboard.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    widget.page.reload()
    widget.launcher.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "false")
