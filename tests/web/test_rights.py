"""Each right over the whole door: values are planted, and looked for in every store that there is."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import create_engine, select, text
from starlette.testclient import TestClient

from tactful import bootstrap
from tactful.bootstrap import Services
from tactful.chat.engine import Outcome
from tactful.chat.replies import RESTRICTED
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.leak_values import Value
from tactful.store.leakscan import Scan
from tactful.store.places import tracker_database
from tactful.store.tables import messages, metadata
from tactful.web.app import door_app
from tests.chat.conftest import FakeEngine
from tests.conftest import ROOT
from tests.web.conftest import Customer, QuietDetector

NAME, WORDS, CITY = "Philippa Quimbleton", "violet harmonica", "Quennhaven"
SITE_KEY = "a-secret-of-at-least-thirty-two-bytes!"


class RememberingEngine(FakeEngine):
    """Keeps events of a turn at its end, as Rasa's tracker store does."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._store = create_engine(url)
        with self._store.begin() as tx:
            tx.execute(text("CREATE TABLE IF NOT EXISTS events (sender_id VARCHAR(255), data TEXT)"))

    async def turn(self, conversation: str, message_id: str, text_: str, *, forced: bool) -> Outcome:
        outcome = await super().turn(conversation, message_id, text_, forced=forced)
        with self._store.begin() as tx:
            tx.execute(text("INSERT INTO events VALUES (:id, :data)"), {"id": conversation, "data": text_})
        return outcome

    def events(self) -> int:
        with self._store.begin() as tx:
            return int(tx.execute(text("SELECT count(*) FROM events")).scalar_one())


@pytest.fixture
def settings(tmp_path: Path, url: str) -> Settings:
    return Settings(
        home=tmp_path, DATABASE_URL=url, engine_port=1, customer_jwt_key=SITE_KEY,
        rate_messages="1000/minute", rate_conversations="1000/minute", rate_requests="10000/minute",
    )  # fmt: skip


