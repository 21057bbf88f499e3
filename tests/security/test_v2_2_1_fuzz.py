"""Whatever is sent to the API, by its description or against it, no answer is a failure of ours.

A short run by default, the same each time; `make fuzz` sends 10,000 requests, other ones each time.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

from tactful.privacy.policy import Policy
from tests.security.conftest import Site, serving
from tests.web.conftest import Customer, QuietDetector

pytestmark = pytest.mark.asvs("2.2.1", "1.5.2", "16.5.1", "16.5.4", "15.3.5", "1.4.2")

SHORT = 600
REQUESTS = int(os.environ.get("TACTFUL_FUZZ_REQUESTS", SHORT))
SHARE = REQUESTS // 2  # for each of two databases
PATIENCE_S = 60


@dataclass
class Target:
    """A door under fire, and a customer whose token is good until an attack erases them."""

    site: Site
    session: requests.Session = field(default_factory=requests.Session)
    answers: Counter[int] = field(default_factory=Counter)
    _customer: Customer | None = None
    _schema: Any = None

    @property
    def customer(self) -> Customer:
        if self._customer is None:
            self._customer = self.site.customer()
        return self._customer

    @property
    def schema(self) -> Any:
        if self._schema is None:
            self._schema = schemathesis.openapi.from_url(f"{self.site.url}/api/openapi.json")
        return self._schema

    def send(self, method: str, url: str, **request: Any) -> None:
        """Send, and read what is not endless. Fails on an answer of 500 and above, and on one of another shape."""
        with self.session.request(method, url, stream=True, timeout=PATIENCE_S, **request) as answer:
            status, kind = answer.status_code, answer.headers.get("content-type", "")
            said = "" if kind.startswith("text/event-stream") else answer.text
        self.answers[status] += 1
        assert status < 500, f"{method} {url} → {status}"
        if status >= 400 and kind.startswith("application/json"):
            assert set(json.loads(said)["error"]) == {"code", "message"}, f"{method} {url} → {said[:200]}"
        if status == requests.codes.unauthorized or method == "DELETE":
            self._customer = None


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, policy: Policy
) -> Iterator[Target]:
    """A door on a database of each kind: what one takes, the other may not."""
    home = tmp_path_factory.mktemp("fuzzed")
    url = f"sqlite:///{home / 'tactful.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    with serving(home, policy, detector=QuietDetector(), DATABASE_URL=url) as site:
        yield Target(site)


def many(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=max(1, examples),
        deadline=None,
        database=None,
        derandomize=REQUESTS == SHORT,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


def test_requests_by_the_description_and_against_it(target: Target) -> None:
    operations = [each.ok() for each in target.schema.get_all_operations()]
    assert len(operations) > 15
    each = SHARE // 3 // len(operations)  # a third of the requests, in the two modes

    for operation in operations:
        for mode in GenerationMode:

            @many(each)
            @given(case=operation.as_strategy(generation_mode=mode), known=st.integers(0, 9))
            def fire(case: Case, known: int) -> None:
                customer = target.customer
                if "conversation_id" in case.path_parameters and known != 0:
                    case.path_parameters["conversation_id"] = customer.id
                if known != 1:
                    case.headers["Authorization"] = customer.headers["Authorization"]
                if _is_lawful(case.query.get("wait")):
                    case.query["wait"] = 0.01  # what is lawful may take 30 s
                target.send(**case.as_transport_kwargs(base_url=target.site.url))

            with suppress(Unsatisfiable):  # nothing can be wrong about a request that takes nothing
                fire()
    assert target.answers.total() >= len(operations)


def _is_lawful(wait: object) -> bool:
    try:
        return 0 <= float(str(wait)) <= 30
    except ValueError:
        return False


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(2**63), st.just(-(2**70)), st.just(10**400), st.floats(),
    st.text(), st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl"]), max_size=5), st.just("x" * 5000),
    st.sampled_from(["PERSON_1", "/restart{}", "\x00", "\ud800", "{name}", "{{7*7}}", "' OR 1=1 --", "../../etc"]),
)  # fmt: skip


def names_in(description: Any) -> Iterator[str]:
    """Every property that the description names."""
    if isinstance(description, dict):
        for key, value in description.items():
            if key == "properties":
                yield from value
            yield from names_in(value)
    elif isinstance(description, list):
        for value in description:
            yield from names_in(value)


def replaced(document: Any, where: list[int], value: Any) -> Any:
    """The document with one part exchanged; `where` leads to it, whatever there is."""
    if not where or not isinstance(document, dict | list) or not document:
        return value
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    key = keys[where[0] % len(keys)]
    changed = replaced(document[key], where[1:], value)
    if isinstance(document, dict):
        return {**document, key: changed}
    return [*document[:key], changed, *document[key + 1 :]]


def test_good_requests_with_one_bad_part(target: Target, policy: Policy) -> None:
    customer = target.customer
    customer.say("I am Ana")
    http = customer.client
    http.patch("/api/me/profile", json={"home": "Porto", "budget": 900}, headers=customer.headers)
    http.put("/api/me/consents", json={"sensitive": True, "training": True}, headers=customer.headers)
    export = http.get("/api/me/export", headers=customer.headers).json()
    places = {
        f"/api/conversations/{customer.id}/messages": ("POST", {"client_message_id": "m", "text": "hello"}),
        "/api/conversations": ("POST", {"customer_token": "x", "previous_token": customer.token, "channel": "api"}),
        "/api/me/import": ("POST", export),
        "/api/me/merge": ("POST", {"token": customer.token}),
        "/api/me/consents": ("PUT", {"sensitive": True}),
        "/api/me/objections": ("PUT", {"personalisation": True}),
        "/api/me/profile": ("PATCH", dict.fromkeys(policy.attributes, "x")),
    }
    values = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=5), LEAVES, max_size=2)

    @many(SHARE // 3)
    @given(path=st.sampled_from(sorted(places)), where=st.lists(st.integers(0, 20), min_size=1, max_size=5), bad=values)
    def fire(path: str, where: list[int], bad: Any) -> None:
        method, good = places[path]
        if path == "/api/me/profile":
            attribute = sorted(good)[where[0] % len(good)]
            body = {attribute: bad}
        else:
            body = replaced(good, where, bad)
        headers = {**customer.headers, "Content-Type": "application/json"}
        target.send(method, target.site.url + path, data=json.dumps(body), headers=headers)

    fire()


def test_bodies_of_no_schema(target: Target, policy: Policy) -> None:
    """Numbers beyond all numbers, letters that are none, the right names with the wrong things, and no JSON at all."""
    description = target.schema.raw_schema
    names = sorted({*names_in(description), *policy.attributes, "client_message_id", "profile", "conversations"})
    bodies = [
        (method.upper(), path)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    ]
    value = st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner, max_size=4),
        max_leaves=6,
    )
    document = st.dictionaries(st.sampled_from(names), value, max_size=6)
    raw = st.one_of(
        document.map(lambda it: json.dumps(it).encode()),
        document.map(lambda it: json.dumps(it, ensure_ascii=False).encode("utf-8", "surrogatepass")),
        document.map(lambda it: json.dumps(it).encode("utf-16")),
        st.integers(1, 20_000).map(lambda depth: b"[" * depth),
        st.integers(1, 5_000).map(lambda depth: b'{"text":' * depth + b"1" + b"}" * depth),
        st.binary(max_size=200),
    )

    @many(SHARE - target.answers.total())
    @given(where=st.sampled_from(bodies), body=raw, kind=st.sampled_from(["application/json", "text/plain", ""]))
    def fire(where: tuple[str, str], body: bytes, kind: str) -> None:
        customer = target.customer
        method, path = where
        url = target.site.url + path.replace("{conversation_id}", customer.id).replace("{seq}", "1")
        target.send(method, url, data=body, headers={**customer.headers, "Content-Type": kind})

    fire()


def test_the_door_still_answers_a_customer(target: Target) -> None:
    assert target.answers.total() >= SHARE
    print(f"{target.answers.total()} requests: {dict(sorted(target.answers.items()))}")
    assert Customer(target.site.customer().client).say("hello")[0]["text"] == "You said: hello"
