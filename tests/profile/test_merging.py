"""Merging: an anonymous customer becomes the known one, who stays in charge; nothing is left of the anonymous one."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tactful.chat import leases
from tactful.errors import BadRequest, NotFound, Unavailable
from tactful.profile import subjects
from tactful.profile.rights import Rights
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import conversations, correction_changes, corrections
from tactful.store.tables import subjects as subjects_table
from tactful.store.vault import Vault
from tests.conftest import Clock
from tests.profile.conftest import NAME, WORDS, Profile, spoken


@pytest.fixture
def anonymous(profile: Profile, ring: KeyRing, clock: Clock) -> Profile:
    with profile.database.begin() as tx:
        return replace(profile, subject=subjects.create(tx, ring, now=clock()))


def test_conversations_and_values_move_under_the_known_customers_key(
    rights: Rights, profile: Profile, anonymous: Profile, vault: Vault, database: Database
) -> None:
    conversation = spoken(anonymous, vault, "e" * 32)
    assert rights.merge(anonymous.subject, profile.subject) == {"profile": 0, "conversations": 1, "values": 1}
    (moved,) = rights.export(profile.subject)["conversations"]
    assert moved["messages"][0]["text"] == WORDS.replace("PERSON_1", NAME)
    with database.read() as tx:
        assert tx.execute(select(conversations.c.subject_id)).scalars().all() == [profile.subject]
        gone = tx.execute(select(subjects_table).where(subjects_table.c.id == anonymous.subject)).one()
        assert [entry.value for entry in vault.entries(tx, conversation)] == [NAME]
    assert gone.wrapped_key is None
    assert gone.erased_at
    with pytest.raises(NotFound):
        rights.export(anonymous.subject)


def test_what_reviewers_put_right_moves_too_and_can_no_longer_be_undone(
    rights: Rights, profile: Profile, anonymous: Profile, vault: Vault, database: Database
) -> None:
    conversation = spoken(anonymous, vault, "e" * 32)
    about = {"conversation_id": conversation, "subject_id": anonymous.subject}
    with database.begin() as tx:
        tx.execute(
            corrections.insert().values(
                id="1" * 32, act="missed", placeholder="PERSON_1", kind="PERSON", scope="everyone", state="here",
                by="a" * 32, at=1, **about,
            )
        )  # fmt: skip
        tx.execute(
            correction_changes.insert().values(
                correction_id="1" * 32, place="messages", row="1", value=b"-", after=b"-", expires_at=10**15, **about
            )
        )
    rights.merge(anonymous.subject, profile.subject)
    with database.read() as tx:
        assert tx.execute(select(corrections.c.subject_id)).scalars().all() == [profile.subject]
        assert tx.execute(select(correction_changes)).all() == []


def test_told_weighs_more_than_inferred_and_else_the_newer_stays(
    rights: Rights, profile: Profile, anonymous: Profile, clock: Clock
) -> None:
    anonymous.write(home="Faro", season="May")
    profile.write("inferred", budget=500)
    profile.write(pace="relaxed")
    clock.forward(days=1)
    profile.write("inferred", home="Porto")
    profile.write(season="June")
    anonymous.write("inferred", pace="packed")
    anonymous.write("chosen", budget=900, companions="solo")
    end = {fact["name"]: fact["expires_at"] for fact in rights.profile(anonymous.subject)}
    assert rights.merge(anonymous.subject, profile.subject)["profile"] == 3
    assert profile.values == {
        "home": "Faro", "season": "June", "pace": "relaxed", "budget": 900, "companions": "solo",
    }  # fmt: skip
    kept = {fact["name"]: fact["expires_at"] for fact in rights.profile(profile.subject)}
    assert kept["home"] == end["home"]


def test_the_stricter_answer_holds_and_sensitive_facts_come_only_with_consent_of_both(
    rights: Rights, profile: Profile, anonymous: Profile
) -> None:
    rights.consent(profile.subject, {"training": True, "human_review": True})
    rights.consent(anonymous.subject, {"training": False, "sensitive": True, "human_review": True})
    anonymous.write(diet=["vegan"])
    rights.object_to(anonymous.subject, {"personalisation": True})
    rights.restrict(anonymous.subject, True)
    rights.merge(anonymous.subject, profile.subject)
    state = rights.access(profile.subject)
    granted = {each["purpose"]: each["granted"] for each in state["purposes"]}
    assert granted == {"training": False, "human_review": True, "sensitive": False, "personalisation": True}
    assert state["objections"] == ["personalisation"]
    assert state["restricted"] is True
    assert profile.values == {}
    assert rights.receipts(profile.subject)[0]["receipt"]["granted"] is False


def test_only_an_anonymous_customer_is_merged_and_only_into_a_known_one(
    rights: Rights, profile: Profile, anonymous: Profile, ring: KeyRing, clock: Clock
) -> None:
    with profile.database.begin() as tx:
        stranger = subjects.create(tx, ring, now=clock())
        known_too = subjects.create(tx, ring, now=clock(), external_id="C-7")
    for one, other in ((known_too, profile.subject), (stranger, anonymous.subject), (stranger, stranger)):
        with pytest.raises(BadRequest):
            rights.merge(one, other)
    with pytest.raises(NotFound):
        rights.merge("0" * 32, profile.subject)


def test_nothing_is_merged_while_a_turn_is_under_way(
    rights: Rights, profile: Profile, anonymous: Profile, vault: Vault, clock: Clock
) -> None:
    conversation = spoken(anonymous, vault, "e" * 32)
    anonymous.write(home="Faro")
    with profile.database.begin() as tx:
        lease = leases.acquire(tx, conversation, "door-1", clock())
    with pytest.raises(Unavailable):
        rights.merge(anonymous.subject, profile.subject)
    assert anonymous.values == {"home": "Faro"}
    with profile.database.begin() as tx:
        assert lease
        leases.release(tx, lease)
    rights.merge(anonymous.subject, profile.subject)
    assert profile.values == {"home": "Faro"}


def test_what_was_asked_for_anonymously_stays_in_the_ledger_and_both_are_audited(
    rights: Rights, profile: Profile, anonymous: Profile, audit: AuditLog, database: Database, marked: list[str]
) -> None:
    rights.access(anonymous.subject)
    rights.merge(anonymous.subject, profile.subject)
    assert {each["right"] for each in rights.requests(profile.subject)} == {"access", "merge"}
    with database.read() as tx:
        acts = [(each["act"], each["subject_id"]) for each in audit.entries(tx)][-2:]
    assert marked == [anonymous.subject]
    assert acts == [("subject.erased", anonymous.subject), ("subject.merged", profile.subject)]
