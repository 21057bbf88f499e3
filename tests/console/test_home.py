"""The page one opens in the morning: what waits, how the last day was, what does not work; by one's roles."""

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.chat import handovers as line
from tactful.console.staff import EVERYONE, Role
from tests.console.conftest import Colleague
from tests.console.test_review_pages import said
from tests.web.conftest import Customer


def test_it_says_what_waits_and_leads_there(customer: Customer, services: Services, colleague: Colleague) -> None:
    said(customer, services, "where is my money, Ana asks")
    with services.database.begin() as tx:
        line.ask(tx, customer.id, "asked", services.clock())
    both = colleague(Role.AGENT, Role.REVIEWER).get("/console").text
    assert "Customer waits" in both
    assert 'href="/console/live"' in both
    assert 'href="/console/review?queue=low_confidence"' in both
    assert "where is my money" not in both
    alone = colleague(Role.REVIEWER).get("/console").text
    assert "Customer waits" not in alone
    assert "Messages answered" in alone


def test_who_has_nothing_to_do_is_told_so(client: TestClient, colleague: Colleague) -> None:
    assert "Nothing waits for you now." in colleague(Role.AGENT).get("/console").text


def test_a_trainer_is_told_the_next_step(colleague: Colleague) -> None:
    assert "No model waits" in colleague(Role.TRAINER).get("/console").text


@pytest.mark.parametrize("role", EVERYONE)
def test_an_assistant_that_is_down_is_told_to_all(role: Role, services: Services, colleague: Colleague) -> None:
    async def look() -> dict[str, str]:
        return {"engine": "no answer", "detector": "", "database": ""}

    services.readiness.look = look  # type: ignore[method-assign]
    page = colleague(role).get("/console")
    assert page.status_code == 200
    assert "The assistant does not answer now." in page.text
    assert "cannot be checked" not in page.text


@pytest.mark.parametrize(("typed", "page"), [("", "/console"), ("queues/", "/console/queues"), ("/x//", "/console//x")])
def test_a_slash_at_the_end_leads_to_the_page_without_one(typed: str, page: str, colleague: Colleague) -> None:
    answer = colleague(Role.REVIEWER).get(f"/console/{typed}?queue=missed")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{page}?queue=missed"


def test_a_dispute_waits_for_a_trainer_who_is_no_party_to_it(
    customer: Customer, services: Services, colleague: Colleague
) -> None:
    services.reviews.needed = 2
    turn = said(customer, services, "where is my money, Ana asks")
    party, other = colleague(Role.TRAINER, login="party"), colleague(Role.TRAINER, login="other")
    services.reviews.judge(turn, party.staff_id, "refund_request")
    services.reviews.judge(turn, "b" * 32, "billing_invoice")
    assert "Reviewers disagree" in other.get("/console").text
    assert "Reviewers disagree" not in party.get("/console").text
