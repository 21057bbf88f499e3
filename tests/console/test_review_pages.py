"""The review pages over the real application: what is on them, what they do, and what hostile words become."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.chat.engine import Intent, Outcome, Said
from tactful.console.staff import Role
from tactful.store.tables import audit, turns
from tests.console.conftest import Colleague
from tests.web.conftest import Customer

HOSTILE = '<img src=x onerror=alert(1)>{{ 7*7 }}\u202egnp.exe =HYPERLINK("x")'


@pytest.fixture
def reviewer(colleague: Colleague) -> TestClient:
    return colleague(Role.REVIEWER)


@pytest.fixture
def chatted(customer: Customer, services: Services) -> int:
    """A customer who allows reading has said something unclear; the turn's id."""
    return said(customer, services, "where is my money, Ana asks")


def said(customer: Customer, services: Services, text: str, confidence: float = 0.4) -> int:
    services.engine.answer = lambda _: Outcome(
        messages=[Said(text="Which refund?")],
        intent=Intent(name="refund_request", confidence=confidence),
        ranking=[
            Intent(name="refund_request", confidence=confidence),
            Intent(name="billing_invoice", confidence=0.3),
            Intent(name="booking_cancel", confidence=0.1),
        ],
        model="m1",
    )
    customer.client.put("/api/me/consents", json={"human_review": True}, headers=customer.headers)
    customer.say(text)
    with services.database.read() as tx:
        found: int = tx.execute(select(func.max(turns.c.id))).scalar_one()
    return found


def test_the_queues_say_how_much_waits_and_why(reviewer: TestClient, chatted: int) -> None:
    shown = reviewer.get("/console/queues").text
    assert "Unsure" in shown
    assert "/console/review?queue=low_confidence" in shown
    assert "Nothing looks as if the detector had missed it." in shown


def test_an_empty_installation_teaches(reviewer: TestClient) -> None:
    assert "Nothing waits." in reviewer.get("/console/queues").text
    assert "Messages come here once" in reviewer.get("/console/search").text


def test_lists_show_no_words(reviewer: TestClient, chatted: int) -> None:
    shown = reviewer.get("/console/search?q=money").text
    assert f"/console/turns/{chatted}" in shown
    assert "where is my money" not in shown


def test_the_transcript_shows_chips_intents_and_is_audited(
    reviewer: TestClient, chatted: int, services: Services
) -> None:
    shown = reviewer.get(f"/console/turns/{chatted}").text
    assert "where is my money, " in shown
    assert 'data-placeholder="PERSON_1" data-words="name 1"' in shown
    assert "Ana" not in shown
    assert "Find an invoice" in shown
    with services.database.read() as tx:
        assert tx.execute(select(audit.c.fields).where(audit.c.act == "transcript.read")).scalars().all() == [
            "human_review,transcript"
        ]


def test_a_verdict_goes_on_to_the_next_and_is_undone(
    reviewer: TestClient, customer: Customer, chatted: int, services: Services
) -> None:
    newer = said(customer, services, "and my invoice?")
    begun = reviewer.get("/console/review?queue=low_confidence")
    assert urlsplit(begun.headers["location"]).path == f"/console/turns/{newer}"
    done = reviewer.post(f"/console/turns/{newer}/verdict?queue=low_confidence", data={"intent": "billing_invoice"})
    where = urlsplit(done.headers["location"])
    assert where.path == f"/console/turns/{chatted}"
    assert parse_qs(where.query) == {"queue": ["low_confidence"], "last": [str(newer)]}
    assert "Undo the last verdict" in reviewer.get(done.headers["location"]).text
    last = reviewer.post(f"/console/turns/{chatted}/verdict?queue=low_confidence", data={"none": "true"})
    assert last.headers["location"].startswith("/console/finished")
    assert "All done here" in reviewer.get(last.headers["location"]).text
    reviewer.post(f"/console/turns/{chatted}/undo?queue=low_confidence")
    assert (
        reviewer.get("/console/review?queue=low_confidence").headers["location"].startswith(f"/console/turns/{chatted}")
    )


def test_an_intent_that_does_not_exist_leaves_the_turn_as_it_was(reviewer: TestClient, chatted: int) -> None:
    refused = reviewer.post(f"/console/turns/{chatted}/verdict?queue=low_confidence", data={"intent": "nonsense"})
    assert refused.headers["location"] == f"/console/turns/{chatted}?queue=low_confidence#now"
    assert "Choose one from the list." in reviewer.get(refused.headers["location"]).text
    assert "Accept" in reviewer.get(f"/console/turns/{chatted}").text


def test_an_intent_may_be_typed_as_it_is_read(reviewer: TestClient, chatted: int, services: Services) -> None:
    reviewer.post(f"/console/turns/{chatted}/verdict", data={"intent": "cancel a booking"})
    with services.database.read() as tx:
        assert tx.execute(select(turns.c.final_intent).where(turns.c.id == chatted)).scalar_one() == "booking_cancel"


