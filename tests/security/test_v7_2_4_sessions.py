"""Nobody chooses somebody's session for them, changes a token, or goes on with one that ended."""

import base64
import json
import time
import zlib

import jwt
import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.security.conftest import SITE_KEY, Customer, Site

pytestmark = pytest.mark.asvs("7.2.1", "7.2.2", "9.1.1")


def profile(customer: Customer, token: str | None = None) -> int:
    headers = {"Authorization": f"Bearer {token or customer.token}"}
    return customer.client.get("/api/me/profile", headers=headers).status_code


def said(token: str) -> list[str]:
    """What a token says, to whoever reads it."""
    body = token.rsplit(".", 2)[0]
    content = base64.urlsafe_b64decode(body.lstrip(".") + "=" * (-len(body.lstrip(".")) % 4))
    parts: list[str] = json.loads(zlib.decompress(content) if body.startswith(".") else content)
    return parts


@pytest.mark.asvs("7.2.4")
def test_no_id_or_token_is_taken_from_who_begins(site: Site) -> None:
    """Session fixation: what the attacker would like to be the victim's is a new one of the door's."""
    chosen = site.customer()
    http = chosen.client
    began = http.post(
        "/api/conversations",
        json={"conversation_id": chosen.id, "token": chosen.token, "subject_id": chosen.id, "id": chosen.id},
        headers={"Cookie": f"token={chosen.token}", "X-Conversation-Id": chosen.id},
    ).json()
    assert began["conversation_id"] != chosen.id
    assert began["token"] != chosen.token
    theirs = http.get(f"/api/conversations/{began['conversation_id']}/messages", headers=chosen.headers)
    assert theirs.status_code == 404


@pytest.mark.asvs("7.2.4", "8.2.2")
def test_who_signs_in_does_not_go_on_in_a_conversation_that_was_laid_out_for_them(site: Site) -> None:
    """The attacker leaves a token in the victim's browser; the victim signs in."""
    laid_out = site.customer()
    token = jwt.encode({"sub": "C-victim", "aud": "tactful", "exp": time.time() + 200}, SITE_KEY)
    victim = site.customer(customer_token=token, previous_token=laid_out.token)
    victim.client.patch("/api/me/profile", json={"home": "Porto"}, headers=victim.headers)
    seen = laid_out.client.get("/api/me/profile", headers=laid_out.headers)
    assert seen.json()["attributes"] == []
    assert laid_out.client.get(f"/api/conversations/{victim.id}/messages", headers=laid_out.headers).status_code == 404


@pytest.mark.asvs("9.1.2", "9.2.2")
def test_a_token_of_another_making_opens_nothing(site: Site) -> None:
    customer = site.customer()
    payload = [customer.id, "0" * 32, "x"]
    services = site.services
    others = [
        jwt.encode({"sub": customer.id, "aud": "tactful", "exp": time.time() + 200}, SITE_KEY),
        jwt.encode({"sub": customer.id}, "", algorithm="none"),
        URLSafeTimedSerializer("secret", salt="tactful-session").dumps(payload),
        URLSafeTimedSerializer(b"\0" * 32, salt="tactful-session").dumps(payload),
        URLSafeTimedSerializer(services.ring.derive("session-token"), salt="another-purpose").dumps(payload),
        URLSafeTimedSerializer(services.ring.derive("receipts"), salt="tactful-session").dumps(payload),
    ]
    for token in others:
        assert profile(customer, token) == 401, token[:20]
    right = URLSafeTimedSerializer(services.ring.derive("session-token"), salt="tactful-session")
    assert profile(customer, right.dumps(payload)) == 401, "a signed token for a customer who does not exist"
    assert profile(customer, right.dumps({"conversation": customer.id})) == 401
    assert profile(customer, right.dumps([[customer.id], {}, None])) == 401


def test_a_changed_token_opens_nothing(site: Site) -> None:
    customer = site.customer()
    body, when, signature = customer.token.rsplit(".", 2)
    other = site.customer().token.rsplit(".", 2)
    decoded = said(customer.token)
    forged = base64.urlsafe_b64encode(json.dumps([decoded[0], "0" * 32, decoded[2]]).encode()).rstrip(b"=").decode()
    for token in (
        f"{forged}.{when}.{signature}",
        f"{body}.{other[1]}.{signature[:-1]}",
        f"{body}.{when}.{other[2]}",
        f"{other[0]}.{when}.{signature}",
        f"{body}.zzzzzz.{signature}",
        f"{body}.{when}.",
        f"{body}.{when}",
        customer.token.swapcase(),
        customer.token[::-1],
        customer.token + "x" * 100_0,
    ):
        assert profile(customer, token) == 401
    assert profile(customer) == 200


@pytest.mark.asvs("7.4.1", "7.4.2")
def test_after_erasure_the_token_is_dead_at_once_and_everywhere(site: Site) -> None:
    customer = site.customer()
    again = site.customer(previous_token=customer.token)
    assert customer.client.delete("/api/me", headers=customer.headers).status_code == 200
    for each in (customer, again):
        assert profile(each) == 401
        assert each.send("still there?").status_code == 401


@pytest.mark.asvs("14.2.1")
def test_a_token_holds_ids_and_nothing_of_the_person(site: Site) -> None:
    token = jwt.encode({"sub": "ana@example.com", "aud": "tactful", "exp": time.time() + 200}, SITE_KEY)
    known = site.customer(customer_token=token)
    assert all(set(part) <= set("0123456789abcdef") for part in said(known.token))
