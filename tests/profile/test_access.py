"""Access: what is known is told in full, with real values, and each look is entered in the audit log."""

import json

import pytest

from tactful.errors import NotFound
from tactful.profile.rights import Rights
from tactful.store.audit import Act, Actor, AuditLog, Role
from tactful.store.database import Database
from tactful.store.tables import model_lineage
from tests.conftest import Clock
from tests.profile.conftest import NAME, Profile


def test_the_profile_says_why_since_when_and_until_when(rights: Rights, profile: Profile) -> None:
    profile.write(home="Porto")
    (home,) = rights.profile(profile.subject)
    assert (home["value"], home["source"], home["purpose"]) == ("Porto", "told", "personalisation")
    assert home["label"]
    assert home["learned_at"] < home["expires_at"]


def test_everything_known_is_listed_with_its_real_value_source_purpose_and_end(
    rights: Rights, profile: Profile, chatted: str
) -> None:
    profile.write(home="Porto")
    profile.write("inferred", pace="relaxed")
    known = rights.access(profile.subject)
    assert {fact["name"]: (fact["value"], fact["source"]) for fact in known["profile"]} == {
        "home": ("Porto", "told"), "pace": ("relaxed", "inferred"),
    }  # fmt: skip
    (name,) = known["values"]
    assert (name["value"], name["category"], name["purpose"]) == (NAME, "social", "service")
    assert all(each["learned_at"] < each["expires_at"] for each in (*known["profile"], name))
    assert [each["messages"] for each in known["conversations"]] == [2]
    assert {each["purpose"] for each in known["purposes"]} == {
        "sensitive", "personalisation", "human_review", "training",
    }  # fmt: skip
    assert set(known["categories"]) == set(profile.policy.categories)


def test_it_tells_how_often_a_person_looked_and_not_how_often_the_customer_did(
    rights: Rights, profile: Profile, audit: AuditLog, database: Database
) -> None:
    assert rights.access(profile.subject)["human_reads"] == {"count": 0, "values": 0, "last": None}
    with database.begin() as tx:
        for subject in (profile.subject, profile.subject, "e" * 32):
            audit.record(tx, Act.TRANSCRIPT_READ, actor=Actor(Role.AGENT, "7"), subject_id=subject)
        audit.record(tx, Act.REVEAL_USED, actor=Actor(Role.AGENT, "7"), subject_id=profile.subject)
    rights.profile(profile.subject)
    reads = rights.access(profile.subject)["human_reads"]
    assert (reads["count"], reads["values"]) == (3, 1)
    assert reads["last"]


def test_it_lists_the_models_that_learned_from_redacted_words_of_theirs(
    rights: Rights, profile: Profile, chatted: str, database: Database, clock: Clock
) -> None:
    assert rights.access(profile.subject)["models"] == []
    with database.begin() as tx:
        for model, conversation in (("20270101-a", chatted), ("20270101-b", "e" * 32)):
            tx.execute(model_lineage.insert().values(model=model, conversation_id=conversation, trained_at=clock()))
    assert [(each["model"], each["conversations"]) for each in rights.access(profile.subject)["models"]] == [
        ("20270101-a", 1)
    ]


def test_every_look_is_audited_without_a_value(
    rights: Rights, profile: Profile, chatted: str, audit: AuditLog, database: Database
) -> None:
    profile.write(home="Porto")
    rights.profile(profile.subject)
    rights.access(profile.subject)
    rights.by("operator").export(profile.subject)
    with database.read() as tx:
        entries = [dict(entry) for entry in audit.entries(tx, subject_id=profile.subject)]
    assert [(entry["act"], entry["role"]) for entry in entries] == [
        ("profile.read", "customer"), ("profile.read", "customer"), ("subject.exported", "operator"),
    ]  # fmt: skip
    assert not [word for word in ("Porto", NAME) if word in json.dumps(entries, default=str)]


def test_who_was_erased_or_never_was_is_not_found(rights: Rights, subject: str) -> None:
    rights.erase(subject)
    for nobody in (subject, "0" * 32):
        for right in (rights.profile, rights.access, rights.export, rights.erase):
            with pytest.raises(NotFound):
                right(nobody)
