"""What a customer can see and do about what is known of them."""

from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tests.web.conftest import Customer


def test_a_profile_says_what_why_and_until_when(client: TestClient, customer: Customer) -> None:
    answer = client.patch("/api/me/profile", json={"home": "Porto", "budget": 900}, headers=customer.headers)
    assert answer.json()["changed"] == ["home", "budget"]
    facts = client.get("/api/me/profile", headers=customer.headers).json()["attributes"]
    assert [fact["name"] for fact in facts] == ["budget", "home"]
    assert set(facts[0]) == {
        "name", "label", "value", "category", "purpose", "source", "sureness", "confirmed", "learned_at", "expires_at",
    }  # fmt: skip


def test_the_chat_is_told_of_a_change_and_stays_silent(
    client: TestClient, services: Services, customer: Customer
) -> None:
    customer.say("hello")
    before = len(customer.messages())
    client.patch("/api/me/profile", json={"home": "Porto"}, headers=customer.headers)
    customer.say("again")
    assert ("/profile_changed", True) in [heard[1:] for heard in services.engine.heard]
    assert len(customer.messages()) == before + 2


def test_a_value_that_does_not_fit_is_refused_and_nothing_changes(client: TestClient, customer: Customer) -> None:
    for wrong in ({"home": ""}, {"budget": -1}, {"pace": "frantic"}, {"nickname": "x"}, {"interests": "hiking"}):
        answer = client.patch("/api/me/profile", json={"season": "spring", **wrong}, headers=customer.headers)
        assert answer.status_code == 400
    assert client.get("/api/me/profile", headers=customer.headers).json()["attributes"] == []


def test_a_fact_in_ones_own_words_is_looked_at_as_a_message_is(
    client: TestClient, services: Services, customer: Customer
) -> None:
    services.detector.personal |= {"Quimbleton Hall": "STREET_ADDRESS"}
    changes = {"season": "spring", "home": "Quimbleton Hall"}
    refused = client.patch("/api/me/profile", json=changes, headers=customer.headers)
    assert (refused.status_code, "Quimbleton" in refused.text) == (400, False)
    services.detector.down = True
    withheld = client.patch("/api/me/profile", json=changes, headers=customer.headers)
    assert withheld.status_code == 503
    assert client.get("/api/me/profile", headers=customer.headers).json()["attributes"] == []


def test_sensitive_facts_need_consent_and_go_when_it_is_withdrawn(client: TestClient, customer: Customer) -> None:
    refused = client.patch("/api/me/profile", json={"diet": ["vegan"]}, headers=customer.headers)
    assert refused.status_code == 403
    client.put("/api/me/consents", json={"sensitive": True}, headers=customer.headers)
    client.patch("/api/me/profile", json={"diet": ["vegan"]}, headers=customer.headers)
    assert [f["name"] for f in client.get("/api/me/profile", headers=customer.headers).json()["attributes"]] == ["diet"]
    consents = client.put("/api/me/consents", json={"sensitive": False}, headers=customer.headers).json()
    assert consents["sensitive"] is False
    assert client.get("/api/me/profile", headers=customer.headers).json()["attributes"] == []


def test_an_unknown_purpose_is_refused(client: TestClient, customer: Customer) -> None:
    assert client.put("/api/me/consents", json={"world": True}, headers=customer.headers).status_code == 400
    assert client.put("/api/me/consents", json={"training": "yes"}, headers=customer.headers).status_code == 400


def test_an_export_holds_everything_with_the_values_put_back(client: TestClient, customer: Customer) -> None:
    customer.say("I am Ana")
    client.patch("/api/me/profile", json={"home": "Porto"}, headers=customer.headers)
    answer = client.get("/api/me/export", headers=customer.headers)
    assert "attachment" in answer.headers["content-disposition"]
    export = answer.json()
    assert export["profile"][0]["value"] == "Porto"
    assert "I am Ana" in [m["text"] for m in export["conversations"][0]["messages"]]


def test_erasure_leaves_nothing_and_ends_the_session(
    client: TestClient, services: Services, customer: Customer
) -> None:
    customer.say("I am Ana")
    erased = client.delete("/api/me", headers=customer.headers).json()["erased"]
    assert erased["messages"] == 4
    assert erased["vault"] == 1
    assert client.get("/api/me/profile", headers=customer.headers).status_code == 401
    again = Customer(client, previous_token=customer.token)
    assert client.get("/api/me/profile", headers=again.headers).json()["attributes"] == []


def test_a_receipt_of_consent_is_found_by_its_code_without_a_session(client: TestClient, customer: Customer) -> None:
    (given,) = client.put("/api/me/consents", json={"training": True}, headers=customer.headers).json()["receipts"]
    seen = client.get(f"/api/receipts/{given['code']}").json()
    assert seen == {"receipt": given, "signature_valid": True, "stands": True}
    assert client.get("/api/me/receipts", headers=customer.headers).json()["receipts"] == [seen]
    assert client.get(f"/api/me/receipts/{given['id']}", headers=customer.headers).json() == seen
    assert client.get("/api/receipts/key").json()["kid"] == given["signature"]["key_id"]
    assert client.get("/api/receipts/0000-0000-0000-0000").status_code == 404


def test_codes_cannot_be_tried_in_a_row(client: TestClient) -> None:
    tried = [client.get(f"/api/receipts/0000-0000-0000-{number:04}").status_code for number in range(21)]
    assert tried == [404] * 20 + [429]


def test_the_bot_speaks_in_a_neutral_tone_from_the_next_turn_without_personalisation(
    client: TestClient, services: Services, customer: Customer
) -> None:
    client.patch("/api/me/profile", json={"home": "Porto", "tone": "developer"}, headers=customer.headers)
    with services.database.read() as tx:
        assert services.memory.slots(tx, customer.id) == {"home": "Porto", "tone": "developer"}
    client.put("/api/me/consents", json={"personalisation": False}, headers=customer.headers)
    with services.database.read() as tx:
        assert services.memory.slots(tx, customer.id) == {"neutral": True}
    customer.say("again")
    assert services.engine.heard[-2][1:] == ("/profile_changed", True)
