"""What was refused since a backup, refused again: withdrawals with their own receipts, objections, restrictions.

Applied at every start and by a restore. What the database knows already, or knows to have been taken back since, stays.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from tactful.profile import consent, subjects
from tactful.profile.rights import ledger
from tactful.profile.rights.parts import OPERATOR, Parts
from tactful.store.audit import SYSTEM, Act, Reason
from tactful.store.missing_rows import add_missing
from tactful.store.refusals import Refusal, What
from tactful.store.tables import audit, objections
from tactful.store.tables import subjects as table

UNKNOWN = "restored_backup"  # in a receipt: nobody withdrew, nobody knows whether anybody did
_ACTS = {What.CONSENT: Act.CONSENT_WITHDRAWN, What.OBJECTION: Act.OBJECTED, What.RESTRICTION: Act.RESTRICTED}
_RIGHTS = {What.CONSENT: "withdrawal", What.OBJECTION: "objection", What.RESTRICTION: "restriction"}


def again(with_: Parts, there: Sequence[str] | None = None) -> list[str]:
    """Refuse again what the database does not know of; the subjects of whom that was so.

    `there`: all who are not erased, if somebody has just read that.
    """
    refusals = with_.refusals.by_pseudonym()
    if not refusals:
        return []
    if there is None:
        with with_.database.read() as tx:
            there = subjects.there(tx)
    named = {each: found for each in there if (found := refusals.get(with_.refusals.pseudonym(each)))}
    return [subject_id for subject_id, theirs in named.items() if _again(with_, subject_id, theirs)]


def _again(with_: Parts, subject_id: str, refusals: Sequence[Refusal]) -> bool:
    with with_.database.begin() as tx:
        new = [refusal for refusal in refusals if _apply(with_, tx, subject_id, refusal)]
        if new:
            consent.settle(tx, subject_id, with_.policy)
        for refusal in new:
            ledger.done(tx, subject_id, _RIGHTS[refusal.what], OPERATOR, refusal.at)
        for refusal in new:
            with_.audit.record(
                tx, _ACTS[refusal.what], actor=SYSTEM, subject_id=subject_id, reason=Reason.RESTORED_BACKUP,
                fields=[refusal.purpose] if refusal.purpose else (),
            )  # fmt: skip
    return bool(new)


def _apply(with_: Parts, tx: Connection, subject_id: str, refusal: Refusal) -> bool:
    """Whether it was news."""
    if refusal.what is What.CONSENT:
        said = consent.answers(tx, subject_id).get(refusal.purpose)
        if said and (said.at > refusal.at or (said.at == refusal.at and not said.granted)):
            return False
        consent.withdrawn(tx, subject_id, refusal, policy=with_.policy, signer=with_.signer)
        return True
    if refusal.what is What.OBJECTION:
        known = refusal.purpose in consent.objected(tx, subject_id)
        if known or _ended(tx, Act.OBJECTION_ENDED, subject_id, refusal):
            return False
        add_missing(tx, objections, [{"subject_id": subject_id, "purpose": refusal.purpose, "at": refusal.at}])
        return True
    if consent.restricted(tx, subject_id) or _ended(tx, Act.UNRESTRICTED, subject_id, refusal):
        return False
    tx.execute(update(table).where(table.c.id == subject_id).values(restricted=True))
    return True


def _ended(tx: Connection, act: Act, subject_id: str, refusal: Refusal) -> bool:
    """Whether the audit log says that the customer took it back afterwards."""
    rows = tx.execute(
        select(audit.c.fields).where(
            audit.c.subject_id == subject_id, audit.c.act == act.value, audit.c.at >= refusal.at
        )
    ).scalars()
    return any(not refusal.purpose or refusal.purpose in fields.split(",") for fields in rows)


def unknown(with_: Parts) -> int:
    """Nobody knows what was refused since: every purpose that is allowed is allowed no more; of how many customers.

    Each gets a receipt that says why. What rests on explicit consent is deleted, as if it had been withdrawn.
    """
    with with_.database.begin() as tx:
        there = subjects.there(tx)
        changed: dict[str, list[str]] = {}
        for subject_id in there:
            allowed = [each for each, granted in consent.state(tx, subject_id, with_.policy).items() if granted]
            for purpose in allowed:
                consent.put(
                    tx, subject_id, purpose, False,
                    policy=with_.policy, signer=with_.signer, now=with_.clock(), because=UNKNOWN,
                )  # fmt: skip
            if allowed:
                changed[subject_id] = allowed
        for subject_id, allowed in changed.items():
            with_.audit.record(
                tx, Act.CONSENT_WITHDRAWN, actor=SYSTEM, subject_id=subject_id, fields=allowed,
                reason=Reason.RESTORED_BACKUP,
            )  # fmt: skip
        return len(changed)
