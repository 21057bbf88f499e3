"""Public figures: right over everybody, silent about few, honest about what nobody measured."""

import pytest
from sqlalchemy import insert, update

from tactful.profile import subjects
from tactful.profile.transparency import MissRate, Transparency, hidden_by_kind, miss_rate, told
from tactful.store.audit import Act
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import audit, conversations, messages
from tactful.store.tables import subjects as subjects_table
from tests.conftest import Clock


@pytest.fixture
def said(database: Database, subject: str, clock: Clock) -> Database:
    """Three messages with personal data and one without."""
    found = [{"PERSON": 1, "EMAIL_ADDRESS": 2}, {"PERSON": 1}, {"PERSON": 1, "EMAIL_ADDRESS": 2}, {}, None]
    with database.begin() as tx:
        tx.execute(insert(conversations).values(id="c", subject_id=subject, created_at=clock(), expires_at=clock() + 1))
        for seq, kinds in enumerate(found):
            tx.execute(
                insert(messages).values(
                    conversation_id="c", seq=seq, author="customer", kind="text", status="answered",
                    entity_types=kinds, created_at=clock(),
                )
            )  # fmt: skip
    return database


def test_what_was_hidden_is_counted_by_kind(said: Database) -> None:
    with said.read() as tx:
        assert hidden_by_kind(tx) == {"PERSON": 3, "EMAIL_ADDRESS": 4}


def test_erasures_are_counted_after_the_customer_is_gone(database: Database, ring: KeyRing, clock: Clock) -> None:
    with database.begin() as tx:
        gone = [subjects.create(tx, ring, now=clock()) for _ in range(6)]
        subjects.create(tx, ring, now=clock())
        tx.execute(
            update(subjects_table).where(subjects_table.c.id.in_(gone)).values(erased_at=clock(), wrapped_key=None)
        )
    assert Transparency(database, clock).figures().erasures == 6


def test_what_people_read_is_counted_from_the_audit_log(database: Database, clock: Clock) -> None:
    with database.begin() as tx:
        for seq, (act, role) in enumerate([(Act.TRANSCRIPT_READ, "agent")] * 6 + [(Act.PROFILE_READ, "customer")], 1):
            tx.execute(
                insert(audit).values(
                    seq=seq, at=clock(), act=act.value, role=role, fields="", reason="review", note="", mac=bytes(32)
                )
            )
    assert Transparency(database, clock).figures().human_reads == 6


def test_a_small_count_is_not_told() -> None:
    assert [told(count) for count in (0, 4, 5, 1234)] == ["fewer than 5", "fewer than 5", "5", "1,234"]


def test_figures_are_counted_again_only_after_a_while(said: Database, clock: Clock) -> None:
    page = Transparency(said, clock)
    first = page.figures()
    with said.begin() as tx:
        tx.execute(update(messages).where(messages.c.seq == 1).values(entity_types={"PERSON": 50}))
    clock.forward(seconds=200)
    assert page.figures() is first
    clock.forward(seconds=200)
    assert page.figures().hidden["PERSON"] == 52


def test_what_nobody_measured_is_none_and_what_was_reviewed_has_an_interval(database: Database, clock: Clock) -> None:
    assert Transparency(database, clock).figures().missed is None
    measured = Transparency(database, clock, lambda tx: (196, 4)).figures()
    assert measured.missed == MissRate(4, 200)
    assert measured.missed.share == 0.02
    low, high = measured.missed.interval
    assert (round(low, 4), round(high, 4)) == (
        0.0078,
        0.0503,
    )


def test_a_sample_without_personal_data_measures_nothing() -> None:
    assert miss_rate(0, 0) is None
    assert miss_rate(0, 3) == MissRate(3, 3)
