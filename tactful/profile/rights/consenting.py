"""Consent, given and withdrawn with the same ease (GDPR art. 7), each answer with its receipt."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from tactful.privacy.policy import Policy
from tactful.profile import consent, receipts
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.tables import conversations, messages
from tactful.times import iso

SHOWN = ("human_review", "training")  # purposes for which others would see words
EXAMPLES = 3  # messages


def state(with_: Parts, subject_id: str) -> dict[str, Any]:
    """Purpose → granted; `purposes`: each with label, why, example, since when, receipt; `restricted`: all paused."""
    with with_.database.read() as tx:
        return _state(tx, with_.policy, subject_id)


def answer(with_: Parts, subject_id: str, given: Mapping[str, bool]) -> dict[str, Any]:
    """Give or withdraw; the new state with the receipts of what changed.

    Errors: `BadRequest` for an unknown purpose, `NotFound`; nothing is changed then.
    """
    for purpose in given:
        consent.check(purpose)
    with with_.database.begin() as tx:
        parts.subject(tx, subject_id)
        before, made = consent.current(tx, subject_id), []
        for purpose, granted in given.items():
            if before.get(purpose) != granted:  # the same answer twice is one answer
                made.append(
                    consent.put(
                        tx, subject_id, purpose, granted,
                        policy=with_.policy, signer=with_.signer, now=with_.clock(),
                    )
                )  # fmt: skip
        for receipt in made:
            with_.refusals.withdrawn(subject_id, receipt)
        for act, granted in ((Act.CONSENT_GIVEN, True), (Act.CONSENT_WITHDRAWN, False)):
            if changed := [receipt["purpose"] for receipt in made if receipt["granted"] == granted]:
                if not granted:
                    ledger.done(tx, subject_id, "withdrawal", with_.via, with_.clock())
                with_.note(tx, act, subject_id, changed)
        return _state(tx, with_.policy, subject_id) | {"receipts": made}


def _state(tx: Connection, policy: Policy, subject_id: str) -> dict[str, Any]:
    listed = purposes(tx, policy, subject_id)
    granted = {each["purpose"]: each["granted"] for each in listed}
    return granted | {"purposes": listed, "restricted": consent.restricted(tx, subject_id)}


def purposes(tx: Connection, policy: Policy, subject_id: str) -> list[dict[str, Any]]:
    """Each purpose with label, why, whether it is granted and was answered, since when, its receipt, an example."""
    granted, answers = consent.state(tx, subject_id, policy), consent.answers(tx, subject_id)
    receipt_of, example = receipts.newest(tx, subject_id), _example(tx, subject_id)
    return [
        {
            "purpose": purpose,
            "label": policy.purposes[purpose].label,
            "why": policy.purposes[purpose].why,
            "granted": granted[purpose],
            "answered": purpose in answers,
            "since": iso(answers[purpose].at) if purpose in answers else None,
            "receipt_id": receipt_of.get(purpose),
            "shows": example if purpose in SHOWN else None,
        }
        for purpose in consent.PURPOSES
    ]


def _example(tx: Connection, subject_id: str) -> str | None:
    """The customer's latest words as others would see them: redacted. None while there are none."""
    rows = tx.execute(
        select(messages.c.text)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(conversations.c.subject_id == subject_id, messages.c.author == "customer", messages.c.text != "")
        .order_by(messages.c.created_at.desc(), messages.c.seq.desc())
        .limit(EXAMPLES)
    ).scalars()
    return "\n".join(reversed(list(rows))) or None
