"""The HTTP contract, as clients see it."""

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.chat.engine import Outcome, Said
from tactful.config import Settings
from tactful.store.tables import turns
from tactful.web.conversations import preferred
from tests.web.conftest import Customer


def test_a_conversation_begins_with_an_id_a_token_and_an_end(client: TestClient) -> None:
    began = client.post("/api/conversations")
    assert began.status_code == 201
    assert set(began.json()) == {"conversation_id", "token", "expires_at"}
    assert len(began.json()["conversation_id"]) == 32


def test_a_message_is_accepted_and_answered(customer: Customer) -> None:
    sent = customer.send("I am Ana")
    assert sent.status_code == 202
    assert sent.json()["status"] == "pending"
    assert customer.say("hello Ana")[0]["text"] == "You said: hello Ana"


def test_replies_name_what_they_answer_and_carry_safe_html(customer: Customer, services: Services) -> None:
    services.engine.answer = lambda text: Outcome(messages=[Said(text=f"**Hello** {text.split()[-1]}")])
    services.detector.personal = {"<b>Ana</b>": "PERSON"}
    reply = customer.say("I am <b>Ana</b>")[0]
    assert reply["author"] == "bot"
    assert reply["html"] == "<p><strong>Hello</strong> &lt;b&gt;Ana&lt;/b&gt;</p>"
    assert reply["text"] == "**Hello** <b>Ana</b>"


def test_a_repeated_id_gets_the_first_answer_and_another_text_is_refused(customer: Customer) -> None:
    first = customer.send("hello", client_message_id="same")
    again = customer.send("hello", client_message_id="same")
    other = customer.send("good bye", client_message_id="same")
    assert again.json()["seq"] == first.json()["seq"]
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "conflict"


def test_without_a_token_nothing_opens(client: TestClient, customer: Customer) -> None:
    for call in (
        client.get(f"/api/conversations/{customer.id}/messages"),
        client.get(f"/api/conversations/{customer.id}/events"),
        client.post(f"/api/conversations/{customer.id}/messages", json={"client_message_id": "m", "text": "x"}),
        client.get("/api/me/profile"),
    ):
        assert call.status_code == 401
        assert call.json()["error"]["code"] == "unauthorised"


def test_a_foreign_conversation_looks_like_none(client: TestClient, customer: Customer) -> None:
    other = Customer(client)
    foreign = client.get(f"/api/conversations/{other.id}/messages", headers=customer.headers)
    unknown = client.get(f"/api/conversations/{'0' * 32}/messages", headers=customer.headers)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


def test_what_is_too_large_is_refused_in_words(client: TestClient, customer: Customer) -> None:
    assert customer.send("x" * 4001).status_code == 413
    announced = client.post("/api/conversations", content=b"x" * 70_000)
    assert announced.status_code == 413
    chunked = client.post("/api/conversations", content=iter([b"x" * 40_000, b"x" * 40_000]))
    assert chunked.status_code == 413
    assert chunked.json()["error"]["code"] == "too_large"


