"""The pages about missed values and reveals: what they ask for and what they never say."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.staff import Role
from tactful.store.tables import corrections, messages
from tests.console.conftest import Colleague, Customer

NAME = "Quimbleton"
HTMX = {"hx-request": "true"}


def said(services: Services, customer: Customer, seq: int) -> str:
    with services.database.read() as tx:
        where = messages.c.conversation_id == customer.id, messages.c.seq == seq
        return str(tx.execute(select(messages.c.text).where(*where)).scalar_one())


def open_to_people(client: TestClient, customer: Customer) -> Customer:
    client.put("/api/me/consents", json={"human_review": True}, headers=customer.headers)
    return customer


@pytest.fixture
def talking(client: TestClient, customer: Customer) -> Customer:
    """A customer who lets people read along."""
    return open_to_people(client, customer)


def mark(browser: TestClient, customer: Customer, seq: int, text: str, words: str = NAME):
    start = text.index(words)
    values = {"conversation": customer.id, "seq": seq, "start": start, "end": start + len(words), "kind": "PERSON"}
    return browser.post("/console/missed/mark", data=values, headers=HTMX)


def link(answer, act: str) -> str:
    found = re.search(rf'hx-post="([^"]+/{act})"', answer.text)
    assert found, answer.text
    return found[1]


def test_a_reviewer_marks_spreads_and_undoes_and_no_answer_holds_the_value(
    talking: Customer, services: Services, colleague: Colleague
) -> None:
    text = f"I am {NAME}, hi"
    seq, later = (talking.send(each).json()["seq"] for each in (text, f"{NAME} again"))
    browser = colleague(Role.REVIEWER)
    marked = mark(browser, talking, seq, text)
    assert marked.status_code == 200
    assert said(services, talking, seq) == "I am PERSON_1, hi"
    assert "this conversation" in marked.text
    assert f'<template data-of="{talking.id}" data-seq="{seq}">I am <span class="chip"' in marked.text
    spread = browser.post(link(marked, "spread"), data={"scope": "customer"}, headers=HTMX)
    assert said(services, talking, later) == "PERSON_1 again"
    listed = browser.get("/console/missed")
    assert "hidden everywhere" in listed.text
    undone = browser.post(link(spread, "undo"), headers=HTMX)
    assert said(services, talking, later) == f"{NAME} again"
    assert "undone by" in browser.get("/console/missed").text
    assert f'data-seq="{later}">{NAME} again</template>' in undone.text  # readable again, as it was before
    for answer in (marked, spread, listed):
        assert NAME not in answer.text + str(answer.headers) + str(answer.url)


def test_the_list_leaves_alone_what_was_unchecked(
    client: TestClient, talking: Customer, services: Services, colleague: Colleague
) -> None:
    other = open_to_people(client, Customer(client))
    text = f"I am {NAME}"
    seq, theirs = talking.send(text).json()["seq"], other.send(f"not {NAME}").json()["seq"]
    browser = colleague(Role.REVIEWER)
    marked = mark(browser, talking, seq, text)
    assert f'value="{other.id}"' in marked.text
    browser.post(link(marked, "spread"), data={"scope": "everyone", "listed": [other.id]}, headers=HTMX)
    assert said(services, other, theirs) == f"not {NAME}"


def test_what_cannot_be_marked_is_said_in_words(talking: Customer, colleague: Colleague) -> None:
    seq = talking.send("hello").json()["seq"]
    values = {"conversation": talking.id, "seq": seq, "start": 0, "end": 90, "kind": "PERSON"}
    answer = colleague(Role.REVIEWER).post("/console/missed/mark", data=values, headers=HTMX)
    assert answer.status_code == 400
    assert "Select the words again" in answer.headers["hx-trigger"]


def test_not_personal_waits_for_a_second_reviewer(talking: Customer, services: Services, colleague: Colleague) -> None:
    seq = talking.send("I am Ana").json()["seq"]
    first, second = colleague(Role.REVIEWER), colleague(Role.REVIEWER, login="second")
    about = {"conversation": talking.id, "placeholder": "PERSON_1"}
    assert "Not personal" in first.post("/console/missed/placeholder", data=about, headers=HTMX).text
    asked = first.post("/console/missed/free", data={**about, "scope": "customer"}, headers=HTMX)
    assert "second person" in asked.text
    assert said(services, talking, seq) == "I am PERSON_1"
    with services.database.read() as tx:
        (waiting,) = tx.execute(select(corrections.c.id)).scalars()
    agree = f"/console/missed/{waiting}/agree"
    assert "Somebody else has to agree" in first.get("/console/missed").text
    assert "second%20person" in first.post(agree).headers["set-cookie"]
    assert said(services, talking, seq) == "I am PERSON_1"
    assert agree in second.get("/console/missed").text
    second.post(agree)
    assert said(services, talking, seq) == "I am Ana"


def reveal(talking: Customer, asker: TestClient, services: Services) -> str:
    """A question for the customer's name; its path."""
    data = {"conversation": talking.id, "placeholder": "PERSON_1", "reason": "support", "note": "must call Ana back"}
    assert "second person" in asker.post("/console/reveals", data=data, headers=HTMX).text
    return f"/console/reveals/{services.reveals.latest()[0].id}"


def test_a_value_is_shown_in_one_answer_that_nothing_keeps(
    talking: Customer, services: Services, colleague: Colleague, client: TestClient
) -> None:
    talking.send("I am Ana")
    asker, second = colleague(Role.AGENT), colleague(Role.REVIEWER)
    path = reveal(talking, asker, services)
    assert asker.post(f"{path}/look").headers["location"] == "/console/reveals"
    listed = second.get("/console/reveals").text
    assert "must call PERSON_1 back" in listed
    assert "Ana" not in listed
    second.post(f"{path}/agree")
    assert "Show it" in asker.get("/console/reveals").text
    assert "Show it" not in second.get("/console/reveals").text
    shown = asker.post(f"{path}/look")
    assert ">Ana<" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    seconds, _, where = shown.headers["refresh"].partition(";url=")
    assert (0 < int(seconds) <= 600, where) == (True, "/console/reveals")
    assert second.post(f"{path}/look").status_code == 404
    assert "Ana" not in asker.get("/console/reveals").text
    reads = client.get("/api/me/access", headers=talking.headers).json()["human_reads"]
    assert (reads["count"], reads["values"]) == (1, 1)


def test_who_asked_cannot_agree_and_can_take_it_back(
    talking: Customer, services: Services, colleague: Colleague
) -> None:
    talking.send("I am Ana")
    asker = colleague(Role.REVIEWER)
    path = reveal(talking, asker, services)
    asker.post(f"{path}/agree")
    assert services.reveals.latest()[0].state == "asked"
    asker.post(f"{path}/refuse")
    assert services.reveals.latest()[0].state == "refused"


def test_kinds_have_one_key_each(colleague: Colleague) -> None:
    answer = colleague(Role.REVIEWER).get("/console/missed/kinds", headers=HTMX).text
    keys, labels = re.findall(r'data-pick="(.)"', answer), re.findall(r"</kbd> ([^<]+)<", answer)
    assert len(keys) == len(set(keys)) == len(set(labels)) > 12
    assert keys[:9] == list("123456789")


def test_empty_pages_say_what_they_are_for(colleague: Colleague) -> None:
    browser = colleague(Role.REVIEWER)
    assert "Nothing was marked yet" in browser.get("/console/missed").text
    assert "Nobody waits for a yes" in browser.get("/console/reveals").text
