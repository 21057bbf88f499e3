"""What reviewing keeps goes with the conversation, is in the customer's export, and moves with a merged customer."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tactful.config import Settings
from tactful.console.queues import Queue
from tactful.console.reviews import enter
from tactful.profile import subjects
from tactful.profile.rights import Elsewhere, Parts, Rights
from tactful.profile.signing import Signer
from tactful.store.audit import SYSTEM
from tactful.store.retention import Periods, Retention
from tactful.store.tables import (
    assignments,
    labels,
    notes,
    queue_entries,
    reservations,
    reviews,
    turns,
)
from tactful.store.trackers import Trackers
from tests.console.reviewing import BEN, CARA, Talking, Team, run

TABLES = (turns, queue_entries, reviews, reservations, notes, labels, assignments)


@pytest.fixture
def talking(team: Team) -> Talking:
    """A conversation of which reviewers have made all that can be made."""
    talking = team.customer()
    turn = talking.says("the violet harmonica", confidence=0.2)
    team.ratings.rate(talking.conversation_id, 2, -1)
    team.reviews.judge(turn, BEN, None)
    run(team.notes.add(talking.conversation_id, BEN, "quite upset"))
    run(team.notes.label(talking.conversation_id, "music", BEN))
    team.notes.assign(talking.conversation_id, CARA, BEN)
    other = talking.says("and the tuba")
    assert team.reviews.reserve(other, CARA)
    return talking


def kept(team: Team) -> dict[str, int]:
    with team.database.read() as tx:
        return {each.name: tx.execute(select(func.count()).select_from(each)).scalar_one() for each in TABLES}


def rights(team: Team) -> Rights:
    cipher, signer = team.vault._cipher, Signer(bytes(range(32)))
    parts = Parts(
        team.database,
        cipher,
        team.vault,
        team.policy,
        signer,
        team.audit,
        team.clock,
        reads=lambda text, question: False,
    )
    return Rights(parts, Elsewhere(len, lambda _: None, 1.0))


def test_all_of_it_is_erased_with_the_customer(team: Team, talking: Talking) -> None:
    assert all(kept(team).values())
    erased = rights(team).erase(talking.subject_id)["erased"]
    assert (erased["turns"], erased["notes"], erased["labels"], erased["assignments"]) == (2, 1, 1, 1)
    assert not any(kept(team).values())
    assert team.found(q="harmonica") == []


def test_all_of_it_goes_with_the_conversation_on_its_end_date(
    team: Team, talking: Talking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(team.database.engine.url.render_as_string(hide_password=False)))
    periods = Periods.of(team.policy, outbox_days=30, audit_days=1095)
    trackers = Trackers(Settings(home=tmp_path))
    retention = Retention(team.database, team.vault, trackers, team.audit, periods, team.clock)
    team.clock.forward(days=364)
    retention.run(SYSTEM)
    assert kept(team) == {**dict.fromkeys(kept(team), 1), "turns": 2, "queue_entries": 2, "reservations": 0}
    team.clock.forward(days=2)
    assert retention.run(SYSTEM, dry_run=True)["turns"] == 2
    assert retention.run(SYSTEM)["turns"] == 2
    assert not any(kept(team).values())
    with team.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM search_words").scalar_one() == 0


def test_ratings_and_notes_are_in_the_export(team: Team, talking: Talking) -> None:
    (conversation,) = rights(team).export(talking.subject_id)["conversations"]
    assert [message["rating"] for message in conversation["messages"]] == [None, "down", None, None]
    assert [note["redacted"] for note in conversation["notes"]] == ["quite upset"]


def test_it_moves_with_a_customer_who_signs_in(team: Team, talking: Talking) -> None:
    with team.database.begin() as tx:
        known = subjects.create(tx, team.ring, now=team.clock(), external_id="C-1042")
    rights(team).merge(talking.subject_id, known)
    with team.database.read() as tx:
        assert tx.execute(select(turns.c.subject_id, turns.c.readable).distinct()).all() == [(known, False)]
    assert team.found(state="any") == []  # the known one was never asked: the stricter answer holds


def test_a_turn_stands_once_in_a_queue(team: Team) -> None:
    turn = team.row(team.turn())
    with team.database.begin() as tx:
        for _ in range(2):
            enter(tx, turn, Queue.FLAGGED, team.clock(), BEN)
    assert kept(team)["queue_entries"] == 1