def test_nonsense_is_a_clear_error_that_quotes_nothing(client: TestClient, customer: Customer) -> None:
    path = f"/api/conversations/{customer.id}/messages"
    for content in (
        b"{",
        b"[" * 30_000,
        b'{"client_message_id": "m", "text": "\xff"}',
        b'{"text": "planted"}',
        b"null",
    ):
        answer = client.post(path, content=content, headers=customer.headers | {"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), content[:40]
        assert "planted" not in answer.text
        assert set(answer.json()["error"]) == {"code", "message"}
    assert customer.send("", client_message_id="e").status_code == 400
    assert customer.send("both", choice="x").status_code == 400


def test_a_lone_surrogate_is_refused(client: TestClient, customer: Customer) -> None:
    body = json.dumps({"client_message_id": "m9", "text": "\ud800 hello"})
    answer = client.post(
        f"/api/conversations/{customer.id}/messages",
        content=body,
        headers=customer.headers | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 400


def test_too_many_messages_are_refused_with_the_time_to_wait(services: Services, customer: Customer) -> None:
    for _ in range(999):
        services.limits.messages.spend(customer.id)
    customer.send("one more")
    refused = customer.send("too many")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_one_customers_limit_is_not_anothers(client: TestClient, services: Services, customer: Customer) -> None:
    for _ in range(1000):
        services.limits.messages.spend(customer.id)
    assert customer.send("hello").status_code == 429
    assert Customer(client).send("hello").status_code == 202


def test_a_withheld_message_is_said_so_at_once(services: Services, customer: Customer) -> None:
    services.detector.down = True
    sent = customer.send("my name is Zebedee")
    assert sent.json()["status"] == "withheld"
    shown = customer.messages()
    assert [m["text"] for m in shown if m["author"] == "customer"] == [""]
    assert "could not check" in next(m["text"] for m in shown if m["reply_to"] == sent.json()["seq"])


def test_buttons_are_ids_and_only_the_door_knows_what_they_mean(services: Services, customer: Customer) -> None:
    services.engine.answer = lambda text: Outcome(
        messages=[Said(text="Choose", buttons=[{"title": "Skip", "payload": "/skip"}])]
    )
    button = customer.say("hello")[0]["buttons"][0]
    assert set(button) == {"id", "title"}
    chosen = customer.send(choice=button["id"])
    assert chosen.status_code == 202
    seq = chosen.json()["seq"]
    while not any(m["reply_to"] == seq for m in customer.messages(seq, wait=2)):
        pass
    assert services.engine.heard[-1][1:] == ("/skip", True)
    assert [m["text"] for m in customer.messages() if m["seq"] == seq] == ["Skip"]


def test_a_customers_slash_is_text(services: Services, customer: Customer) -> None:
    customer.say("/restart")
    assert services.engine.heard[-1][1:] == ("/restart", False)


def test_a_button_of_somebody_else_is_unknown(client: TestClient, services: Services, customer: Customer) -> None:
    services.engine.answer = lambda text: Outcome(
        messages=[Said(text="Choose", buttons=[{"title": "Skip", "payload": "/skip"}])]
    )
    button = customer.say("hello")[0]["buttons"][0]
    assert Customer(client).send(choice=button["id"]).status_code == 404


def test_cards_and_articles_reach_the_customer_without_payloads(services: Services, customer: Customer) -> None:
    card = {"id": "porto", "title": "Porto", "subtitle": "Portugal", "image": "/cards/food.svg", "image_alt": "Food",
            "reasons": ["you like food"], "facts": [], "button": {"title": "Go", "payload": "/go"}}  # fmt: skip
    article = {"id": "a1", "title": "Refunds", "summary": "How to get one"}
    services.engine.answer = lambda text: Outcome(messages=[Said(custom={"cards": [card], "articles": [article]})])
    cards = customer.say("where to?")[0]["cards"]
    assert [c["title"] for c in cards] == ["Porto", "Refunds"]
    assert all(set(c["button"]) == {"id", "title"} for c in cards)


def events(text: str) -> list[tuple[str, dict]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in text.split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]


def test_events_bring_everything_after_the_last_one_seen(client: TestClient, customer: Customer) -> None:
    """A stream is resumed by Last-Event-ID; it ends when the conversation is erased."""
    customer.say("one")
    last = customer.messages()[-1]["seq"]
    customer.say("two")
    import threading

    threading.Timer(0.8, lambda: client.delete("/api/me", headers=customer.headers)).start()
    path = f"/api/conversations/{customer.id}/events"
    stream = client.get(path, headers=customer.headers | {"Last-Event-ID": str(last)})
    seen = events(stream.text)
    assert [data["text"] for name, data in seen if name == "message"] == ["two", "You said: two"]
    assert seen[-1] == ("state", {"state": "erased"})
    assert stream.headers["content-type"].startswith("text/event-stream")


def test_a_returning_customer_is_the_same_subject(client: TestClient, customer: Customer) -> None:
    client.patch("/api/me/profile", json={"home": "Porto"}, headers=customer.headers)
    again = Customer(client, previous_token=customer.token)
    facts = client.get("/api/me/profile", headers=again.headers).json()["attributes"]
    assert again.id != customer.id
    assert [(f["name"], f["value"]) for f in facts] == [("home", "Porto")]


def test_a_false_earlier_token_opens_a_strangers_conversation(client: TestClient, customer: Customer) -> None:
    client.patch("/api/me/profile", json={"home": "Porto"}, headers=customer.headers)
    stranger = Customer(client, previous_token=customer.token[:-2] + "xx")
    assert client.get("/api/me/profile", headers=stranger.headers).json()["attributes"] == []


def test_a_known_customer_is_recognised_by_the_companys_token(client: TestClient, settings: Settings) -> None:
    claims = {"sub": "C-1042", "aud": "tactful", "exp": datetime.now(UTC) + timedelta(minutes=5)}
    token = jwt.encode(claims, settings.customer_jwt_key)
    first, second = Customer(client, customer_token=token), Customer(client, customer_token=token)
    client.patch("/api/me/profile", json={"home": "Porto"}, headers=first.headers)
    assert client.get("/api/me/profile", headers=second.headers).json()["attributes"][0]["value"] == "Porto"
    assert client.post("/api/conversations", json={"customer_token": "x"}).status_code == 401


def test_a_reply_can_be_rated_and_the_rating_taken_back(customer: Customer) -> None:
    seq = customer.say("hello")[0]["seq"]

    def rate(seq: int, rating: str | None) -> int:
        path = f"/api/conversations/{customer.id}/messages/{seq}/rating"
        return customer.client.put(path, json={"rating": rating}, headers=customer.headers).status_code

    def shown() -> str | None:
        return next(message["rating"] for message in customer.messages() if message["seq"] == seq)

    for rating in ("down", "up", None):
        assert rate(seq, rating) == 204
        assert shown() == rating
    assert rate(seq, "sideways") == 400
    assert rate(999, "up") == 404


def test_an_answered_message_is_there_to_be_reviewed(customer: Customer, services: Services) -> None:
    customer.say("hello")
    with services.database.read() as tx:
        turn = tx.execute(select(turns)).mappings().one()
    assert (turn["conversation_id"], turn["channel"]) == (customer.id, "api")
    assert not turn["readable"]  # nobody was asked yet


@pytest.mark.parametrize(
    ("accepted", "language"), [("de-AT,de;q=0.9,en;q=0.8", "de"), ("en", "en"), ("*", ""), ("", ""), ("<script>", "")]
)
def test_the_browsers_language_is_noted(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