def test_who_comes_second_is_told(reviewer: TestClient, colleague: Colleague, chatted: int) -> None:
    reviewer.get(f"/console/turns/{chatted}")
    other = colleague(Role.TRAINER)
    assert "A colleague is reviewing this one" in other.get(f"/console/turns/{chatted}").text
    assert other.get("/console/review").headers["location"].startswith("/console/finished")


def test_notes_labels_flags_and_assigning_change_their_part_of_the_page(reviewer: TestClient, chatted: int) -> None:
    def act(path: str, **data: str) -> str:
        answer = reviewer.post(f"/console/turns/{chatted}/{path}", data=data, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer.text
        assert "HX-Trigger" in answer.headers
        return answer.text

    assert "PERSON_1 is upset" in act("notes", text="Ana is upset")
    assert "late refund" in act("labels", name="Late  refund")
    assert "selected>me" in act("assign", to=reviewer.staff_id)
    assert "Take the flag off" in act("flag", on="true")
    assert "Flag <kbd>" in act("flag", on="false")


def test_what_a_customer_does_not_allow_looks_like_nothing(
    reviewer: TestClient, customer: Customer, chatted: int
) -> None:
    customer.client.put("/api/me/consents", json={"human_review": False}, headers=customer.headers)
    assert reviewer.get(f"/console/turns/{chatted}").status_code == 404
    assert reviewer.get(f"/console/conversations/{customer.id}").headers["location"].startswith("/console/turns/")
    assert f"/console/turns/{chatted}" not in reviewer.get("/console/search").text
    assert "nobody may read" in reviewer.get("/console/queues").text


def test_hostile_words_are_shown_as_words(reviewer: TestClient, customer: Customer, services: Services) -> None:
    turn = said(customer, services, HOSTILE)
    shown = reviewer.get(f"/console/turns/{turn}").text
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}" in shown
    asked = reviewer.get("/console/search", params={"q": HOSTILE, "intent": HOSTILE}).text
    assert "<img" not in asked.replace('<img src="/widget', "")
    noted = reviewer.post(f"/console/turns/{turn}/notes", data={"text": HOSTILE}, headers={"hx-request": "true"}).text
    assert "<img src=x" not in noted


def test_views_are_saved_and_removed(reviewer: TestClient, chatted: int) -> None:
    reviewer.post("/console/views?intent=refund_request", data={"name": "Refunds", "shared": "true"})
    shown = reviewer.get("/console/queues").text
    assert "Refunds" in shown
    view = shown.partition('action="/console/views/')[2].partition("/")[0]
    reviewer.post(f"/console/views/{view}/remove")
    assert "Refunds" not in reviewer.get("/console/queues").text.partition("Saved views")[2]


def test_a_bulk_act_is_seen_done_and_undone(reviewer: TestClient, chatted: int) -> None:
    seen = reviewer.get("/console/bulk?queue=low_confidence&act=correct&value=billing_invoice").text
    assert "1 message would be corrected to “Find an invoice”" in seen
    up_to = seen.partition('name="up_to" value="')[2].partition('"')[0]
    reviewer.post(
        "/console/bulk?queue=low_confidence", data={"act": "correct", "value": "billing_invoice", "up_to": up_to}
    )
    shown = reviewer.get("/console/queues").text
    assert "Corrected: 1" in shown
    undo = shown.partition('action="/console/bulk/')[2].partition('"')[0]
    reviewer.post(f"/console/bulk/{undo}")
    assert f"/console/turns/{chatted}" in reviewer.get("/console/search?queue=low_confidence").text


def test_facets_and_what_is_newer_come_as_parts(reviewer: TestClient, chatted: int) -> None:
    part = reviewer.get("/console/search/facets?intent=refund_request").text
    assert "Get a refund" in part
    assert "<html" not in part
    assert "1 new" in reviewer.get("/console/search/newer?than=0").text
    assert reviewer.get(f"/console/search/newer?than={chatted}").text.strip() == ""


def test_agreement_says_what_to_do_when_there_is_none(reviewer: TestClient) -> None:
    assert "TACTFUL_REVIEW_REVIEWERS=2" in reviewer.get("/console/agreement").text


def test_a_dispute_waits_for_a_trainer_who_sees_both_verdicts(
    reviewer: TestClient, colleague: Colleague, chatted: int, services: Services
) -> None:
    services.reviews.needed = 2
    second, trainer = colleague(Role.REVIEWER, login="second"), colleague(Role.TRAINER)
    path = f"/console/turns/{chatted}"
    reviewer.post(f"{path}/verdict", data={"intent": "refund_request"})
    assert "Verdicts" not in second.get(path).text
    told = second.post(f"{path}/verdict", data={"intent": "billing_invoice"})
    assert "goes%20to%20a%20resolver" in told.headers["set-cookie"]
    assert "A trainer decides" in reviewer.get("/console/queues").text
    assert "disabled" not in trainer.get("/console/review?state=disputed").headers["location"]
    shown = trainer.get(path).text
    assert "Verdicts" in shown
    assert "second: Find an invoice" in shown
    trainer.post(f"{path}/verdict?state=disputed", data={"intent": "billing_invoice"})
    assert "corrected to Find an invoice" in reviewer.get("/console/search?state=done").text
    assert "κ" in reviewer.get("/console/agreement").text
