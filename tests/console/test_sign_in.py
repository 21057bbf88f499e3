"""Signing in and out: cookies, rotation, lock-out, one-time links, and acts that come from elsewhere."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.access import COOKIE
from tactful.console.links import Links
from tactful.console.lockout import Lockout
from tactful.console.sessions import Sessions
from tactful.console.staff import OPERATOR, Role
from tactful.errors import TooMany, Unauthorised
from tactful.store.audit import Act
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import audit, sign_in_failures, staff, staff_links, staff_sessions
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, Colleague


@pytest.fixture
def kim(client: TestClient, services: Services) -> str:
    """An account with a password; its id."""
    account, token = services.accounts.add("kim", frozenset({Role.REVIEWER}), OPERATOR, "Kim")
    services.accounts.accept(token, password=PASSWORD)
    return account.id


def enter(browser: TestClient, login: str = "kim", password: str = PASSWORD, **more: str):
    return browser.post("/console/sign-in", data={"login": login, "password": password, **more})


def acts(services: Services) -> list[str]:
    with services.database.read() as tx:
        return list(tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars())


def test_who_signs_in_comes_back_to_where_they_were(kim: str, stranger: TestClient) -> None:
    answer = enter(stranger, next="/console/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/account")
    assert "Kim" in stranger.get("/console/account").text


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
def test_the_cookie_is_for_this_origin_over_tls_and_no_script(kim: str, stranger: TestClient) -> None:
    cookie = enter(stranger).headers["set-cookie"].lower()
    assert cookie.startswith("__host-tactful-console=")
    for part in ("secure", "httponly", "samesite=lax", "path=/"):
        assert part in cookie.split("; ")
    assert "domain" not in cookie


def test_the_store_has_neither_token_nor_password(kim: str, stranger: TestClient, services: Services) -> None:
    enter(stranger)
    token = stranger.cookies[COOKIE]
    with services.database.read() as tx:
        everything = repr(
            [tuple(row) for table in (staff, staff_sessions, staff_links) for row in tx.execute(select(table))]
        )
        stored = tx.execute(select(staff.c.password)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert token not in everything
    assert PASSWORD not in everything


@pytest.mark.asvs("7.2.4")
def test_signing_in_rotates_the_session(kim: str, stranger: TestClient, services: Services) -> None:
    enter(stranger)
    before = stranger.cookies[COOKIE]
    enter(stranger)
    assert stranger.cookies[COOKIE] != before
    assert services.staff_sessions.find(before) is None


@pytest.mark.asvs("7.4.1", "16.3.1")
def test_signing_out_ends_the_session_on_the_server(kim: str, stranger: TestClient, services: Services) -> None:
    enter(stranger)
    token = stranger.cookies[COOKIE]
    stranger.post("/console/sign-out")
    assert services.staff_sessions.find(token) is None
    assert acts(services)[-2:] == [Act.SIGNED_IN, Act.SIGNED_OUT]


@pytest.mark.asvs("6.3.8")
@pytest.mark.parametrize(
    ("login", "password"), [("kim", "wrong"), ("nobody", PASSWORD), ("not a name!", "x"), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    kim: str, stranger: TestClient, login: str, password: str
) -> None:
    answer, known = enter(stranger, login, password), enter(stranger, "kim", "quite wrong")
    assert answer.status_code == known.status_code == 401
    assert answer.text.replace(f'value="{login}"', "") == known.text.replace('value="kim"', "")
    assert COOKIE not in answer.cookies


@pytest.mark.asvs("7.4.2")
def test_a_disabled_account_gets_that_answer_too_and_its_sessions_end(
    kim: str, stranger: TestClient, services: Services, colleague: Colleague
) -> None:
    colleague(Role.ADMINISTRATOR)
    enter(stranger)
    services.accounts.disable(kim, OPERATOR)
    assert stranger.get("/console").status_code == 303
    assert enter(stranger).text == enter(stranger, "kim", "wrong").text


@pytest.mark.asvs("6.3.1", "16.3.1")
def test_after_failures_one_waits_ever_longer_whether_or_not_the_account_exists(
    kim: str, stranger: TestClient, services: Services
) -> None:
    for login in ("kim", "nobody"):
        refusals = [enter(stranger, login, "wrong").status_code for _ in range(Lockout.ACCOUNT_FAILURES + 1)]
        assert refusals == [401] * Lockout.ACCOUNT_FAILURES + [429]
    locked = enter(stranger)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 30
    assert acts(services).count(Act.SIGN_IN_REFUSED) == 2 * Lockout.ACCOUNT_FAILURES


def test_the_time_grows_and_has_an_end(database: Database, ring: KeyRing, clock: Clock) -> None:
    lockout, waits = Lockout(database, ring, clock), []
    for number in range(30):
        attempt = lockout.begin("kim", f"10.0.0.{number}")
        if isinstance(attempt, int):
            waits.append(attempt)
            clock.forward(seconds=attempt)
    assert waits[:4] == [30, 60, 120, 240]
    assert max(waits) == 900
    clock.forward(days=1.01)
    assert not isinstance(lockout.begin("kim", "10.0.0.1"), int)


@pytest.mark.asvs("6.3.1")
def test_many_accounts_tried_from_one_address_lock_the_address(database: Database, ring: KeyRing, clock: Clock) -> None:
    lockout = Lockout(database, ring, clock)
    answers = [lockout.begin(f"name{number}", "2001:db8::1") for number in range(Lockout.ADDRESS_FAILURES)]
    assert not [each for each in answers if isinstance(each, int)]
    assert lockout.begin("another", "2001:db8::ffff") == 30  # the same network
    assert not isinstance(lockout.begin("another", "2001:db8:1::1"), int)


def test_an_account_of_ones_own_does_not_clear_the_address(database: Database, ring: KeyRing, clock: Clock) -> None:
    lockout, refused = Lockout(database, ring, clock), 0
    for number in range(2 * Lockout.ADDRESS_FAILURES):
        lockout.begin(f"victim{number}", "10.0.0.1")
        own = lockout.begin("own", "10.0.0.1")
        if isinstance(own, int):
            refused += 1
        else:
            lockout.succeeded(own)
    assert refused


def test_attempts_at_once_are_all_counted(database: Database, ring: KeyRing, clock: Clock) -> None:
    lockout = Lockout(database, ring, clock)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: lockout.begin("kim", "10.0.0.1"), range(24)))
    assert len([each for each in answers if not isinstance(each, int)]) == Lockout.ACCOUNT_FAILURES


def test_what_is_kept_of_failures_names_nobody(database: Database, ring: KeyRing, clock: Clock) -> None:
    Lockout(database, ring, clock).begin("kim@example.com", "192.0.2.7")
    with database.read() as tx:
        kept = repr(tx.execute(select(sign_in_failures)).all())
    assert "kim" not in kept
    assert "192.0.2" not in kept


@pytest.mark.asvs("7.3.1", "7.3.2")
def test_a_session_ends_when_idle_and_in_any_case(database: Database, ring: KeyRing, clock: Clock) -> None:
    sessions = Sessions(database, ring, clock, idle_minutes=60, hours=12)
    with database.begin() as tx:
        tx.execute(staff.insert().values(id="a" * 32, login="a", name="A", roles="agent", created_at=1))
        one, other = sessions.begin(tx, "a" * 32), sessions.begin(tx, "a" * 32)
    clock.forward(seconds=59 * 60)
    assert sessions.find(one)
    assert sessions.find(other, seen=False)
    clock.forward(seconds=59 * 60)
    assert sessions.find(one)
    assert sessions.find(other) is None  # a page that asks by itself keeps nothing alive
    for _ in range(11):
        clock.forward(seconds=58 * 60)
        sessions.find(one)
    assert sessions.find(one) is None


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "https://testserver"}, 403),
        ({"origin": "https://testserver"}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://testserver.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_an_act_counts_only_from_a_page_of_the_console_itself(
    kim: str, client: TestClient, headers: dict[str, str], status: int
) -> None:
    browser = TestClient(client.app, base_url="https://testserver", follow_redirects=False)
    answer = browser.post("/console/sign-in", data={"login": "kim", "password": PASSWORD}, headers=headers)
    assert answer.status_code == status


@pytest.mark.asvs("6.4.1")
def test_the_first_administrator_comes_by_a_link_that_works_once(stranger: TestClient, services: Services) -> None:
    token = services.accounts.first_link()
    assert token
    assert "first administrator" in stranger.get(f"/console/link/{token}").text
    form = {"name": "Ada", "login": "ada@example.com", "password": PASSWORD, "again": PASSWORD}
    assert stranger.post(f"/console/link/{token}", data=form).headers["location"] == "/console"
    assert stranger.get("/console/accounts").status_code == 200
    assert services.accounts.first_link() is None
    assert stranger.get(f"/console/link/{token}").status_code == 404
    assert stranger.post(f"/console/link/{token}", data=form).status_code == 404


def test_a_newer_first_link_ends_the_older_and_an_account_ends_both(services: Services, stranger: TestClient) -> None:
    older, newer = services.accounts.first_link(), services.accounts.first_link()
    assert stranger.get(f"/console/link/{older}").status_code == 404
    services.accounts.add("ada", frozenset({Role.ADMINISTRATOR}), OPERATOR)
    form = {"name": "Eve", "login": "eve", "password": PASSWORD, "again": PASSWORD}
    assert stranger.post(f"/console/link/{newer}", data=form).status_code == 404


@pytest.mark.asvs("6.2.1", "6.2.11")
@pytest.mark.parametrize(
    "password", ["short", "kim kim kim kim", "passwordpassword", "aaaaaaaaaaaaaaaa", "password1234567", "x" * 300]
)
def test_a_weak_password_is_refused_and_the_link_still_works(
    stranger: TestClient, services: Services, password: str
) -> None:
    _, token = services.accounts.add("kim", frozenset({Role.AGENT}), OPERATOR)
    answer = stranger.post(f"/console/link/{token}", data={"password": password, "again": password})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert stranger.post(f"/console/link/{token}", data={"password": PASSWORD, "again": PASSWORD}).status_code == 303


def test_a_link_of_yesterday_is_too_old(services: Services, database: Database, clock: Clock, ring: KeyRing) -> None:
    links = Links(ring, clock, hours=24)
    with database.begin() as tx:
        token = links.make(tx, None)
        clock.forward(seconds=24 * 3600 + 1)
        assert links.use(tx, token) is None


def test_of_two_who_use_a_link_at_once_one_gets_it(services: Services, client: TestClient) -> None:
    token = services.accounts.first_link()
    assert token

    def use(login: str) -> bool:
        try:
            services.accounts.accept(token, password=PASSWORD, login=login, name=login)
        except Exception:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, ["ada", "bob", "cyd", "dan"])) == 1
    assert len(services.accounts.listed()) == 1


@pytest.mark.asvs("6.2.3", "7.4.3")
def test_changing_the_password_ends_every_other_session(
    kim: str, client: TestClient, stranger: TestClient, services: Services
) -> None:
    elsewhere = services.sign_in.fresh(kim)
    enter(stranger)
    form = {"old": PASSWORD, "password": "another battery staple", "again": "another battery staple"}
    assert stranger.post("/console/account/password", data=form | {"old": "wrong"}).status_code == 400
    assert stranger.post("/console/account/password", data=form | {"again": "different"}).status_code == 400
    assert stranger.post("/console/account/password", data=form).status_code == 303
    assert stranger.get("/console").status_code == 200
    assert services.staff_sessions.find(elsewhere) is None
    with pytest.raises(Unauthorised):
        services.sign_in.with_password("kim", PASSWORD, "10.0.0.1")


def test_a_locked_account_opens_again_by_itself(services: Services, kim: str) -> None:
    for _ in range(Lockout.ACCOUNT_FAILURES):
        with pytest.raises(Unauthorised):
            services.sign_in.with_password("kim", "wrong", "10.0.0.1")
    with pytest.raises(TooMany):
        services.sign_in.with_password("kim", PASSWORD, "10.0.0.1")
    with services.database.begin() as tx:
        tx.execute(sign_in_failures.update().values(locked_until=0))
    assert services.sign_in.with_password("kim", PASSWORD, "10.0.0.1")
