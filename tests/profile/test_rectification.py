"""Rectification: a fact is put right, and its copies follow."""

from typing import Any

import pytest

from tactful.chat.memory import Memory
from tactful.errors import DetectorUnavailable, Personal
from tactful.privacy.policy import Policy
from tactful.profile.rights import Rights
from tactful.profile.signing import Signer
from tactful.store.audit import AuditLog
from tactful.store.crypto import SubjectCipher
from tactful.store.database import Database
from tactful.store.vault import Vault
from tests.conftest import Clock
from tests.profile.conftest import NAME, Profile, spoken


def values(database: Database, vault: Vault, conversation: str) -> dict[str, str]:
    with database.read() as tx:
        return {entry.placeholder: entry.value for entry in vault.entries(tx, conversation)}


def test_a_correction_replaces_what_was_told(rights: Rights, profile: Profile) -> None:
    profile.write(home="Porto")
    assert rights.rectify(profile.subject, {"home": "Lisbon"}) == ["home"]
    assert profile.values == {"home": "Lisbon"}
    assert rights.profile(profile.subject)[0]["source"] == "chosen"
    assert [each["right"] for each in rights.requests(profile.subject)] == ["rectification"]


def test_a_corrected_name_is_corrected_in_every_conversation(
    rights: Rights, profile: Profile, vault: Vault, chatted: str, database: Database
) -> None:
    other = spoken(profile, vault, "e" * 32, "Bartholomew Fizz")
    profile.write(name=NAME)
    rights.rectify(profile.subject, {"name": "Filippa Quimbleton"})
    assert values(database, vault, chatted) == {"PERSON_1": "Filippa Quimbleton"}
    assert values(database, vault, other) == {"PERSON_1": "Bartholomew Fizz", "PERSON_2": "Filippa Quimbleton"}
    said = [message["text"] for each in rights.export(profile.subject)["conversations"] for message in each["messages"]]
    assert "Hello Filippa Quimbleton." in said
    assert NAME not in " ".join(said)


def test_the_bot_knows_the_new_name_by_a_placeholder_only(
    rights: Rights,
    profile: Profile,
    vault: Vault,
    cipher: SubjectCipher,
    policy: Policy,
    signer: Signer,
    audit: AuditLog,
    clock: Clock,
    chatted: str,
) -> None:
    rights.rectify(profile.subject, {"name": "Filippa Quimbleton"})
    memory = Memory(vault, cipher, policy, signer, audit, clock)
    with profile.database.read() as tx:
        assert memory.slots(tx, chatted) == {"name": "PERSON_2"}


def test_a_conversation_that_is_over_gets_no_new_name(
    rights: Rights, profile: Profile, vault: Vault, clock: Clock, chatted: str, database: Database
) -> None:
    clock.forward(days=31)
    rights.rectify(profile.subject, {"name": "Filippa Quimbleton"})
    assert values(database, vault, chatted) == {"PERSON_1": NAME}


@pytest.mark.parametrize(
    "personal",
    [
        {"home": "12 Baker Street, London"},
        {"interests": ["hiking", "call me 555-201-4433"]},
        {"interests": [f"books by {NAME}"]},
        {"home": "[PERSON_1]"},
        {"home": "Philippa Quimbleton"},
        {"past_trips": ["porto", "to philippa@example.com"]},
    ],
)
def test_something_personal_in_a_fact_of_ones_own_words_is_refused_and_not_quoted(
    rights: Rights, profile: Profile, personal: dict[str, Any]
) -> None:
    with pytest.raises(Personal, match="holds something personal") as refused:
        rights.rectify(profile.subject, {"season": "spring", **personal})
    assert not any(str(word) in str(refused.value) for word in personal.values())
    assert profile.values == {}


@pytest.mark.parametrize("home", ["Charlotte", "LIS", "St. Louis", "Tulsa (TUL)", "Bad Homburg", "skipped", None])
def test_a_place_is_no_person(rights: Rights, profile: Profile, home: str | None) -> None:
    rights.rectify(profile.subject, {"home": home, "interests": ["street art", "jazz"]})
    assert profile.values.get("home") == home


def test_what_cannot_be_looked_at_is_not_kept(rights: Rights, profile: Profile) -> None:
    def away(text: str, question: str) -> bool:
        raise DetectorUnavailable

    with pytest.raises(DetectorUnavailable):
        rights.reading(away).rectify(profile.subject, {"season": "spring", "interests": ["hiking"]})
    assert profile.values == {}
