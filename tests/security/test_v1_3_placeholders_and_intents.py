"""What a customer writes stays what they wrote: nobody's placeholder, no command to the engine, no markup."""

import re

import pytest

from tactful.chat.engine import Outcome, Said
from tactful.chat.rendering import bot_html
from tests.security.conftest import Customer, Site

SCRIPTS = re.compile(
    r"<(?!/?(p|br|strong|em|code|pre|ul|ol|li|a|blockquote|h3|h4|hr|table|thead|tbody|tr|th|td)\b)", re.I
)

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=//evil.example>",
    '"><b onmouseover=alert(1)>', "<a href='javascript:alert(1)'>x</a>", "<style>*{display:none}</style>",
    "<!-- --><base href=//evil.example>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,x)",
    "[x](vbscript:x)", "![x](https://evil.example/pixel)", "<https://evil.example>", "[x]: javascript:alert(1)\n\n[x]",
    "```html\n<script>alert(1)</script>\n```", "&lt;script&gt;", "&#60;script&#62;", "<script",
    "</p><script>x</script>",
    "{{7*7}}", "${7*7}", "#{7*7}", "{% for x in y %}", "{name}", "{0.__class__}", "%(name)s", "%s%n", "{{ config }}",
    "' OR '1'='1", "'; DROP TABLE messages; --", "Robert'); DELETE FROM vault;--", "%' ESCAPE '_", "\\", "a\x00b",
    "line\r\nSet-Cookie: injected=1", "ERROR root forged log line\nERROR again", "\u2028next", "\u202egnp.exe",
    "=HYPERLINK(\"https://evil.example\")", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1", "\t=1",
    "$(touch /tmp/x)", "`id`", "; ls", "| cat /etc/passwd", "../../../etc/passwd", "file:///etc/passwd",
    "/restart", "/restart{}", '/inform{"name":"x"}', "  /restart", "\u00a0/restart", "／restart", "\u200b/restart",
    '/conversation_started{"name":"x"}', "/profile_changed", "//restart", "/ /restart", "\n/restart", "/\x1f/restart",
]  # fmt: skip


