"""Figures that come out right, drawings that need no colour, and a CSV that no spreadsheet runs."""

import csv
import io

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.console.drawing import Mark, chart
from tactful.console.exporting import cell
from tactful.console.figures import WEEK_MS, By, FigureBook, monday
from tactful.console.staff import Role
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import conversations, handovers, messages, turns
from tests.conftest import Clock
from tests.console.conftest import Colleague

TURN = {"readable": False, "state": "open", "ranking": [], "language": "en", "channel": "web", "length": 3, "facts": ""}


@pytest.fixture
def book(database: Database, ring: KeyRing, clock: Clock) -> FigureBook:
    """Three answered messages of this week and one of the week before, with thumbs; one asked for a person."""
    fill(database, ring, clock())
    return FigureBook(database, clock)


def fill(database: Database, ring: KeyRing, now: int, model: str = "m2") -> None:
    with database.begin() as tx:
        subject = subjects.create(tx, ring, now=now)
        here = {"conversation_id": "c" * 32, "subject_id": subject, "doubts": {}}
        tx.execute(insert(conversations).values(id="c" * 32, subject_id=subject, created_at=now, expires_at=now + 1))
        said = [
            ("refund_request", 0.9, model, "plain", " PERSON EMAIL_ADDRESS ", 0, 1),
            ("nlu_fallback", 0.3, model, "plain", "", 0, -1),
            ("refund_request", 0.8, model, "developer", " PERSON ", 0, 1),
            ("greet", 0.7, "m1", "plain", "", WEEK_MS, None),
        ]
        for number, (intent, confidence, by, tone, kinds, ago, rating) in enumerate(said):
            seq, at = 1 + 2 * number, now - ago
            words = {"conversation_id": "c" * 32, "kind": "text", "text": "x", "created_at": at}
            tx.execute(insert(messages).values(
                **words, seq=seq, author="customer", status="answered", answered_at=at + 1000 * (number + 1)
            ))  # fmt: skip
            tx.execute(insert(messages).values(
                **words, seq=seq + 1, author="bot", status="sent", reply_to=seq, rating=rating
            ))  # fmt: skip
            tx.execute(insert(turns).values(
                **here, **TURN, seq=seq, at=at, intent=intent, confidence=confidence, model=by, tone=tone, kinds=kinds
            ))  # fmt: skip
        for number, answered in (("1", now + 90_000), ("2", None)):
            tx.execute(insert(handovers).values(
                id=number * 32, conversation_id="c" * 32, reason="asked",
                asked_at=now, answered_at=answered, ended_at=now,
            ))  # fmt: skip


def test_by_week_every_week_is_there_and_counts_its_own(book: FigureBook) -> None:
    figures = book.figures(By.WEEK, 4)
    assert [group.turns for group in figures.groups] == [0, 0, 1, 3]
    now = figures.groups[-1]
    assert (now.fallbacks, now.fallback_rate, now.confidence, now.wait) == (1, 1 / 3, 0.8, 2.0)
    assert (now.up, now.down, now.satisfied) == (2, 1, 2 / 3)
    assert figures.groups[0].fallback_rate is None


def test_intents_kinds_and_people_are_counted(book: FigureBook) -> None:
    figures = book.figures(By.WEEK, 4)
    assert figures.intents[0] == ("refund_request", 2)
    assert dict(figures.kinds) == {"PERSON": 2, "EMAIL_ADDRESS": 1}
    assert (figures.handovers, figures.person_wait) == (2, 90.0)


def test_by_model_and_by_tone(book: FigureBook) -> None:
    assert {group.name: group.turns for group in book.figures(By.MODEL, 4).groups} == {"m1": 1, "m2": 3}
    assert {group.name: group.turns for group in book.figures(By.TONE, 1).groups} == {"plain": 2, "developer": 1}


def test_a_week_begins_on_monday() -> None:
    tuesday = 1_800_000_000_000 - 1_800_000_000_000 % 86_400_000
    assert (monday(tuesday) // 86_400_000 + 3) % 7 == 0
    assert 0 <= tuesday - monday(tuesday) < WEEK_MS


def test_a_drawing_has_every_figure_in_words_and_no_style() -> None:
    drawing = chart("Missed", [Mark("<b>1 Jan</b>", 0.2, "20.0% (1 of 5)", 0.04, 0.62), Mark("8 Jan", None, "none")])
    assert drawing.count("20.0% (1 of 5)") == 2  # beside the bar, and for who does not see it
    assert "whisker" in drawing
    assert "style=" not in drawing
    assert "<b>" not in drawing


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_a_cell_never_begins_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize(("value", "shown"), [(-3, "-3"), (0.25, "0.25"), (None, ""), ("plain", "plain"), (2.0, "2")])
def test_other_cells_stay_what_they_are(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_the_page_draws_and_the_csv_agrees(colleague: Colleague, services: Services) -> None:
    fill(services.database, services.ring, services.clock(), model="=cmd|' /C calc'!A0")
    browser: TestClient = colleague(Role.AUDITOR)
    page = browser.get("/console/charts", params={"by": "model"}).text
    assert page.count("<svg") >= 5
    assert "Get a refund" in page
    answer = browser.get("/console/charts/figures.csv", params={"by": "model", "weeks": 4})
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["model", "turns"]
    assert {row[0]: row[1] for row in rows[1:]} == {"'=cmd|' /C calc'!A0": "3", "m1": "1"}


def test_an_empty_page_says_what_will_be_there(colleague: Colleague) -> None:
    assert "Nothing to draw yet" in colleague(Role.TRAINER).get("/console/charts").text
