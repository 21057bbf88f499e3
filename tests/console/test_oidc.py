"""Signing in at the company's own sign-in, against a real provider that listens on loopback."""

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.config import Settings
from tactful.console.access import COOKIE
from tactful.console.oidc import Provider
from tactful.console.pages.oidc import TICKET
from tactful.console.staff import OPERATOR, Role
from tactful.errors import SetupError, Unavailable
from tactful.store.audit import Act
from tactful.store.tables import audit, staff
from tests.conftest import free_port
from tests.console.conftest import HERE, PASSWORD

pytestmark = pytest.mark.asvs("10.1.2", "10.2.1", "10.2.2", "10.5.1", "10.5.2")

PEOPLE = {
    "s-1": {"name": "Ada Marlowe", "preferred_username": "ada", "email": "ada@example.com", "roles": ["support", "x"]},
    "s-2": {"name": "Ben Okafor", "preferred_username": "ben", "roles": ["sales"]},
    "s-3": {"name": "Cyd Moreau", "preferred_username": "kim", "roles": "lead"},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own, with three people."""
    port = free_port()
    known = [f"--user-claims={json.dumps({'sub': sub, **claims})}" for sub, claims in PEOPLE.items()]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "1"]
    process = subprocess.Popen([*command, *known], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{url}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        else:
            pytest.fail("the provider did not start")
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    changed = {
        "oidc_issuer": issuer,
        "oidc_client_id": "tactful",
        "oidc_client_secret": "s3cret",
        "oidc_roles": {"support": "agent,reviewer", "lead": "administrator"},
        "public_url": "https://testserver",
    }
    return settings.model_copy(update=changed)


@dataclass
class Visit:
    """A browser on its way through the provider."""

    browser: TestClient
    asked: str = ""
    answered: str = ""

    def leave(self, next: str = "") -> "Visit":
        self.asked = self.browser.get("/console/oidc", params={"next": next}).headers["location"]
        return self

    def agree(self, sub: str) -> "Visit":
        """Name oneself at the provider; it sends the browser back."""
        answer = httpx.post(self.asked, data={"sub": sub}, follow_redirects=False)
        self.answered = answer.headers["location"]
        return self

    def come_back(self) -> httpx.Response:
        parts = urlsplit(self.answered)
        return self.browser.get(f"{parts.path}?{parts.query}")


@pytest.fixture
def visit(stranger: TestClient) -> Visit:
    return Visit(stranger)


def toast(answer: httpx.Response) -> str:
    return unquote(answer.headers["set-cookie"].split("tactful-console-toast=")[1].split(";")[0].strip('"'))


def test_who_the_company_knows_comes_in_with_the_roles_of_the_claim(visit: Visit, services: Services) -> None:
    answer = visit.leave("/console/account").agree("s-1").come_back()
    assert answer.headers["location"] == "/console/account"
    account = services.accounts.listed()[0]
    assert (account.login, account.name, account.roles) == ("ada", "Ada Marlowe", {Role.AGENT, Role.REVIEWER})
    assert account.elsewhere
    assert "Ada Marlowe" in visit.browser.get("/console/account").text


def test_the_same_person_comes_back_to_the_same_account(visit: Visit, services: Services) -> None:
    for _ in range(2):
        visit.leave().agree("s-1").come_back()
    assert len(services.accounts.listed()) == 1
    with services.database.read() as tx:
        acts = list(tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars())
    assert acts == [Act.ACCOUNT_ADDED, Act.SIGNED_IN, Act.SIGNED_IN]


def test_roles_follow_the_provider_at_each_sign_in(visit: Visit, services: Services) -> None:
    visit.leave().agree("s-1").come_back()
    account = services.accounts.listed()[0]
    with services.database.begin() as tx:
        tx.execute(staff.update().values(roles="administrator,agent"))
    visit.leave().agree("s-1").come_back()
    assert services.accounts.get(account.id).roles == {Role.AGENT, Role.REVIEWER}


def test_who_has_no_role_does_not_come_in_and_leaves_no_account(visit: Visit, services: Services) -> None:
    answer = visit.leave().agree("s-2").come_back()
    assert answer.headers["location"] == "/console/sign-in"
    assert "no role here" in toast(answer)
    assert services.accounts.listed() == []
    assert COOKIE not in visit.browser.cookies


def test_an_account_with_a_password_is_not_taken_over_by_name(visit: Visit, services: Services) -> None:
    kim, token = services.accounts.add("kim", frozenset({Role.AGENT}), OPERATOR)
    services.accounts.accept(token, password=PASSWORD)
    visit.leave().agree("s-3").come_back()
    assert services.accounts.get(kim.id).roles == {Role.AGENT}
    other = next(each for each in services.accounts.listed() if each.id != kim.id)
    assert other.login.startswith("kim-")
    assert other.roles == {Role.ADMINISTRATOR}


def test_an_account_that_was_disabled_here_stays_out(visit: Visit, services: Services) -> None:
    visit.leave().agree("s-1").come_back()
    services.accounts.add("ada2", frozenset({Role.ADMINISTRATOR}), OPERATOR)
    services.accounts.disable(next(a.id for a in services.accounts.listed() if a.elsewhere), OPERATOR)
    assert "disabled" in toast(visit.leave().agree("s-1").come_back())


def test_state_nonce_and_pkce_are_new_each_time(visit: Visit) -> None:
    asked = [parse_qs(urlsplit(visit.leave().asked).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 20
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == ["https://testserver/console/oidc/callback"]


def test_an_answer_that_another_browser_asked_for_is_refused(visit: Visit, client: TestClient) -> None:
    visit.leave().agree("s-1")
    other = TestClient(client.app, base_url="https://testserver", headers=HERE, follow_redirects=False)
    assert "not begun in this browser" in toast(Visit(other, answered=visit.answered).come_back())
    own = Visit(other).leave()
    own.answered = visit.answered
    assert "not begun in this browser" in toast(own.come_back())


def test_an_answer_is_good_once(visit: Visit, services: Services) -> None:
    visit.leave().agree("s-1")
    ticket = visit.browser.cookies[TICKET]
    visit.come_back()
    visit.browser.cookies.delete(COOKIE)
    assert "not begun in this browser" in toast(visit.come_back())  # the ticket was taken back
    visit.browser.cookies.set(TICKET, ticket)
    assert "not begun in this browser" in toast(visit.come_back())  # and the provider's code is used up


def test_the_challenge_is_of_the_verifier_that_the_browser_brings_back(visit: Visit, services: Services) -> None:
    asked = parse_qs(urlsplit(visit.leave().asked).query)
    verifier = services.oidc._signer.loads(visit.browser.cookies[TICKET])["code_verifier"]
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert asked["code_challenge"] == [challenge]


def test_a_token_for_another_nonce_is_refused(visit: Visit, services: Services) -> None:
    visit.leave().agree("s-1")
    signer = services.oidc._signer
    kept = signer.loads(visit.browser.cookies[TICKET])
    visit.browser.cookies.delete(TICKET)
    visit.browser.cookies.set(TICKET, signer.dumps({**kept, "nonce": "x" * 48}))
    assert "not begun in this browser" in toast(visit.come_back())
    assert COOKIE not in visit.browser.cookies


def test_who_says_no_at_the_provider_is_told_so(visit: Visit) -> None:
    visit.leave()
    state = parse_qs(urlsplit(visit.asked).query)["state"][0]
    visit.answered = f"/console/oidc/callback?error=access_denied&state={state}"
    assert "did not let you in" in toast(visit.come_back())


def test_another_providers_answer_is_refused(visit: Visit) -> None:
    visit.leave().agree("s-1")
    visit.answered += "&iss=https://evil.example"
    assert "not begun" in toast(visit.come_back())


def test_the_sign_in_page_offers_it_and_an_account_has_no_password_to_reset(
    visit: Visit, stranger: TestClient, services: Services
) -> None:
    assert "/console/oidc?next=/console/account" in stranger.get("/console/sign-in?next=/console/account").text
    visit.leave().agree("s-1").come_back()
    with pytest.raises(Exception, match="own sign-in"):
        services.accounts.reset(services.accounts.listed()[0].id, OPERATOR)


async def refused(settings: Settings) -> None:
    await Provider(settings, b"k" * 32).begin("/console")


def test_a_provider_that_is_away_is_said_to_be(settings: Settings) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        asyncio.run(refused(settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:1"})))


@pytest.mark.parametrize(
    "wrong", [{"oidc_issuer": "http://idp.example"}, {"oidc_issuer": "ftp://x"}, {"oidc_roles": {"a": "boss"}}]
)
def test_settings_that_cannot_be_meant_are_refused(settings: Settings, wrong: dict[str, object]) -> None:
    with pytest.raises(SetupError):
        Provider(settings.model_copy(update=wrong), b"k" * 32)