def echo(text: str) -> Outcome:
    """An engine that says back what it heard, everywhere that it can."""
    return Outcome(
        messages=[
            Said(
                text=text,
                buttons=[{"title": text, "payload": "/x"}],
                custom={"cards": [{"id": "c", "title": text, "subtitle": text, "image": "/cards/food.svg",
                                   "image_alt": text, "reasons": [text], "facts": [],
                                   "button": {"title": text, "payload": "/x"}}]},
            )
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def customer(site: Site) -> Customer:
    site.engine.answer = echo
    return site.customer()


@pytest.mark.asvs("1.2.1", "1.3.1", "1.3.5", "1.3.7", "1.3.10", "1.2.2", "1.2.4", "1.2.5", "1.1.1", "1.1.2")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_text(customer: Customer, site: Site, text: str) -> None:
    sent = customer.send(text)
    assert sent.status_code == 202, sent.text
    seq = sent.json()["seq"]
    while not (shown := [m for m in customer.messages(seq - 1, wait=2) if m["seq"] == seq or m["reply_to"] == seq])[1:]:
        pass
    own, reply = shown[:2]
    assert own["text"] == text.translate(dict.fromkeys([0, 31]))
    for message in (own, reply):
        assert not SCRIPTS.search(message["html"]), message["html"]
        assert not re.search(r"(javascript|data|vbscript):", " ".join(re.findall(r'href="([^"]*)"', message["html"])))
        assert not re.search(r"<[^>]*\son\w+=", message["html"])
    heard = site.engine.heard[-1]
    assert heard[2] is False, "a customer's text forces nothing"
    assert customer.messages(0), "nothing was dropped"


@pytest.mark.asvs("1.2.1", "1.2.3")
def test_a_page_is_never_what_an_answer_is(customer: Customer) -> None:
    path = f"/api/conversations/{customer.id}/messages"
    answer = customer.client.get(path, headers=customer.headers)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.asvs("1.3.3", "2.2.2", "8.2.3", "15.3.3")
@pytest.mark.parametrize(
    "more",
    [
        {"forced": True}, {"metadata": {"forced": True, "intent": "restart"}}, {"sender": "0" * 32},
        {"payload": "/restart"},
        {"kind": "event"}, {"author": "bot"}, {"status": "answered"}, {"input_channel": "console"},
        {"slots": {"name": "x"}},
        {"conversation_id": "0" * 32}, {"seq": 1}, {"parse_data": {"intent": {"name": "restart"}}},
    ],
)  # fmt: skip
def test_what_a_message_does_not_have_changes_nothing(customer: Customer, site: Site, more: dict) -> None:
    customer.say("plain")
    message = {"client_message_id": f"more-{sorted(more)[0]}", "text": "/restart", **more}
    path = f"/api/conversations/{customer.id}/messages"
    sent = customer.client.post(path, json=message, headers=customer.headers)
    assert sent.status_code == 202
    seq = sent.json()["seq"]
    while not [m for m in customer.messages(seq, wait=2) if m["reply_to"] == seq]:
        pass
    assert site.engine.heard[-1][1:] == ("/restart", False)
    own = next(m for m in customer.messages(seq - 1) if m["seq"] == seq)
    assert (own["author"], own["text"]) == ("customer", "/restart")


@pytest.mark.asvs("2.3.1", "8.3.1")
@pytest.mark.parametrize("choice", ["/restart", "/x", "restart", "1", "' OR 1=1", "", "x" * 64, "\x00", "../x"])
def test_a_button_is_pressed_by_the_doors_id_and_not_by_what_it_means(customer: Customer, choice: str) -> None:
    offered = [b["id"] for m in customer.messages() for b in m["buttons"]]
    assert choice not in offered
    assert customer.send(choice=choice).status_code in (400, 404)


@pytest.mark.asvs("2.3.1")
def test_a_name_in_the_profile_is_no_command(customer: Customer, site: Site) -> None:
    named = customer.client.patch("/api/me/profile", json={"name": '/restart{"a":1}'}, headers=customer.headers)
    assert named.status_code == 200
    customer.say("hello")
    assert not any(text.startswith("/restart{") and forced for _, text, forced in site.engine.heard)


@pytest.mark.asvs("1.2.2", "3.2.2")
def test_a_value_never_becomes_an_address(site: Site) -> None:
    """A link to a placeholder would take its protocol from the value, which a customer chose."""
    site.engine.answer = lambda text: Outcome(
        messages=[Said(text="[a](PERSON_1) [b]( PERSON_1/x) [c](https://x.example/PERSON_1)")]
    )
    one = site.customer()
    one.client.patch("/api/me/profile", json={"name": "javascript:alert(document.domain)//"}, headers=one.headers)
    again = site.customer(previous_token=one.token)
    html = again.say("hello")[0]["html"]
    site.engine.answer = echo
    assert 'href="javascript' not in html
    assert html.count("href=") == 0, "nor into what follows the protocol"
    assert bot_html("[mail](mailto:help@example.com)").count("href=") == 1


NAMES = ["PERSON_1", "PERSON_2", "EMAIL_ADDRESS_1", "LITERAL_1", "CREDIT_CARD_99999"]


@pytest.mark.asvs("8.2.2", "1.3.3")
def test_who_types_a_placeholder_gets_their_own_text(reading: Site) -> None:
    """Neither a stranger's value nor one of their own: what looks like a placeholder becomes one itself."""
    reading.engine.answer = echo
    victim, attacker = reading.customer(), reading.customer()
    victim.say("my name is Philippa Quimbleton and my mail is philippa.quimbleton@example.com")
    attacker.say("my name is Ana Berg, mail ana.berg@example.com")
    for name in NAMES:
        reply = attacker.say(f"who is {name}?")[0]
        assert reply["text"] == f"who is {name}?"
        assert f"who is {name}?" in reply["html"]
    heard = [text for _, text, _ in reading.engine.heard[-len(NAMES) :]]
    assert not any("who is PERSON_1?" in each or "EMAIL_ADDRESS_1?" in each for each in heard)
    shown = str(attacker.messages())
    assert "Quimbleton" not in shown
    assert "philippa" not in shown


@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_looks_like_a_placeholder_stays_that_name(reading: Site, name: str) -> None:
    reading.engine.answer = lambda text: Outcome(messages=[Said(text="Hello PERSON_1")])
    one = reading.customer()
    one.client.patch("/api/me/profile", json={"name": name}, headers=one.headers)
    again = reading.customer(previous_token=one.token)
    assert again.say("my mail is ana.berg@example.com")[0]["text"] == f"Hello {name}"


@pytest.mark.asvs("8.2.2", "1.5.3")
def test_disguised_placeholders_bring_no_value(reading: Site) -> None:
    reading.engine.answer = echo
    one = reading.customer()
    one.say("my name is Ana Berg")
    for disguised in (
        "ＰＥＲＳＯＮ_1",
        "PERSON\u200b_1",
        "PERSON_\u00adl1",
        "PERSON_1\u0660",
        "P&#69;RSON_1",
        "PERSON\\_1",
        "PERS**ON_1**",
    ):
        reply = one.say(f"and {disguised}?")[0]
        for seen in (reply["text"], reply["html"], reply["buttons"][0]["title"], reply["cards"][0]["reasons"][0]):
            assert "Ana Berg" not in seen, disguised
