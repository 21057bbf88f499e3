"""Erasure: in steps, waiting for the turn under way, resumable, and nothing is left but what proves it."""

import time
from typing import Any

import pytest
from sqlalchemy import select, update

from tactful.chat import leases
from tactful.errors import DecryptionFailed, NotFound, Unavailable
from tactful.profile import facts, subjects
from tactful.profile.rights import Rights
from tactful.profile.rights.erasure import BY_CONVERSATION, BY_SUBJECT
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing, SubjectCipher, WrappedKey
from tactful.store.database import Database
from tactful.store.tables import conversations, messages, metadata, model_lineage
from tactful.store.tables import subjects as subjects_table
from tests.conftest import Clock
from tests.profile.conftest import Engine, Profile, rows

STEPS = ["stop", "turns", "engine", "models", "data", "journal"]


def everything(database: Database) -> str:
    """Every cell of every table, as text."""
    with database.read() as tx:
        return repr([tuple(row) for table in metadata.sorted_tables for row in tx.execute(select(table))])


def test_it_leaves_a_tombstone_the_ledger_and_receipts_that_name_nobody(
    rights: Rights, profile: Profile, chatted: str, engine: Engine, database: Database, ring: KeyRing
) -> None:
    profile.write(home="Porto")
    profile.allow("training")
    rights.object_to(profile.subject, {"human_review": True})
    done = rights.erase(profile.subject)
    assert done["erased"]["facts"] == done["erased"]["vault"] == done["erased"]["conversations"] == 1
    assert engine.forgotten == [chatted]
    left = {name: n for name, n in rows(database).items() if n and not name.startswith("tombstone")}
    assert left == {"subjects": 1, "receipts": 1, "requests": 2, "schema_floor": 1}
    assert "violet harmonica" not in everything(database)
    with database.read() as tx:
        assert not subjects.exists(tx, profile.subject)
        assert subjects.by_external(tx, ring, "C-1042") is None


def test_every_table_that_speaks_of_a_subject_or_a_conversation_is_erased_or_may_stay() -> None:
    """A table that is added has to be put into one of these."""
    proof = {"subjects", "receipts", "requests", "audit", "model_lineage"}
    speaking = {
        table.name for table in metadata.sorted_tables if {"subject_id", "conversation_id"} & set(table.c.keys())
    }
    assert speaking <= {table.name for table in (*BY_CONVERSATION, *BY_SUBJECT)} | proof


def test_each_step_is_told_when_it_is_done_and_kept_in_the_ledger(
    rights: Rights, profile: Profile, chatted: str
) -> None:
    heard: list[dict[str, Any]] = []
    done = rights.erase(profile.subject, heard.append)
    assert [step["step"] for step in heard] == STEPS
    assert heard == done["steps"]
    assert all(step["label"] for step in heard)
    (request,) = rights.ledger()
    assert (request["right"], request["status"], request["subject"]) == ("erasure", "done", profile.subject)
    assert [step["step"] for step in request["steps"]] == STEPS


def test_a_copy_of_the_ciphertexts_stays_shut(
    rights: Rights, profile: Profile, cipher: SubjectCipher, database: Database
) -> None:
    profile.write(home="Porto")
    with database.read() as tx:
        copy = tx.execute(select(facts.facts)).one()
    rights.erase(profile.subject)
    with database.read() as tx:
        row = tx.execute(select(subjects_table)).one()
    assert row.wrapped_key is None
    with pytest.raises(DecryptionFailed):
        cipher.decrypt(
            copy.value, WrappedKey(row.key_id, b"\x01" + bytes(60)), table="facts", column="value", row="home",
            subject=profile.subject,
        )  # fmt: skip


def test_it_waits_for_the_turn_under_way_and_nothing_else_is_taken_up(
    rights: Rights, profile: Profile, chatted: str, database: Database, clock: Clock
) -> None:
    with database.begin() as tx:
        lease = leases.acquire(tx, chatted, "door-1", clock())
        tx.execute(update(messages).where(messages.c.seq == 1).values(status="pending"))
    assert lease
    with pytest.raises(Unavailable, match="under way"):
        rights.erase(profile.subject)
    assert rights.ledger()[0]["status"] == "failed"
    with database.begin() as tx:
        leases.release(tx, lease)
    assert [step["step"] for step in rights.erase(profile.subject)["steps"]] == STEPS


