"""Rectification: a fact is put right, and its copies follow."""

from tactful.chat.memory import Memory
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
