"""Every role × every route, generated from the routes: who may come in, and that the rest looks like nothing."""

import re
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.access import ANYBODY, gated
from tactful.console.staff import EVERYONE, OPERATOR, Role
from tests.conftest import ROOT
from tests.console.conftest import Colleague

pytestmark = pytest.mark.asvs("8.2.1", "8.3.1", "8.3.2")

OPEN = {
    ("/console/sign-in", "GET"),
    ("/console/sign-in", "POST"),
    ("/console/sign-out", "POST"),
    ("/console/link/{token}", "GET"),
    ("/console/link/{token}", "POST"),
}


def cells(app) -> list[tuple[str, str, frozenset[Role]]]:
    """(path, method, roles) of every route with a gate."""
    return [
        (route.path, method, gate.roles)
        for route, gate in gated(app.state.console_routes)
        for method in sorted(route.methods)
    ]


def every(routes) -> list:
    """Routes as the application has them, those of its routers too."""
    return [
        each
        for route in routes
        for each in (every(route.original_router.routes) if hasattr(route, "original_router") else [route])
    ]


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "0" * 32, path)


def test_every_route_of_the_console_has_a_gate_or_is_meant_to_be_open(client: TestClient) -> None:
    guarded = {(path, method) for path, method, _ in cells(client.app)}
    all_of_them = {
        (route.path, method)
        for route in every(client.app.routes)
        if getattr(route, "path", "").startswith("/console") and hasattr(route, "methods")
        for method in route.methods - {"HEAD"}
    }
    assert {each for each in all_of_them if each[0] != "/console/{path:path}"} - guarded == OPEN | {
        each for each in all_of_them if "/oidc" in each[0]
    }


@pytest.mark.parametrize("role", EVERYONE)
def test_each_role_gets_into_its_own_routes_and_finds_nothing_behind_the_others(
    role: Role, client: TestClient, colleague: Colleague
) -> None:
    browser = colleague(role)
    nothing = browser.get("/console/no/such/page")
    assert nothing.status_code == 404
    for path, method, roles in cells(client.app):
        answer = browser.request(method, filled(path))
        if role in roles:
            forbidden = answer.status_code == 404 and answer.content == nothing.content and "{" not in path
            assert not forbidden, f"{role} should get into {method} {path}"
            assert answer.status_code != 401, f"{role} should be known at {method} {path}"
        else:
            assert answer.status_code == 404, f"{role} must not get into {method} {path}"
            assert answer.content == nothing.content.replace(b"/console/no/such/page", filled(path).encode())


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_from_every_path_alike(
    client: TestClient, stranger: TestClient
) -> None:
    for path, method, _ in [*cells(client.app), ("/console/no/such/page", "GET", None), ("/console/x", "POST", None)]:
        answer = stranger.request(method, filled(path))
        assert answer.status_code == 303, f"{method} {path}"
        back = "?next=" + filled(path) if method == "GET" and path != "/console" else ""
        assert answer.headers["location"] == f"/console/sign-in{back}"


def test_no_route_is_open_to_nobody(client: TestClient) -> None:
    assert all(roles for _, _, roles in cells(client.app))


def test_the_home_page_is_everybodys(client: TestClient) -> None:
    assert ("/console", "GET", ANYBODY.roles) in cells(client.app)


def test_an_htmx_request_of_somebody_signed_out_leads_the_whole_page_to_the_sign_in(stranger: TestClient) -> None:
    answer = stranger.post(
        "/console/accounts",
        headers={"hx-request": "true", "hx-current-url": "https://testserver/console/accounts?page=2"},
    )
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/console/sign-in?next=/console/accounts%3Fpage%3D2"


@pytest.mark.asvs("3.7.2")
@pytest.mark.parametrize(
    "next",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/console/../x\r\n", "/elsewhere", "", "/consoleX"],
)
def test_the_way_back_leads_nowhere_else(next: str, colleague: Colleague) -> None:
    answer = colleague(Role.AGENT).get("/console/sign-in", params={"next": next})
    assert answer.headers["location"] == "/console"


def test_roles_hold_from_the_next_request_on(colleague: Colleague, services: Services) -> None:
    colleague(Role.ADMINISTRATOR)
    browser = colleague(Role.AGENT)
    assert browser.get("/console/accounts").status_code == 404
    services.accounts.set_roles(browser.staff_id, frozenset({Role.ADMINISTRATOR}), OPERATOR)
    assert browser.get("/console/accounts").status_code == 200


def test_answers_of_the_console_are_not_kept_and_not_framed(stranger: TestClient, colleague: Colleague) -> None:
    for answer in (stranger.get("/console/sign-in"), colleague(Role.AUDITOR).get("/console")):
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_what_was_made_elsewhere_is_what_is_written_beside_it() -> None:
    folder = ROOT / "tactful/console/static"
    listed = dict(re.findall(r"^\| (\S+\.js) \|.* ([0-9a-f]{64}) \|$", (folder / "VENDORED.md").read_text(), re.M))
    assert listed
    for name, digest in listed.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == digest
