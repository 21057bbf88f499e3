"""Consent: asked per purpose, withdrawn as easily as given, each answer with a receipt that proves it."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from tactful.chat import transcript
from tactful.errors import BadRequest, NotAllowed, NotFound
from tactful.profile import consent
from tactful.profile.receipts import as_code
from tactful.profile.rights import Rights
from tactful.profile.signing import SIGNATURE, Signer, canonical
from tactful.store.database import Database
from tactful.store.tables import conversations, receipts
from tests.profile.conftest import Profile


def test_what_was_never_asked_is_granted_only_where_no_asking_is_needed(rights: Rights, subject: str) -> None:
    state = rights.consents(subject)
    assert {each["purpose"]: each["granted"] for each in state["purposes"]} == {
        "sensitive": False, "personalisation": True, "human_review": False, "training": False,
    }  # fmt: skip
    assert all(each["label"] and each["why"] and not each["answered"] for each in state["purposes"])


def test_an_unknown_purpose_is_refused_and_nothing_else_of_the_answer_is_kept(rights: Rights, subject: str) -> None:
    with pytest.raises(BadRequest):
        rights.consent(subject, {"human_review": True, "world_domination": True})
    assert rights.consents(subject)["human_review"] is False


def test_a_purpose_shows_the_redacted_words_that_others_would_see(
    rights: Rights, profile: Profile, database: Database
) -> None:
    with database.begin() as tx:
        tx.execute(conversations.insert().values(id="c" * 32, subject_id=profile.subject, created_at=1, expires_at=2))
        transcript.add_replies(
            tx, "c" * 32, [transcript.Reply("I am PERSON_1", author="customer"), transcript.Reply("Hello!")], 1, 1
        )
    shows = {each["purpose"]: each["shows"] for each in rights.consents(profile.subject)["purposes"]}
    assert shows == {
        "sensitive": None, "personalisation": None, "human_review": "I am PERSON_1", "training": "I am PERSON_1",
    }  # fmt: skip


def test_a_receipt_is_made_for_each_change_and_for_no_repeat(rights: Rights, subject: str) -> None:
    first = rights.consent(subject, {"training": True, "human_review": True})["receipts"]
    assert [receipt["purpose"] for receipt in first] == ["training", "human_review"]
    assert rights.consent(subject, {"training": True})["receipts"] == []
    (withdrawn,) = rights.consent(subject, {"training": False})["receipts"]
    assert withdrawn["granted"] is False
    assert rights.receipts(subject)[0]["receipt"]["id"] == withdrawn["id"]


def test_a_receipt_says_whether_it_still_stands(rights: Rights, subject: str) -> None:
    (given,) = rights.consent(subject, {"training": True})["receipts"]
    assert rights.receipt_by_code(given["code"])["stands"] is True
    rights.consent(subject, {"training": False})
    seen = rights.receipt_by_code(given["code"].lower().replace("-", " "))
    assert seen == {"receipt": given, "signature_valid": True, "stands": False}


def test_a_receipt_outlives_its_subject_and_names_nobody(rights: Rights, subject: str, database: Database) -> None:
    (given,) = rights.consent(subject, {"training": True})["receipts"]
    rights.erase(subject)
    assert rights.receipt_by_code(given["code"]) == {"receipt": given, "signature_valid": True, "stands": False}
    assert subject not in json.dumps(given)
    with database.read() as tx:
        assert tx.execute(select(receipts.c.subject_id)).scalars().all() == [None]


def test_a_receipt_that_was_changed_in_the_database_shows_it(rights: Rights, subject: str, database: Database) -> None:
    (given,) = rights.consent(subject, {"training": True})["receipts"]
    with database.begin() as tx:
        tx.execute(receipts.update().values(document=json.dumps(given | {"granted": False})))
    assert rights.receipt_by_code(given["code"])["signature_valid"] is False


def test_anyone_can_check_a_receipt_with_the_published_key(rights: Rights, subject: str, signer: Signer) -> None:
    (given,) = rights.consent(subject, {"training": True})["receipts"]
    signature = given.pop(SIGNATURE)
    public = Ed25519PublicKey.from_public_bytes(decode(signer.public_key["x"]))
    public.verify(decode(signature["value"]), canonical(given))
    assert signature["key_id"] == signer.public_key["kid"]


@pytest.mark.parametrize(
    "forged", [{}, {"signature": None}, {"signature": {"value": "x"}}, {"signature": {"value": "é" * 80}}]
)
def test_a_forged_document_is_not_valid(signer: Signer, forged: dict[str, Any]) -> None:
    assert signer.is_valid(signer.signed({"a": 1}))
    assert not signer.is_valid(signer.signed({"a": 1}) | {"a": 2})
    assert not signer.is_valid({"a": 1} | forged)
    assert not signer.is_valid(Signer(b"other" + bytes(27)).signed({"a": 1}))


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def test_another_customers_receipt_is_not_found(rights: Rights, subject: str) -> None:
    (given,) = rights.consent(subject, {"training": True})["receipts"]
    with pytest.raises(NotFound):
        rights.receipt("0" * 32, given["id"])
    with pytest.raises(NotFound):
        rights.receipt_by_code("0000-0000-0000-0000")
    assert rights.receipt(subject, given["id"])["receipt"] == given


def test_a_code_is_read_as_it_was_meant() -> None:
    assert as_code(" 7kqf-2m9d xw4r8tb0 ") == "7KQF-2M9D-XW4R-8TB0"
    assert as_code("OIL0-0000-0000-0000") == "0110-0000-0000-0000"


def test_without_personalisation_nothing_new_is_kept_and_what_is_there_can_be_corrected(
    rights: Rights, profile: Profile
) -> None:
    profile.write(home="Porto")
    rights.consent(profile.subject, {"personalisation": False})
    with pytest.raises(NotAllowed):
        profile.write(budget=900)
    assert profile.write(home="Faro", name="Ana") == ["home", "name"]
    assert profile.values == {"home": "Faro", "name": "Ana"}


def test_a_purpose_is_allowed_only_when_given_and_neither_objected_to_nor_restricted(
    profile: Profile, database: Database
) -> None:
    def allowed() -> bool:
        with database.read() as tx:
            return consent.allowed(tx, profile.subject, "training", profile.policy)

    assert not allowed()
    profile.allow("training")
    assert allowed()
    profile.allow("training", False)
    assert not allowed()


def test_the_policy_can_ask_for_every_purpose_first(profile: Profile) -> None:
    asking = profile.policy.purposes["personalisation"].model_copy(update={"consent": "ask"})
    strict = profile.policy.model_copy(update={"purposes": {**profile.policy.purposes, "personalisation": asking}})
    with pytest.raises(NotAllowed):
        replace(profile, policy=strict).write(home="Porto")
    profile.allow("personalisation")
    assert replace(profile, policy=strict).write(home="Porto") == ["home"]
