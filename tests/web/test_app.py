"""Headers, pages and the actions' path."""

import asyncio
import re
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.errors import StoreUnavailable
from tactful.logs.line import taken
from tactful.web.actions import actions_app
from tactful.web.app import door_app
from tactful.web.security import CSP


def test_every_answer_carries_strict_headers(client: TestClient) -> None:
    for path in ("/healthz", "/api/openapi.json", "/privacy", "/nowhere", "/api/me/profile"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == CSP.format(frame_ancestors="'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert client.get("/api/openapi.json").headers["cache-control"] == "no-store"


def test_an_unknown_path_has_the_one_shape_of_errors(client: TestClient) -> None:
    answer = client.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "not_found", "message": "There is nothing here."}}


def test_other_origins_may_call_with_a_token_but_never_with_cookies(client: TestClient) -> None:
    answer = client.options(
        "/api/conversations",
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/widget.js", "/privacy", "/api/docs", "/metrics", "/cards/hiking.svg"])
def test_pages_are_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_transparency_page_tells_what_the_policy_says(client: TestClient, services: Services) -> None:
    page = client.get("/privacy").text
    for attribute in services.policy.attributes.values():
        assert attribute.label.capitalize() in page


def test_every_answer_has_an_id_of_ours_and_is_counted(client: TestClient, services: Services) -> None:
    first, second = (client.get("/healthz", headers={"X-Request-Id": "Ana Berg"}) for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert client.get("/nowhere").status_code == 404
    counted = services.metrics.registry.get_sample_value
    assert counted("tactful_responses_total", {"status": "2xx"}) == 2
    assert counted("tactful_responses_total", {"status": "4xx"}) == 1


def test_metrics_know_nobody(client: TestClient) -> None:
    assert "conversation_id" not in client.get("/metrics").text


def test_actions_answer_only_whoever_has_the_secret() -> None:
    client = TestClient(actions_app("s3cret", {}))
    assert client.post("/actions", json={"next_action": "x"}).status_code == 404
    assert client.post("/actions", json={}, headers={"X-Tactful-Secret": "wrong"}).status_code == 404
    assert client.get("/actions").status_code == 405
    known = client.post(
        "/actions", json={"next_action": "no_such_action", "tracker": {}}, headers={"X-Tactful-Secret": "s3cret"}
    )
    assert known.json()["error"] == "no such action"


def test_an_engine_that_is_killed_in_the_middle_of_a_call_is_no_error() -> None:
    headers = [(b"x-tactful-secret", b"s3cret"), (b"content-length", b"10")]
    scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"},
        **{"path": "/actions", "raw_path": b"/actions", "query_string": b"", "root_path": "", "headers": headers},
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(actions_app("s3cret", {})(scope, receive, send))
    assert sent[0]["status"] == 400


def test_a_door_that_does_not_start_says_why_without_a_word_of_the_error(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise StoreUnavailable("postgresql://ana:secret@host")

    monkeypatch.setattr(services.database, "migrate", away)
    with pytest.raises(StoreUnavailable), TestClient(door_app(services)):
        pass
    (record,) = [each for each in caplog.records if each.name == "tactful.web.app"]
    line = taken(record)
    assert line.known, "so it passes without anybody who reads it"
    assert line.text.startswith("the door does not start: store_unavailable in test_app.py:")
    assert "secret" not in line.text


def test_the_public_app_has_no_way_to_the_actions(client: TestClient) -> None:
    assert client.post("/actions", json={}).status_code == 404