@pytest.fixture
def services(settings: Settings, policy: Policy) -> Services:
    detector = QuietDetector()
    detector.personal[NAME] = "PERSON"
    sqlite = settings.database.startswith("sqlite")
    tracker_url = f"sqlite:///{tracker_database(settings)}" if sqlite else settings.database
    return Services(
        settings,
        Database(settings.database),
        KeyRing.of(bytes(range(32))),
        policy,
        detector,
        RememberingEngine(tracker_url),
        httpx.AsyncClient(),
    )


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(door_app(services), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def planted(client: TestClient, customer: Customer) -> Customer:
    customer.say(f"I am {NAME} and I lost my {WORDS}")
    client.patch("/api/me/profile", json={"home": CITY, "name": NAME}, headers=customer.headers)
    return customer


def in_clear(services: Services, *values: str) -> list[str]:
    """Where the installation holds one of these values, by every byte that it keeps."""
    scan = Scan([Value(number, value) for number, value in enumerate(values)])
    return [finding.where for finding in scan.installation(services.settings).sorted()]


def rows(services: Services) -> dict[str, int]:
    with services.database.read() as tx:
        return {table.name: len(tx.execute(select(table)).all()) for table in metadata.sorted_tables}


def site_token(customer: str, **claims: Any) -> str:
    return jwt.encode({"sub": customer, "aud": "tactful", "exp": time.time() + 300} | claims, SITE_KEY)


@contextmanager
def failing(services: Services) -> Iterator[None]:
    """Erasures fail at their last step but one: the file of tombstones cannot be written."""
    in_its_place = services.settings.home / "erased.tombstones"
    in_its_place.mkdir()
    yield
    in_its_place.rmdir()


def me(client: TestClient, customer: Customer, part: str) -> Any:
    answer = client.get(f"/api/me/{part}", headers=customer.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_personal_values_stand_nowhere_in_clear_and_access_tells_them(
    client: TestClient, services: Services, planted: Customer
) -> None:
    assert in_clear(services, NAME, CITY) == []
    assert in_clear(services, WORDS)
    known = me(client, planted, "access")
    assert {fact["value"] for fact in known["profile"]} == {CITY, NAME}
    assert NAME in [value["value"] for value in known["values"]]
    assert [each["right"] for each in known["requests"]] == ["access", "rectification"]
    assert client.get("/api/me/access").status_code == 401


def test_an_export_fits_the_schema_that_is_served_and_comes_as_a_page_too(
    client: TestClient, planted: Customer
) -> None:
    schema = client.get("/api/schemas/export.json").json()
    export = me(client, planted, "export?format=json")
    assert not list(Draft202012Validator(schema).iter_errors(export))
    page = client.get("/api/me/export?format=html", headers=planted.headers)
    assert page.headers["content-disposition"] == 'attachment; filename="tactful-export.html"'
    assert page.headers["content-type"].startswith("text/html")
    assert NAME in page.text
    assert client.get("/api/me/export?format=pdf", headers=planted.headers).status_code == 400


def test_what_was_exported_can_be_imported_after_erasure(client: TestClient, planted: Customer) -> None:
    export = me(client, planted, "export")
    client.delete("/api/me", headers=planted.headers)
    new = Customer(client)
    done = client.post("/api/me/import", json=export, headers=new.headers)
    assert done.json()["imported"] == {"profile": 2, "consents": 0, "conversations": 1}
    again = me(client, new, "export")
    assert again["profile"] == export["profile"]
    assert again["conversations"][0] == export["conversations"][0]
    refused = client.post("/api/me/import", json=export | {"format": NAME}, headers=new.headers)
    assert refused.status_code == 400
    assert NAME not in refused.text


def test_a_large_export_may_be_imported_but_a_message_may_not_be_as_large(
    client: TestClient, planted: Customer
) -> None:
    big = {"format": "x" * 200_000}
    assert client.post("/api/me/import", json=big, headers=planted.headers).status_code == 400
    assert client.patch("/api/me/profile", json=big, headers=planted.headers).status_code == 413


def test_erasure_leaves_nothing_in_any_store_and_is_told_step_by_step(
    client: TestClient, services: Services, planted: Customer
) -> None:
    done = client.delete("/api/me", headers=planted.headers).json()
    assert [step["step"] for step in done["steps"]] == ["stop", "turns", "engine", "models", "data", "journal"]
    assert done["erased"]["engine_events"] >= 2
    assert services.engine.events() == 0
    assert in_clear(services, NAME, CITY, WORDS) == []
    left = {name for name, count in rows(services).items() if count}
    assert left <= {"subjects", "requests", "receipts", "audit", "audit_head", "schema_floor"}
    assert client.get("/api/me/profile", headers=planted.headers).status_code == 401
    with services.database.read() as tx:
        assert services.tombstones.named(subjects.there(tx)) == []
    assert len(services.tombstones) == 1


def test_what_was_refused_is_forgotten_once_its_customer_is_erased_and_told_by_a_tombstone(
    client: TestClient, services: Services, planted: Customer
) -> None:
    other = Customer(client)
    for customer in (planted, other):
        for granted in (True, False):
            said = client.put("/api/me/consents", json={"training": granted}, headers=customer.headers)
            assert said.status_code == 200
    assert services.housekeeping.forget_refusals() == 0
    client.delete("/api/me", headers=planted.headers).raise_for_status()
    assert services.housekeeping.forget_refusals() == 1
    assert len(services.refusals.by_pseudonym()) == 1


def test_erasure_waits_for_the_turn_under_way_whose_events_are_erased_too(
    client: TestClient, services: Services, planted: Customer
) -> None:
    services.engine.slow_s = 1.5
    planted.send(f"and another {WORDS}")
    done = client.delete("/api/me", headers=planted.headers).json()
    assert f"and another {WORDS}" in [heard[1] for heard in services.engine.heard], "the turn was not cut off"
    assert done["erased"]["messages"] >= 6
    assert services.engine.events() == 0
    assert in_clear(services, NAME, CITY, WORDS) == []


def test_steps_come_as_lines_as_they_are_done(client: TestClient, planted: Customer) -> None:
    with client.stream("DELETE", "/api/me", headers=planted.headers | {"Accept": "application/x-ndjson"}) as answer:
        lines = [json.loads(line) for line in answer.iter_lines()]
    assert [line.get("step") for line in lines[:-1]] == ["stop", "turns", "engine", "models", "data", "journal"]
    assert lines[-1]["erased"]["facts"] == 2


def test_an_erasure_that_fails_says_so_and_goes_on_when_asked_again(
    client: TestClient, services: Services, planted: Customer
) -> None:
    with failing(services):
        assert client.delete("/api/me", headers=planted.headers).status_code == 500
        headers = planted.headers | {"Accept": "application/x-ndjson"}
        with client.stream("DELETE", "/api/me", headers=headers) as answer:
            assert "error" in json.loads(list(answer.iter_lines())[-1])
    assert me(client, planted, "requests")["requests"][0]["status"] == "failed"
    assert planted.send("still there?").status_code == 404
    assert client.delete("/api/me", headers=planted.headers).status_code == 200
    assert in_clear(services, WORDS) == []


def test_an_erasure_that_failed_is_tried_again_without_a_restart(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ERASING_AGAIN_S", 1.0)
    with TestClient(door_app(services), raise_server_exceptions=False) as client:
        gone = Customer(client)
        gone.say("hello")
        with failing(services):
            assert client.delete("/api/me", headers=gone.headers).status_code == 500
        deadline = time.monotonic() + 60
        while services.rights.unfinished_erasures():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        left = client.get("/api/me/profile", headers=gone.headers)
        assert left.status_code == 401, left.text


def test_under_restriction_messages_are_neither_read_nor_kept(
    client: TestClient, services: Services, planted: Customer
) -> None:
    assert client.put("/api/me/restriction", json={"restricted": True}, headers=planted.headers).json() == {
        "restricted": True
    }
    (answer,) = planted.say("my secret plan is a xylophone")
    assert answer["text"] == RESTRICTED
    with services.database.read() as tx:
        assert services.memory.slots(tx, planted.id).keys() <= {"neutral"}
        assert "withheld" in tx.execute(select(messages.c.status)).scalars().all()
    assert in_clear(services, "xylophone") == []
    again = Customer(client, previous_token=planted.token)
    with services.database.read() as tx:
        assert services.vault.entries(tx, again.id) == [], "not even the name is taken over into a new conversation"
    assert "my secret plan is a xylophone" not in [heard[1] for heard in services.engine.heard]
    client.put("/api/me/restriction", json={"restricted": False}, headers=planted.headers)
    assert planted.say("hello again")[0]["text"] == "You said: hello again"


def test_an_objection_makes_the_bot_neutral(client: TestClient, services: Services, planted: Customer) -> None:
    answer = client.put("/api/me/objections", json={"personalisation": True}, headers=planted.headers)
    assert answer.json() == {"objections": ["personalisation"]}
    with services.database.read() as tx:
        assert "home" not in services.memory.slots(tx, planted.id)
    planted.say("hello again")
    facts = me(client, planted, "profile")["attributes"]
    assert CITY in [fact["value"] for fact in facts], "what the engine may not see is not deleted"


def test_an_anonymous_customer_is_merged_into_the_known_one_on_their_word(
    client: TestClient, services: Services, planted: Customer
) -> None:
    known = Customer(client, customer_token=site_token("C-1042"))
    merged = client.post("/api/me/merge", json={"token": planted.token}, headers=known.headers)
    assert merged.json()["merged"] == {"profile": 2, "conversations": 1, "values": 1}
    assert client.get("/api/me/profile", headers=planted.headers).status_code == 401
    export = me(client, known, "export")
    assert {fact["value"] for fact in export["profile"]} == {CITY, NAME}
    assert f"I am {NAME} and I lost my {WORDS}" in json.dumps(export)
    assert in_clear(services, NAME, CITY) == []
    for false in ("nonsense", known.token, Customer(client, customer_token=site_token("C-7")).token):
        assert client.post("/api/me/merge", json={"token": false}, headers=known.headers).status_code in (400, 401)


def test_a_customer_token_with_a_name_opens_one_conversation(client: TestClient) -> None:
    token = site_token("C-1042", jti="once")
    known = Customer(client, customer_token=token)
    client.patch("/api/me/profile", json={"home": CITY}, headers=known.headers)
    assert client.post("/api/conversations", json={"customer_token": token}).status_code == 401
    again = Customer(client, customer_token=site_token("C-1042", jti="another"))
    assert me(client, again, "profile")["attributes"][0]["value"] == CITY


def test_a_known_customer_is_not_served_under_their_id_while_they_are_erased(
    client: TestClient, services: Services
) -> None:
    known = Customer(client, customer_token=site_token("C-1042"))
    with failing(services):
        client.delete("/api/me", headers=known.headers)
    refused = client.post("/api/conversations", json={"customer_token": site_token("C-1042")})
    assert refused.status_code == 503
    client.delete("/api/me", headers=known.headers)
    assert me(client, Customer(client, customer_token=site_token("C-1042")), "profile")["attributes"] == []


def test_every_call_that_the_documentation_names_exists(client: TestClient) -> None:
    text = (ROOT / "docs/rights.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(GET|PUT|POST|PATCH|DELETE) (/api/[^?` ]*)", text, re.MULTILINE))
    described = client.get("/api/openapi.json").json()["paths"]
    exist = {
        (method.upper(), re.sub(r"{\w+}", "{}", path)) for path, methods in described.items() for method in methods
    }
    assert len(named) > 10
    assert not {(method, re.sub(r"{\w+}", "{}", path)) for method, path in named} - exist
    mine = {(method, path) for method, path in exist if path.startswith(("/api/me", "/api/receipts", "/api/schemas"))}
    assert len(mine) == len(named)
