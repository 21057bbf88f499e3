"""The real application and database; somebody of each role who is signed in."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.staff import OPERATOR, Role
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.vault import Vault
from tests.conftest import Clock
from tests.console.reviewing import MakeTeam, Team
from tests.web.conftest import Customer, client, customer, services, settings

__all__ = ["Customer", "client", "customer", "services", "settings"]  # fixtures of the door

PASSWORD = "correct horse battery staple"
HERE = {"sec-fetch-site": "same-origin"}

Colleague = Callable[..., TestClient]


@pytest.fixture
def colleague(client: TestClient, services: Services) -> Colleague:
    """Makes somebody with these roles, signed in, in a browser of their own."""

    def make(*roles: Role, login: str = "") -> TestClient:
        login = login or "-".join(roles) or "nobody"
        account, _ = services.accounts.add(login, frozenset(roles), OPERATOR)
        browser = TestClient(
            client.app,
            base_url="https://testserver",
            headers=HERE,
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        browser.cookies.set("__Host-tactful-console", services.sign_in.fresh(account.id))
        browser.staff_id = account.id
        return browser

    return make


@pytest.fixture
def stranger(client: TestClient) -> TestClient:
    """A browser in which nobody is signed in."""
    return TestClient(
        client.app, base_url="https://testserver", headers=HERE, follow_redirects=False, raise_server_exceptions=False
    )


@pytest.fixture
def make_team(database: Database, policy: Policy, ring: KeyRing, vault: Vault, clock: Clock) -> MakeTeam:
    """Makes a team of reviewers with settings of its own."""
    return lambda **settings: Team(database, policy, ring, vault, clock, **settings)


@pytest.fixture
def team(make_team: MakeTeam) -> Team:
    """Reviewers of whom one judges a turn."""
    return make_team()
