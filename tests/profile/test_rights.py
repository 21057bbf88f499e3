"""The rights of a subject: see, take along, correct, withdraw, be forgotten."""

import json

import pytest

from tactful.chat import transcript
from tactful.errors import NotFound
from tactful.privacy.placeholders import Replacement
from tactful.profile import subjects
from tactful.profile.rights import Rights
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import conversations
from tactful.store.vault import Vault
from tests.conftest import Clock
from tests.profile.conftest import Elsewhere, Profile, rows

CONVERSATION = "c" * 32


@pytest.fixture
def chatted(database: Database, subject: str, clock: Clock, vault: Vault) -> str:
    """A conversation in which the subject told a name."""
    with database.begin() as tx:
        tx.execute(
            conversations.insert().values(
                id=CONVERSATION, subject_id=subject, created_at=clock(), expires_at=clock() + 1_000_000
            )
        )
        vault.keep(tx, CONVERSATION, subject, [Replacement("PERSON_1", "PERSON", "Philippa Quimbleton")])
        transcript.add_replies(tx, CONVERSATION, [transcript.Reply("Hello PERSON_1.")], 1, clock())
    return CONVERSATION


def test_the_profile_says_why_since_when_and_until_when(rights: Rights, profile: Profile) -> None:
    profile.write(home="Porto")
    (home,) = rights.profile(profile.subject)
    assert home["value"] == "Porto"
    assert home["source"] == "told"
    assert home["label"]
    assert home["purpose"]
    assert home["learned_at"] < home["expires_at"]


def test_a_correction_replaces_what_was_told(rights: Rights, profile: Profile) -> None:
    profile.write(home="Porto")
    assert rights.rectify(profile.subject, {"home": "Lisbon"}) == ["home"]
    assert profile.values == {"home": "Lisbon"}
    assert rights.profile(profile.subject)[0]["source"] == "chosen"


def test_the_export_holds_the_real_values(rights: Rights, profile: Profile, chatted: str) -> None:
    profile.write(home="Porto")
    exported = json.dumps(rights.export(profile.subject))
    assert "Porto" in exported
    assert "Hello Philippa Quimbleton." in exported


def test_erasure_leaves_a_tombstone_only(
    rights: Rights, profile: Profile, chatted: str, elsewhere: Elsewhere, database: Database, ring: KeyRing
) -> None:
    profile.write(home="Porto")
    profile.allow("training")
    counts = rights.erase(profile.subject)
    assert counts["facts"] == counts["vault"] == counts["consents"] == counts["conversations"] == 1
    assert elsewhere.forgotten == [chatted]
    assert {name: n for name, n in rows(database).items() if n} == {"subjects": 1, "receipts": 1}
    with database.read() as tx:
        assert not subjects.exists(tx, profile.subject)
        assert subjects.by_external(tx, ring, "C-1042") is None


def test_an_erasure_that_fails_elsewhere_erases_nothing_and_can_be_tried_again(
    rights: Rights, profile: Profile, chatted: str, elsewhere: Elsewhere
) -> None:
    profile.write(home="Porto")
    elsewhere.away = True
    with pytest.raises(ConnectionError):
        rights.erase(profile.subject)
    assert profile.values == {"home": "Porto"}
    elsewhere.away = False
    assert rights.erase(profile.subject)["facts"] == 1


def test_who_was_erased_or_never_was_is_not_found(rights: Rights, subject: str) -> None:
    rights.erase(subject)
    for nobody in (subject, "0" * 32):
        with pytest.raises(NotFound):
            rights.erase(nobody)
        with pytest.raises(NotFound):
            rights.export(nobody)
