"""Limits hold for who goes over them and for nobody else; what is too large or too deep is refused in words."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tactful.chat.bell import Bell
from tactful.privacy.policy import Policy
from tactful.web.addresses import Proxies, network
from tactful.web.conversations import MOST_LISTENERS
from tactful.web.security import BodyLimit
from tests.security.conftest import Customer, Site, serving
from tests.web.conftest import QuietDetector

pytestmark = pytest.mark.asvs("2.4.1")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[Site]:
    """A door with few requests an hour, behind a proxy on 127.0.0.1."""
    rates = {"rate_requests": "20/hour", "rate_conversations": "5/hour", "rate_messages": "3/hour"}
    with serving(tmp_path_factory.mktemp("limited"), policy, detector=QuietDetector(), **rates) as site:
        yield site


def begin(site: Site, address: str) -> httpx.Response:
    return httpx.post(f"{site.url}/api/conversations", headers={"X-Forwarded-For": address}, timeout=30)


def test_one_address_goes_over_and_the_next_is_served(limited: Site) -> None:
    answers = [begin(limited, "192.0.2.1").status_code for _ in range(7)]
    assert answers == [201] * 5 + [429] * 2
    refused = begin(limited, "192.0.2.1")
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert begin(limited, "192.0.2.2").status_code == 201


def test_who_has_many_ipv6_addresses_is_one(limited: Site) -> None:
    answers = [begin(limited, f"2001:db8:1:2::{number:x}").status_code for number in range(1, 8)]
    assert answers == [201] * 5 + [429] * 2
    assert begin(limited, "2001:db8:1:3::1").status_code == 201


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_a_made_up_forwarded_address_gives_no_new_allowance(limited: Site) -> None:
    """A proxy adds the address that it saw at the end; what stands before it is the client's own claim."""
    answers = [begin(limited, f"198.51.100.{number}, 203.0.113.9").status_code for number in range(7)]
    assert answers == [201] * 5 + [429] * 2


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_who_is_no_proxy_is_not_believed(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> None:
    """This door trusts nobody: whatever is claimed, the address is 127.0.0.1."""
    alone = {"trusted_proxies": "", "rate_conversations": "3/hour"}
    with serving(tmp_path_factory.mktemp("alone"), policy, detector=QuietDetector(), **alone) as site:
        begun = [begin(site, f"192.0.2.{number}").status_code for number in range(5)]
    assert begun == [201] * 3 + [429] * 2


def test_one_conversation_goes_over_and_the_next_is_served(limited: Site) -> None:
    http = httpx.Client(base_url=limited.url, headers={"X-Forwarded-For": "192.0.2.77"}, timeout=30)
    one, other = Customer(http), Customer(http)  # type: ignore[arg-type]
    assert [one.send("hello").status_code for _ in range(5)] == [202] * 3 + [429] * 2
    assert other.send("hello").status_code == 202


def test_all_requests_of_an_address_together_are_limited_and_health_is_not(limited: Site) -> None:
    headers = {"X-Forwarded-For": "192.0.2.99"}
    answers = [httpx.get(f"{limited.url}/api/me/profile", headers=headers).status_code for _ in range(22)]
    assert answers == [401] * 20 + [429] * 2
    assert httpx.get(f"{limited.url}/healthz", headers=headers).status_code == 200


@pytest.mark.asvs("15.2.2", "15.4.4")
def test_a_conversation_is_listened_to_in_so_many_places_and_no_more(site: Site) -> None:
    customer = site.customer()
    bell: Bell = site.services.bell
    path = f"/api/conversations/{customer.id}"

    async def story() -> list[int]:
        async with httpx.AsyncClient(base_url=site.url, headers=customer.headers, timeout=30) as http:
            streams = [
                await http.send(http.build_request("GET", f"{path}/events"), stream=True) for _ in range(MOST_LISTENERS)
            ]
            while bell.listeners(customer.id) < MOST_LISTENERS:
                await asyncio.sleep(0.01)
            refused = await http.get(f"{path}/events")
            assert int(refused.headers["retry-after"]) > 0
            waiting = await http.get(f"{path}/messages", params={"wait": 1, "after": 1000})
            looking = await http.get(f"{path}/messages")
            for stream in streams:
                await stream.aclose()
            while bell.listeners(customer.id):
                await asyncio.sleep(0.05)
            return [refused.status_code, waiting.status_code, looking.status_code]

    assert asyncio.run(asyncio.wait_for(story(), 100)) == [429, 429, 200]
    assert customer.say("still here")[0]["text"]


def test_networks_and_proxies_are_read_as_they_are_written() -> None:
    assert network("192.0.2.1") == network("::ffff:192.0.2.1") == "192.0.2.1"
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("nonsense") == "nonsense"
    proxies = Proxies(["127.0.0.1", " 10.0.0.0/8", ""])
    assert "10.2.3.4" in proxies
    assert "127.0.0.1" in proxies
    assert "11.0.0.1" not in proxies
    assert "nonsense" not in proxies
    assert "192.0.2.1" in Proxies(["*"])


MEGABYTE = b'{"text": "' + b"x" * 1_000_000 + b'"}'


@pytest.mark.asvs("15.2.2", "2.2.1")
def test_a_megabyte_is_refused_everywhere_but_where_an_export_comes_back(site: Site) -> None:
    customer = site.customer()
    described = customer.client.get("/api/openapi.json").json()["paths"]
    bodies = [
        (m.upper(), p) for p, methods in described.items() for m, each in methods.items() if "requestBody" in each
    ]
    assert len(bodies) > 6
    for method, path in [*bodies, ("POST", "/console/sign-in"), ("GET", "/healthz")]:
        where = path.replace("{conversation_id}", customer.id).replace("{seq}", "1")
        for content in (MEGABYTE, iter([MEGABYTE[i : i + 50_000] for i in range(0, len(MEGABYTE), 50_000)])):
            headers = {**customer.headers, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
            answer = customer.client.request(method, where, content=content, headers=headers)
            unread = {"/api/me/import": 400, "/healthz": 200, "/console/sign-in": 401}  # it takes forms alone
            assert answer.status_code in (413, unread.get(path)), path
    assert site.alive()


@pytest.mark.asvs("15.2.2", "2.2.1", "1.5.2")
@pytest.mark.parametrize(
    "content",
    [
        b"[" * 60_000, b'{"a":' * 12_000, b"[" * 30_000 + b"]" * 30_000, b'{"text":' * 5000 + b"1" + b"}" * 5000,
        b'{"text": ' + b"9" * 60_000 + b"}", b'{"text": 1e999999}', b'{"text": NaN}', b'{"text": "\xff\xfe"}',
        b'{"text": "\xed\xa0\x80"}', b'\xff\xfe{\x00}\x00', b"\x00" * 1000,
        b'{"text": "\\ud800"}', b'{"text": "\\u0000"}',
        b'{"client_message_id":"m","text":"a","text":null}', b'{"client_message_id":["m"],"text":"a"}',
        b"{'text': 'x'}", b"null", b"1", b'"x"', b"[]", b"", b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_deep_broken_and_odd_json_is_refused_in_words(site: Site, content: bytes) -> None:
    customer = site.customer()
    described = customer.client.get("/api/openapi.json").json()["paths"]
    bodies = [
        (m.upper(), p) for p, methods in described.items() for m, each in methods.items() if "requestBody" in each
    ]
    for method, path in bodies:
        where = path.replace("{conversation_id}", customer.id).replace("{seq}", "1")
        headers = {**customer.headers, "Content-Type": "application/json"}
        answer = customer.client.request(method, where, content=content, headers=headers)
        assert answer.status_code < 500, f"{method} {path}"
        if answer.status_code >= 400:
            assert set(answer.json()["error"]) == {"code", "message"}


@pytest.mark.asvs("15.2.2")
def test_a_body_that_takes_too_long_is_refused() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass

    async def story() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        came = asyncio.Queue[dict[str, Any]]()
        came.put_nowait({"type": "http.request", "body": b"{", "more_body": True})

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/api/x", "method": "POST", "headers": []}
        await BodyLimit(app, 100, {}, seconds=0.05)(scope, came.get, send)
        return sent

    head, body = asyncio.run(story())
    assert head["status"] == 408
    assert (b"connection", b"close") in head["headers"]
    assert json.loads(body["body"])["error"]["code"] == "too_slow"


@pytest.mark.asvs("2.2.1", "15.3.5")
def test_half_a_letter_is_no_value_of_a_profile(site: Site, policy: Policy) -> None:
    customer = site.customer()
    customer.client.put("/api/me/consents", json={"sensitive": True}, headers=customer.headers)
    headers = {**customer.headers, "Content-Type": "application/json"}
    for attribute in policy.attributes:
        for value in ("\ud800", ["\udfff"]):
            body = json.dumps({attribute: value})
            answer = customer.client.patch("/api/me/profile", content=body, headers=headers)
            assert answer.status_code == 400, attribute
