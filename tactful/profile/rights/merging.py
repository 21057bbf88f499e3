"""An anonymous customer says who they are: what was known of them becomes the known customer's, and they are gone."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tactful.errors import BadRequest, Unavailable
from tactful.profile import consent, facts
from tactful.profile.facts import INFERRED, Fact
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.erasure import Elsewhere, wipe
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.refusals import Refusal, What
from tactful.store.tables import conversations, correction_changes, corrections, objections, reveals, subjects, turns
from tactful.store.tables import requests as requests_table


def merge(with_: Parts, elsewhere: Elsewhere, anonymous: str, known: str) -> dict[str, Any]:
    """Merge the anonymous subject into the known one, in one transaction; {profile, conversations, values} counted.

    Of two facts, what was told weighs more than what was inferred; else the newer one stays. Of two answers to a
    purpose the stricter holds. Values are re-encrypted, and the anonymous subject is erased with its key.
    Errors: `NotFound`; `BadRequest` unless one is anonymous and the other is known; `Unavailable` during a turn.
    """
    if anonymous == known:
        raise BadRequest("Both are the same customer already.")
    now = with_.clock()
    with with_.database.begin() as tx:
        _check(tx, anonymous, known)
        held = _conversations(tx, anonymous, now)
        _limits(with_, tx, anonymous, known)
        taken = _facts(with_, tx, anonymous, known)
        values = sum(with_.vault.move(tx, each, known) for each in held)
        tx.execute(
            update(conversations)
            .where(conversations.c.subject_id == anonymous)
            .values(subject_id=known, lease_owner=None, lease_until=0)
        )
        for table in (requests_table, corrections, reveals, turns):
            tx.execute(update(table).where(table.c.subject_id == anonymous).values(subject_id=known))
        # Kept under a key that is about to go: what reviewers put right here can no longer be undone.
        tx.execute(delete(correction_changes).where(correction_changes.c.subject_id == anonymous))
        consent.settle(tx, known, with_.policy)
        wipe(tx, anonymous)
        tx.execute(update(subjects).where(subjects.c.id == anonymous).values(wrapped_key=None, erased_at=now))
        ledger.done(tx, known, "merge", with_.via, now)
        counts = {"facts": taken, "conversations": len(held), "vault": values}
        with_.note(tx, Act.ERASED, anonymous)
        with_.note(tx, Act.MERGED, known, counts)
        elsewhere.mark(anonymous)
    return {"profile": taken, "conversations": len(held), "values": values}


def _check(tx: Connection, anonymous: str, known: str) -> None:
    for subject_id in (anonymous, known):
        if parts.subject(tx, subject_id).erasing_at is not None:
            raise Unavailable("One of the two is being erased.")
    named = dict(
        tx.execute(select(subjects.c.id, subjects.c.external_index).where(subjects.c.id.in_((anonymous, known)))).all()
    )
    if named[known] is None:
        raise BadRequest("Sign in first: only a known customer can take over an anonymous conversation.")
    if named[anonymous] is not None:
        raise BadRequest("That conversation belongs to a known customer.")


def _conversations(tx: Connection, subject_id: str, now: int) -> list[str]:
    """The subject's conversations, their rows held. A turn under way would write under the old key: it goes first."""
    held = tx.execute(
        update(conversations)
        .where(conversations.c.subject_id == subject_id)
        .values(lease_fence=conversations.c.lease_fence)
        .returning(conversations.c.id, conversations.c.lease_owner, conversations.c.lease_until)
    ).all()
    if any(row.lease_owner is not None and row.lease_until >= now for row in held):
        raise Unavailable("An answer is still under way. Try again in a moment.", retry_after=2)
    return [row.id for row in held]


def _limits(with_: Parts, tx: Connection, anonymous: str, known: str) -> None:
    """Consent only where both have it; restriction and objections of either."""
    for purpose in consent.PURPOSES:
        ours = consent.state(tx, known, with_.policy)[purpose]
        if ours and not consent.state(tx, anonymous, with_.policy)[purpose]:
            receipt = consent.put(
                tx, known, purpose, False, policy=with_.policy, signer=with_.signer, now=with_.clock()
            )
            with_.refusals.withdrawn(known, receipt)
    for purpose in consent.objected(tx, anonymous) - consent.objected(tx, known):
        now = with_.clock()
        tx.execute(insert(objections).values(subject_id=known, purpose=purpose, at=now))
        with_.refusals.note(known, Refusal(now, What.OBJECTION, purpose))
    if consent.restricted(tx, anonymous):
        with_.refusals.note(known, Refusal(with_.clock(), What.RESTRICTION))
        tx.execute(update(subjects).where(subjects.c.id == known).values(restricted=True))


def _facts(with_: Parts, tx: Connection, anonymous: str, known: str) -> int:
    now, taken = with_.clock(), 0
    theirs, ours = (facts.load(tx, with_.cipher, each, now) for each in (anonymous, known))
    for name, fact in theirs.items():
        if not _weighs_more(fact, ours.get(name)):
            continue
        try:
            facts.check(tx, with_.policy, known, name, fact.value, known=name in ours)
        except BadRequest:
            continue  # the stricter consent does not cover it: it goes with the anonymous subject
        facts.put(tx, with_.cipher, known, fact)
        taken += 1
    return taken


def _weighs_more(fact: Fact, other: Fact | None) -> bool:
    if other is None:
        return True
    if (fact.source == INFERRED) != (other.source == INFERRED):
        return other.source == INFERRED
    return fact.learned_at > other.learned_at
