"""Restriction (GDPR art. 18): data is stored and nothing else. Objection (art. 21): not for this purpose."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, update

from tactful.errors import BadRequest
from tactful.profile import consent
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.refusals import Refusal, What
from tactful.store.tables import objections, subjects


def restrict(with_: Parts, subject_id: str, restricted: bool) -> None:
    """Pause the use of a subject's data, or take it up again. Errors: `NotFound`."""
    with with_.database.begin() as tx:
        if parts.subject(tx, subject_id).restricted == restricted:
            return
        tx.execute(update(subjects).where(subjects.c.id == subject_id).values(restricted=restricted))
        consent.settle(tx, subject_id, with_.policy)
        ledger.done(tx, subject_id, "restriction", with_.via, with_.clock())
        if restricted:
            with_.refusals.note(subject_id, Refusal(with_.clock(), What.RESTRICTION))
        with_.note(tx, Act.RESTRICTED if restricted else Act.UNRESTRICTED, subject_id)


def object_to(with_: Parts, subject_id: str, wanted: Mapping[str, bool]) -> list[str]:
    """Object to purposes (true), or no longer (false); those objected to now.

    An objection outweighs a consent given before. Errors: `NotFound`; `BadRequest` for an unknown purpose, and for
    the one that rests on explicit consent alone: that is withdrawn instead.
    """
    for purpose in wanted:
        consent.check(purpose)
        if purpose == consent.SENSITIVE:
            raise BadRequest("This rests on your consent alone: withdraw that instead.")
    with with_.database.begin() as tx:
        parts.subject(tx, subject_id)
        before = consent.objected(tx, subject_id)
        new = {purpose for purpose, objects in wanted.items() if objects} - before
        ended = {purpose for purpose, objects in wanted.items() if not objects} & before
        now = with_.clock()
        for purpose in sorted(new):
            tx.execute(insert(objections).values(subject_id=subject_id, purpose=purpose, at=now))
            with_.refusals.note(subject_id, Refusal(now, What.OBJECTION, purpose))
        tx.execute(delete(objections).where(objections.c.subject_id == subject_id, objections.c.purpose.in_(ended)))
        consent.settle(tx, subject_id, with_.policy)
        if new:
            ledger.done(tx, subject_id, "objection", with_.via, now)
            with_.note(tx, Act.OBJECTED, subject_id, new)
        if ended:
            with_.note(tx, Act.OBJECTION_ENDED, subject_id, ended)
        return sorted((before | new) - ended)
