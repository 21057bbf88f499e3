"""Whatever names another customer's thing finds nothing, in the same words as what does not exist."""

import secrets

import httpx
import pytest

from tests.security.conftest import Customer, Site

pytestmark = pytest.mark.asvs("8.2.2", "8.3.1", "7.2.3")


@pytest.fixture(scope="module")
def two(site: Site) -> tuple[Customer, Customer]:
    """A victim who said something, and an attacker."""
    victim, attacker = site.customer(), site.customer()
    victim.say("my booking is Z9X8Y7 and I am Philippa Quimbleton")
    victim.client.put("/api/me/consents", json={"training": True}, headers=victim.headers)
    return victim, attacker


def ways_in(conversation: str) -> list[tuple[str, str, dict | None]]:
    return [
        ("GET", f"/api/conversations/{conversation}/messages", None),
        ("GET", f"/api/conversations/{conversation}/events", None),
        ("POST", f"/api/conversations/{conversation}/messages", {"client_message_id": "a", "text": "hello"}),
        ("POST", f"/api/conversations/{conversation}/messages", {"client_message_id": "b", "choice": "x"}),
        ("PUT", f"/api/conversations/{conversation}/messages/1/rating", {"rating": "up"}),
    ]


def test_a_foreign_id_looks_like_one_that_does_not_exist(two: tuple[Customer, Customer]) -> None:
    victim, attacker = two
    unknown = secrets.token_hex(16)
    for (method, foreign, body), (_, made_up, _) in zip(ways_in(victim.id), ways_in(unknown), strict=True):
        answers = [
            attacker.client.request(method, path, json=body, headers=attacker.headers) for path in (foreign, made_up)
        ]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        names = [sorted(set(each.headers) - {"date"}) for each in answers]
        assert names[0] == names[1]


@pytest.mark.parametrize(
    "made",
    [
        "",
        "0",
        "1",
        "*",
        "%",
        "_",
        "..",
        "null",
        "undefined",
        "' OR '1'='1",
        "0" * 32,
        "f" * 33,
        "%00",
        "{conversation_id}",
    ],
)
def test_a_guessed_id_opens_nothing(two: tuple[Customer, Customer], made: str) -> None:
    _, attacker = two
    for method, path, body in ways_in(made.replace("%", "%25").replace("/", "%2f")):
        answer = attacker.client.request(method, path, json=body, headers=attacker.headers)
        assert answer.status_code in (404, 405, 307), path


def test_near_misses_of_ones_own_id_open_nothing(two: tuple[Customer, Customer]) -> None:
    """An id is compared as it is: neither its case nor what stands around it is forgiven."""
    _, attacker = two
    own = attacker.id
    for made in (own.upper(), own + "%20", own + "%00", own[:-1], own + ";" + own, own + "%2F..%2F" + own):
        answer = attacker.client.get(f"/api/conversations/{made}/messages", headers=attacker.headers)
        assert answer.status_code == 404 or made == own


def test_ids_have_128_random_bits_and_tell_nothing_of_each_other(site: Site) -> None:
    ids = [site.customer().id for _ in range(20)]
    assert len(set(ids)) == 20
    bits = [int(each, 16) for each in ids]
    assert all(len(each) == 32 for each in ids)
    differing = [(one ^ other).bit_count() for one in bits for other in bits if one < other]
    assert min(differing) > 25, "of 128 bits about half differ"


def test_a_foreign_receipt_a_foreign_button_and_a_foreign_rating_are_not_there(
    two: tuple[Customer, Customer], site: Site
) -> None:
    victim, attacker = two
    (receipt,) = [
        each["receipt"] for each in victim.client.get("/api/me/receipts", headers=victim.headers).json()["receipts"]
    ]
    assert attacker.client.get(f"/api/me/receipts/{receipt['id']}", headers=attacker.headers).status_code == 404
    assert victim.client.get(f"/api/me/receipts/{receipt['id']}", headers=victim.headers).status_code == 200


def test_another_customer_cannot_be_merged_without_their_token(two: tuple[Customer, Customer]) -> None:
    victim, attacker = two
    for claimed in (victim.id, victim.token[:-4], victim.token.swapcase(), f'["{victim.id}","x","y"]'):
        merged = attacker.client.post("/api/me/merge", json={"token": claimed}, headers=attacker.headers)
        assert merged.status_code in (400, 401, 403)


def test_nothing_of_the_victim_came_to_the_attacker(two: tuple[Customer, Customer]) -> None:
    victim, attacker = two
    everything = [
        attacker.client.get(f"/api/me/{part}", headers=attacker.headers).text
        for part in ("profile", "access", "export", "receipts", "requests", "consents")
    ]
    for secret in ("Quimbleton", "Z9X8Y7", victim.id, victim.token):
        assert all(secret not in each for each in everything)
    shown = victim.messages()
    assert [each for each in shown if each["text"] == "hello"] == [], "nobody wrote in the victim's name"


def test_only_the_bearer_header_opens(two: tuple[Customer, Customer]) -> None:
    """Not a cookie, not the address, not a body: what a browser sends by itself, or a log keeps, opens nothing."""
    victim, _ = two
    path = f"/api/conversations/{victim.id}/messages"
    stranger = httpx.Client(base_url=victim.client.base_url)
    for answer in (
        stranger.get(path),
        stranger.get(path, params={"token": victim.token, "access_token": victim.token}),
        stranger.get(path, headers={"Cookie": f"token={victim.token}; Authorization=Bearer {victim.token}"}),
        stranger.get(path, headers={"X-Authorization": f"Bearer {victim.token}"}),
        stranger.get(path, headers={"Authorization": f"Basic {victim.token}"}),
        stranger.get(path, headers={"Authorization": victim.token}),
        stranger.request("GET", path, json={"token": victim.token}),
    ):
        assert answer.status_code == 401
