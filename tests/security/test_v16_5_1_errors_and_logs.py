"""A failure of ours tells nobody what was sent, neither client nor log; secrets are in no log and no address."""

import logging
from collections.abc import Iterator

import httpx
import jwt
import pytest

from tactful.bootstrap import Services
from tactful.privacy.policy import Policy
from tests.security.conftest import SITE_KEY, Site, serving
from tests.web.conftest import QuietDetector

PLANTED = "Philippa-Quimbleton-4111111111111111"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Every line that the door logs, at DEBUG, with what a log would print of an exception."""
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.threadName != "MainThread":  # there the client of this test speaks
                lines.append(self.format(record))

    root, listener = logging.getLogger(), Listener()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(listener)


@pytest.mark.asvs("16.5.1", "16.5.3", "16.5.4", "16.2.5", "13.4.2")
def test_what_nobody_foresaw_is_noted_without_its_words(
    tmp_path_factory: pytest.TempPathFactory, policy: Policy, heard: list[str]
) -> None:
    """Starlette hands an exception on to the server when it is answered, and the server would print it whole."""
    with serving(tmp_path_factory.mktemp("failing"), policy, detector=QuietDetector()) as site:
        customer = site.customer()

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError(PLANTED)

        site.services.rights.profile = fail  # type: ignore[method-assign, assignment]
        answer = customer.client.get("/api/me/profile", headers=customer.headers)
        assert answer.status_code == 500
        assert answer.json() == {"error": {"code": "internal", "message": "Something went wrong on our side."}}
        site.services.conversations.view = fail  # type: ignore[method-assign, assignment]
        with pytest.raises(httpx.RemoteProtocolError):  # it had begun: all that is left is to end it
            customer.client.get(f"/api/conversations/{customer.id}/events", headers=customer.headers)
        assert site.alive()
    text = "\n".join(heard)
    assert "request failed: RuntimeError in test_v16_5_1" in text
    assert PLANTED not in text
    assert "Traceback" not in text


@pytest.mark.asvs("16.2.5", "16.4.1", "14.2.1")
def test_neither_tokens_nor_words_nor_line_breaks_come_into_the_log(
    tmp_path_factory: pytest.TempPathFactory, policy: Policy, heard: list[str]
) -> None:
    signed = jwt.encode(
        {"sub": "C-1042", "aud": "tactful", "exp": 4_000_000_000, "iat": 4_000_000_000 - 200, "nbf": 1}, SITE_KEY
    )
    with serving(tmp_path_factory.mktemp("logged"), policy, detector=QuietDetector()) as site:
        customer = site.customer()
        http = customer.client
        customer.say(f"I am {PLANTED}")
        http.post("/api/conversations", json={"customer_token": signed, "previous_token": customer.token})
        http.get(
            f"/api/receipts/{PLANTED}", headers={"X-Forwarded-For": PLANTED, "User-Agent": PLANTED, "Referer": PLANTED}
        )
        for injected in ("%0d%0aERROR%20root%20forged", "%0aforged", "%1b[31mforged", "%e2%80%a8forged"):
            http.get(f"/api/{injected}", headers=customer.headers)
            http.get(f"/console/sign-in?next={injected}")
            http.post(
                "/console/sign-in",
                data={"login": "a\r\nforged", "password": PLANTED},
                headers={"Sec-Fetch-Site": "same-origin"},
            )
        http.request("PROPFIND", "/api/me", headers=customer.headers)
        secrets = [
            customer.token,
            signed,
            PLANTED,
            SITE_KEY,
            site.services.actions_secret,
            site.services.ring.derive("session-token").hex(),
        ]
    text = "\n".join(heard)
    assert heard, "the log was heard"
    assert "forged" not in text
    for secret in secrets:
        assert secret not in text


@pytest.mark.asvs("14.2.1", "7.2.1")
def test_no_answer_leads_to_an_address_with_a_secret_in_it(site: Site) -> None:
    customer = site.customer()
    paths = customer.client.get("/api/openapi.json").json()["paths"]
    for methods in paths.values():
        for operation in methods.values():
            for each in operation.get("parameters", ()):
                named = each["name"].lower()
                assert not (
                    each["in"] in ("query", "path") and ("token" in named or "secret" in named or "password" in named)
                )
    for path in ("/api/me/profile", "/api/me/export", "/"):
        answer = customer.client.get(path, headers=customer.headers)
        assert customer.token not in str(answer.url)
        assert customer.token not in answer.text


@pytest.mark.asvs("14.3.2", "14.2.2")
def test_answers_about_a_customer_are_kept_by_no_cache(site: Site) -> None:
    customer = site.customer()
    for path in ("/api/me/profile", "/api/me/export", f"/api/conversations/{customer.id}/messages", "/api/nowhere"):
        assert customer.client.get(path, headers=customer.headers).headers["cache-control"] == "no-store"
    refused = customer.client.post("/api/conversations", content=b"x" * 100_000)
    assert refused.status_code == 413
    assert refused.headers["cache-control"] == "no-store"
    assert "server" not in refused.headers


@pytest.mark.asvs("13.4.6", "13.4.2", "16.5.1")
def test_an_answer_names_no_version_and_no_part(services: Services, site: Site) -> None:
    answers = [
        httpx.get(site.url + path)
        for path in ("/nowhere", "/api/nowhere", "/healthz", "/widget/nothing", "/api/me/profile", "/readyz")
    ]
    for answer in answers:
        everything = (str(answer.headers) + answer.text).lower()
        for part in (
            "uvicorn",
            "starlette",
            "fastapi",
            "python",
            "sqlalchemy",
            "traceback",
            str(services.settings.home),
        ):
            assert part not in everything
