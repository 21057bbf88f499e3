"""Consent per purpose, append-only: the newest row counts, the older ones tell the history."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from tactful.errors import BadRequest
from tactful.privacy.policy import Policy
from tactful.profile import receipts
from tactful.profile.signing import Signer
from tactful.store import search
from tactful.store.refusals import Refusal
from tactful.store.tables import consents, facts, objections, queue_entries, subjects, turns

SENSITIVE = "sensitive"
PERSONALISATION = "personalisation"
HUMAN_REVIEW = "human_review"
PURPOSES = (SENSITIVE, PERSONALISATION, HUMAN_REVIEW, "training")

# Asked in every turn: building a statement costs as much as running it.
_WHOSE: BindParameter[str] = bindparam("whose")
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_NEWEST = select(func.max(consents.c.id)).where(consents.c.subject_id == _WHOSE).group_by(consents.c.purpose)
_ANSWERS = select(consents.c.purpose, consents.c.granted, consents.c.at).where(consents.c.id.in_(_NEWEST))
_RESTRICTED = select(subjects.c.restricted).where(subjects.c.id == _WHOSE, subjects.c.erased_at.is_(None))
_OBJECTED = select(objections.c.purpose).where(objections.c.subject_id == _WHOSE)
_THERE = select(subjects.c.id).where(
    subjects.c.id.in_(_IDS), ~subjects.c.restricted, subjects.c.erased_at.is_(None), subjects.c.erasing_at.is_(None)
)
_NEWEST_REVIEW = (
    select(func.max(consents.c.id))
    .where(consents.c.subject_id.in_(_IDS), consents.c.purpose == HUMAN_REVIEW)
    .group_by(consents.c.subject_id)
)
_REVIEW = select(consents.c.subject_id, consents.c.granted).where(consents.c.id.in_(_NEWEST_REVIEW))
_NO_REVIEW = select(objections.c.subject_id).where(
    objections.c.subject_id.in_(_IDS), objections.c.purpose == HUMAN_REVIEW
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer last said to a purpose."""

    granted: bool
    at: int


def answers(tx: Connection, subject_id: str) -> dict[str, Answer]:
    """Purpose → the newest answer, for the purposes that were ever answered."""
    rows = tx.execute(_ANSWERS, {"whose": subject_id})
    return {purpose: Answer(bool(granted), at) for purpose, granted, at in rows}


def current(tx: Connection, subject_id: str) -> dict[str, bool]:
    """Purpose → granted, for the purposes that were ever answered."""
    return {purpose: answer.granted for purpose, answer in answers(tx, subject_id).items()}


def state(tx: Connection, subject_id: str, policy: Policy) -> dict[str, bool]:
    """Purpose → granted now. One never answered is granted only where privacy.yml needs no asking."""
    unasked = {purpose: policy.purposes[purpose].consent == "never" for purpose in PURPOSES}
    return unasked | current(tx, subject_id)


def given(tx: Connection, subject_id: str, purpose: str, policy: Policy) -> bool:
    """Whether the purpose is granted, or needs no asking, and the subject did not object to it (GDPR art. 21)."""
    return state(tx, subject_id, policy)[purpose] and purpose not in objected(tx, subject_id)


def restricted(tx: Connection, subject_id: str) -> bool:
    """Whether data of the subject may only be stored (GDPR art. 18). A subject who is gone is."""
    return tx.execute(_RESTRICTED, {"whose": subject_id}).scalar_one_or_none() is not False


def allowed(tx: Connection, subject_id: str, purpose: str, policy: Policy) -> bool:
    """Whether data of the subject may be used for this purpose now: given, and not restricted."""
    return not restricted(tx, subject_id) and given(tx, subject_id, purpose, policy)


def readable(tx: Connection, subject_ids: Collection[str], policy: Policy) -> set[str]:
    """Those of the subjects whose conversations people may read now: `allowed` for human review, for many at once."""
    ids = {"ids": list(set(subject_ids))}
    answered = dict(tx.execute(_REVIEW, ids).all())
    refused = set(tx.execute(_NO_REVIEW, ids).scalars())
    unasked = policy.purposes[HUMAN_REVIEW].consent == "never"
    there = tx.execute(_THERE, ids).scalars()
    return {each for each in there if answered.get(each, unasked) and each not in refused}


def settle(tx: Connection, subject_id: str, policy: Policy) -> None:
    """Keep what reviewers find, and search, in step with what the subject allows now. Called by all that changes it."""
    may = subject_id in readable(tx, [subject_id], policy)
    theirs = select(turns.c.id).where(turns.c.subject_id == subject_id)
    changed = tx.execute(
        select(turns.c.id, turns.c.conversation_id, turns.c.seq).where(
            turns.c.subject_id == subject_id, turns.c.readable != may
        )
    ).all()
    for turn in changed if may else ():
        search.put(tx, turn.id, search.words_of(tx, turn.conversation_id, turn.seq))
    if not may:
        search.forget(tx, [turn.id for turn in changed])
    tx.execute(update(queue_entries).where(queue_entries.c.turn_id.in_(theirs)).values(readable=may))
    tx.execute(update(turns).where(turns.c.subject_id == subject_id).values(readable=may))


def objected(tx: Connection, subject_id: str) -> set[str]:
    """The purposes that the subject objected to."""
    return set(tx.execute(_OBJECTED, {"whose": subject_id}).scalars())


def check(purpose: str) -> None:
    """Errors: `BadRequest` for a purpose that does not exist."""
    if purpose not in PURPOSES:
        raise BadRequest(f"There is no such purpose. Purposes: {', '.join(PURPOSES)}.")


def put(
    tx: Connection,
    subject_id: str,
    purpose: str,
    granted: bool,
    *,
    policy: Policy,
    signer: Signer,
    now: int,
    because: str = "",
) -> dict[str, Any]:
    """Record an answer; its signed receipt. Withdrawing consent to sensitive data deletes that data.

    `because`: what the receipt says besides, where it was not the customer who answered.
    Errors: `BadRequest` for a purpose that does not exist.
    """
    check(purpose)
    _answered(tx, subject_id, purpose, granted, policy, policy.version, now)
    return receipts.add(tx, subject_id, purpose, granted, policy=policy, signer=signer, now=now, because=because)


def withdrawn(tx: Connection, subject_id: str, refusal: Refusal, *, policy: Policy, signer: Signer) -> None:
    """Record a withdrawal that was made before, with the receipt that the customer got then."""
    receipt = refusal.receipt
    if receipt is None or not signer.is_valid(receipt):
        put(tx, subject_id, refusal.purpose, False, policy=policy, signer=signer, now=refusal.at)
        return
    _answered(tx, subject_id, refusal.purpose, False, policy, str(receipt["policy_version"]), refusal.at)
    receipts.keep(tx, subject_id, receipt, refusal.at)


def _answered(
    tx: Connection, subject_id: str, purpose: str, granted: bool, policy: Policy, version: str, now: int
) -> None:
    tx.execute(
        insert(consents).values(subject_id=subject_id, purpose=purpose, granted=granted, policy_version=version, at=now)
    )
    if purpose == SENSITIVE and not granted:
        explicit = [name for name, attribute in policy.attributes.items() if attribute.consent == "explicit"]
        tx.execute(delete(facts).where(facts.c.subject_id == subject_id, facts.c.name.in_(explicit)))
    if purpose == HUMAN_REVIEW:
        settle(tx, subject_id, policy)