def test_a_door_that_died_in_a_turn_is_not_waited_for(
    rights: Rights, profile: Profile, chatted: str, database: Database, clock: Clock
) -> None:
    with database.begin() as tx:
        assert leases.acquire(tx, chatted, "dead-door", clock())
    clock.forward(seconds=7)
    assert rights.erase(profile.subject)["erased"]["conversations"] == 1


def test_while_it_is_held_no_door_takes_a_turn(
    rights: Rights, profile: Profile, chatted: str, engine: Engine, database: Database, clock: Clock
) -> None:
    engine.away = True
    with pytest.raises(ConnectionError):
        rights.erase(profile.subject)
    clock.forward(seconds=7)
    with database.begin() as tx:
        assert leases.acquire(tx, chatted, "door-1", clock()) is None
        assert tx.execute(select(messages.c.seq).where(messages.c.status == "pending")).all() == []


def test_one_that_fails_elsewhere_says_so_and_goes_on_from_there(
    rights: Rights, profile: Profile, chatted: str, engine: Engine
) -> None:
    profile.write(home="Porto")
    engine.away = True
    with pytest.raises(ConnectionError):
        rights.erase(profile.subject)
    (failed,) = rights.ledger()
    assert failed["status"] == "failed"
    assert [step["step"] for step in failed["steps"]] == ["stop", "turns"]
    assert profile.values == {"home": "Porto"}
    assert rights.unfinished_erasures() == [profile.subject]
    engine.away = False
    assert rights.erase(profile.subject)["request"] == failed["id"]
    assert rights.unfinished_erasures() == []
    assert len(rights.ledger()) == 1


def test_one_that_failed_last_is_finished_too(
    rights: Rights, profile: Profile, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def being_read() -> int:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(database, "clear_journal", being_read)
        with pytest.raises(Unavailable):
            rights.erase(profile.subject)
    assert rights.unfinished_erasures() == [profile.subject]
    assert [step["step"] for step in rights.erase(profile.subject)["steps"]] == STEPS
    with pytest.raises(NotFound):
        rights.erase(profile.subject)


def test_models_that_learned_from_their_words_are_flagged_and_others_are_not(
    rights: Rights, profile: Profile, chatted: str, database: Database, clock: Clock
) -> None:
    with database.begin() as tx:
        for model, conversation in (("a", chatted), ("b", chatted), ("c", "e" * 32)):
            tx.execute(model_lineage.insert().values(model=model, conversation_id=conversation, trained_at=clock()))
    steps = {step["step"]: step["count"] for step in rights.erase(profile.subject)["steps"]}
    assert steps["models"] == 2
    with database.read() as tx:
        flagged = select(model_lineage.c.model).where(model_lineage.c.flagged_at.is_not(None))
        assert sorted(tx.execute(flagged).scalars()) == ["a", "b"]


def test_a_tombstone_is_set_for_who_was_erased_and_for_nobody_else(
    rights: Rights, profile: Profile, marked: list[str], engine: Engine
) -> None:
    engine.away = True
    with pytest.raises(ConnectionError):
        rights.erase(profile.subject)
    assert marked == []
    engine.away = False
    rights.erase(profile.subject)
    assert marked == [profile.subject]


def test_others_are_untouched(
    rights: Rights, profile: Profile, database: Database, ring: KeyRing, clock: Clock
) -> None:
    with database.begin() as tx:
        other = subjects.create(tx, ring, now=clock())
        tx.execute(conversations.insert().values(id="f" * 32, subject_id=other, created_at=1, expires_at=2))
    rights.consent(other, {"training": True})
    rights.erase(profile.subject)
    assert len(rights.export(other)["conversations"]) == 1
    assert rights.receipts(other)[0]["stands"]


def test_a_thousand_turns_are_erased_within_two_seconds(
    rights: Rights, profile: Profile, chatted: str, database: Database
) -> None:
    with database.begin() as tx:
        tx.execute(
            messages.insert(),
            [
                {"conversation_id": chatted, "seq": seq, "author": "customer", "kind": "text", "status": "answered",
                 "text": "a violet harmonica " * 5, "created_at": seq}
                for seq in range(10, 2010)
            ],
        )  # fmt: skip
    began = time.monotonic()
    assert rights.erase(profile.subject)["erased"]["messages"] == 2002
    assert time.monotonic() - began < 2


def test_it_is_audited_with_counts(rights: Rights, profile: Profile, audit: AuditLog, database: Database) -> None:
    profile.write(home="Porto")
    rights.erase(profile.subject)
    with database.read() as tx:
        (entry,) = [each for each in audit.entries(tx, subject_id=profile.subject) if each["act"] == "subject.erased"]
    assert "facts=1" in entry["fields"]
