"""What a page of another site can make a customer's or an agent's browser do: nothing, without the token."""

import httpx
import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.web.app import door_app
from tests.security.conftest import Site, serving
from tests.web.conftest import QuietDetector

OTHER = "https://evil.example"
SHOP = "https://shop.example"

pytestmark = pytest.mark.asvs("3.5.1", "3.5.2", "3.4.2")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"allowed_origins": [SHOP], "public_url": "https://chat.example"})


def preflight(client: TestClient, path: str, origin: str, method: str = "POST") -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return client.options(path, headers=asked | {"Access-Control-Request-Headers": "authorization,content-type"})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_only_pages_that_were_named_may_send_a_token(client: TestClient, method: str) -> None:
    assert preflight(client, "/api/me", SHOP, method).headers["access-control-allow-origin"] == SHOP
    for origin in (OTHER, "null", SHOP + ".evil.example", "http://shop.example", "https://xshop.example", ""):
        assert "access-control-allow-origin" not in preflight(client, "/api/me", origin, method).headers


def test_an_answer_is_given_to_no_other_page_and_never_with_cookies(client: TestClient) -> None:
    for path in ("/api/conversations", "/api/openapi.json", "/healthz", "/metrics"):
        answer = client.get(path, headers={"Origin": OTHER})
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers


def test_the_console_answers_no_page_of_another_origin(client: TestClient) -> None:
    for path in ("/console", "/console/sign-in", "/console/accounts"):
        for origin in (OTHER, SHOP):
            answer = client.get(path, headers={"Origin": origin}, follow_redirects=False)
            assert "access-control-allow-origin" not in answer.headers
            assert "access-control-allow-origin" not in preflight(client, path, origin).headers


@pytest.mark.asvs("3.5.3", "4.1.4")
def test_nothing_is_changed_by_what_a_link_or_an_image_can_send(client: TestClient) -> None:
    """GET and HEAD change nothing: every act is another method."""
    acting = {"POST", "PUT", "PATCH", "DELETE"}
    for path, methods in client.get("/api/openapi.json").json()["paths"].items():
        reading = {name.upper() for name in methods} - acting
        assert reading <= {"GET"}, path
    for method in ("GET", "HEAD"):
        for path in ("/console/sign-out", "/console/account/password"):
            assert client.request(method, path, follow_redirects=False).status_code in (303, 404, 405)


def test_a_form_of_another_page_cannot_act_for_a_customer(client: TestClient) -> None:
    """What needs no preflight (forms, text) has no token in it, and cookies are not looked at."""
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
        for method, path in (
            ("POST", "/api/me/import"),
            ("POST", "/api/me/merge"),
            ("POST", "/api/conversations/x/messages"),
        ):
            answer = client.request(
                method, path, content=b"{}", headers={"Origin": OTHER, "Content-Type": kind, "Cookie": "a=b"}
            )
            assert answer.status_code == 401


@pytest.mark.asvs("3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6")
@pytest.mark.parametrize(
    "path",
    ["/", "/widget.js", "/privacy", "/api/docs", "/healthz", "/nowhere", "/console/sign-in", "/console/static/x"],
)
def test_every_answer_has_what_browsers_need(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors "):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert int(headers["strict-transport-security"].removeprefix("max-age=")) >= 31_536_000


@pytest.mark.asvs("3.4.1")
def test_over_plain_http_nothing_is_promised_about_https(services) -> None:  # type: ignore[no-untyped-def]
    services.settings.public_url = ""
    assert "strict-transport-security" not in TestClient(door_app(services)).get("/healthz").headers


@pytest.mark.browser
def test_in_a_browser_another_origin_hears_nothing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, policy: Policy
) -> None:
    """Events of a conversation, asked for by a page of another origin that even knows the id and the token."""
    home = tmp_path_factory.mktemp("origins")
    with serving(home, policy, detector=QuietDetector(), allowed_origins=[SHOP]) as site:
        customer = site.customer()
        customer.say("a secret")
        page = browser.new_page()
        page.goto(f"http://localhost:{site.port}/nowhere")  # another origin than 127.0.0.1
        # The page's own policy would stop it sooner; an attacker's page has none.
        page.route("**/attack", lambda route: route.fulfill(body="<p>x</p>", content_type="text/html"))
        page.goto(f"http://localhost:{site.port}/attack")
        heard = page.evaluate(
            """async ([path, token]) => {
              const tries = [];
              const headers = {Authorization: `Bearer ${token}`};
              const take = (where, how) => fetch(path + where, how).then((r) => r.status, () => 'refused');
              tries.push(await take('/messages', {headers}));
              tries.push(await take('/messages', {credentials: 'include'}));
              tries.push(await take('/events', {headers}));
              tries.push(await new Promise((done) => {
                const source = new EventSource(path + '/events?token=' + token);
                source.onmessage = source.onopen = () => done('heard');
                source.onerror = () => { source.close(); done('refused'); };
              }));
              return tries;
            }""",
            [f"{site.url}/api/conversations/{customer.id}", customer.token],
        )
        page.close()
        assert heard == ["refused"] * 4


@pytest.mark.asvs("3.5.6", "3.5.7")
def test_scripts_hold_nothing_of_anybody_and_there_is_no_jsonp(site: Site) -> None:
    one, other = site.customer(), site.customer()
    scripts = [
        httpx.get(f"{site.url}/widget.js", headers=each.headers, params={"callback": "steal"}).text
        for each in (one, other)
    ]
    assert scripts[0] == scripts[1]
    asked = one.client.get(f"/api/conversations/{one.id}/messages", params={"callback": "steal"}, headers=one.headers)
    assert asked.text.startswith("{")
