"""Champion and canary side by side: only in the conversations that began since, and each figure with how sure it is."""

import pytest
from sqlalchemy import insert

from tactful.learn.trial import Arm, arms, table
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import conversations, messages
from tests.conftest import Clock

SINCE = 1_000


@pytest.fixture
def found(database: Database, ring: KeyRing, clock: Clock) -> list[Arm]:
    with database.begin() as tx:
        subject = subjects.create(tx, ring, now=1)

        def conversation(name: str, model: str | None, at: int) -> None:
            tx.execute(
                insert(conversations).values(id=name, subject_id=subject, created_at=at, expires_at=9_999, model=model)
            )

        def message(conversation: str, seq: int, **more: object) -> None:
            row = {
                "conversation_id": conversation,
                "seq": seq,
                "author": "customer",
                "kind": "text",
                "created_at": 2_000,
            }
            tx.execute(insert(messages).values({**row, "status": "answered", **more}))

        conversation("c" * 32, "new", SINCE)
        conversation("d" * 32, "old", SINCE)
        conversation("e" * 32, None, 10)
        conversation("f" * 32, "new", 10)  # of a canary before this one
        for seq, (intent, sure) in enumerate([("help", 0.9), ("help", 0.7), ("nlu_fallback", 0.2), (None, None)]):
            message(
                "c" * 32, seq, intent=intent, confidence=sure, answered_at=2_000 + 10 * (seq + 1), attempts=seq // 2
            )
        message("c" * 32, 10, author="bot", status="sent", rating=1)
        message("c" * 32, 11, author="bot", status="sent", rating=-1)
        message("c" * 32, 12, status="withheld")
        message("c" * 32, 13, kind="choice", intent="help", confidence=1.0, answered_at=2_001)
        message("e" * 32, 1, intent="help", confidence=0.9, answered_at=2_001)
        message("f" * 32, 1, intent="help", confidence=0.9, answered_at=2_001)
    with database.read() as tx:
        return arms(tx, ["old", "new"], SINCE)


def test_what_customers_typed_and_how_it_was_answered_is_counted(found: list[Arm]) -> None:
    new = found[1]
    assert (new.model, new.conversations, new.turns) == ("new", 1, 4)
    assert (new.fallbacks.count, new.fallbacks.of) == (1, 3)
    assert new.confidence == pytest.approx(0.6)
    assert (new.up.count, new.down.count, new.up.of) == (1, 1, 2)
    assert (new.put_off.count, new.given_up.count) == (1, 1)
    assert (new.p50_ms, new.p95_ms) == (30, 40)


def test_a_share_comes_with_its_interval(found: list[Arm]) -> None:
    share = found[1].fallbacks
    assert 0 < share.low < 1 / 3 < share.high < 1


def test_where_nothing_happened_nothing_is_claimed(found: list[Arm]) -> None:
    old = found[0]
    assert (old.conversations, old.turns, old.confidence, old.p95_ms) == (1, 0, None, None)
    assert dict(table(found))["not understood"] == ["–", "1 = 33.3% (6.1% to 79.2%)"]
