"""The page with what to review next: reasons, no words but those of several customers, a way into the review."""

import pytest
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.pages.selection import reason
from tactful.console.staff import Role
from tactful.learn.choice import Alike, Selecting, Why
from tactful.learn.selection import Kept, keep, key_of, pool, selected
from tests.conftest import Clock
from tests.console.conftest import Colleague
from tests.console.reviewing import BEN, Team

DOG = ("can my dog come along", "is my dog allowed", "dog on the plane")


@pytest.fixture
def team(client: TestClient, services: Services, clock: Clock) -> Team:
    return Team(services.database, services.policy, services.ring, services.vault, clock)


@pytest.fixture
def chosen(team: Team) -> None:
    reviewed = team.turn("secret words one", confidence=0.9)
    team.reviews.judge(reviewed, BEN, "refund_request")
    for text in DOG:
        team.turn(text, intent="nlu_fallback", confidence=0.3)
    for _ in range(3):
        team.turn("secret words two")
    with team.database.begin() as tx:
        found = pool(tx, team.policy, 100)
        alike = Alike(group={key_of(text): key_of(DOG[0]) for text in DOG})
        keep(tx, selected(found, alike, [(0, "billing_invoice", 0.91)], Selecting()), team.clock())


def test_each_turn_has_its_reason_and_lists_show_no_words(colleague: Colleague, chosen: None) -> None:
    shown = colleague(Role.REVIEWER).get("/console/selection").text
    assert "and 2 like it" in shown
    assert "rather Find an invoice, 91%" in shown
    assert "3 customers" in shown
    assert "/console/review?queue=selected" in shown
    assert "secret words" not in shown


def test_a_reason_in_a_few_words() -> None:
    assert reason(Kept(1, Why.UNCERTAIN, 2, 0.83, "", 0)) == "the best two 17% apart, and 2 like it"
    assert reason(Kept(1, Why.RANDOM, 0, 0.0, "", 0)) == ""


def test_a_new_intent_is_named_by_what_several_said(colleague: Colleague, chosen: None) -> None:
    shown = colleague(Role.TRAINER).get("/console/selection").text
    assert "<strong>dog</strong>" in shown
    assert "plane" not in shown


def test_reviewing_begins_with_the_chosen(colleague: Colleague, chosen: None) -> None:
    answer = colleague(Role.REVIEWER).get("/console/review?queue=selected")
    assert "/console/turns/" in answer.headers["location"]
    assert "queue=selected" in answer.headers["location"]


def test_before_the_first_choice_the_page_says_what_will_be_there(colleague: Colleague) -> None:
    assert "Nothing waits here" in colleague(Role.REVIEWER).get("/console/selection").text
