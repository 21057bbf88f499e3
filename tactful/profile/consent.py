"""Consent per purpose, append-only: the newest row counts, the older ones tell the history."""

from sqlalchemy import Connection, delete, func, insert, select

from tactful.errors import BadRequest
from tactful.privacy.policy import Policy
from tactful.store.tables import consents, facts

SENSITIVE = "sensitive"
PURPOSES = (SENSITIVE, "personalisation", "human_review", "training")


def current(tx: Connection, subject_id: str) -> dict[str, bool]:
    """Purpose → granted, for the purposes that were ever answered."""
    newest = select(func.max(consents.c.id)).where(consents.c.subject_id == subject_id).group_by(consents.c.purpose)
    rows = tx.execute(select(consents.c.purpose, consents.c.granted).where(consents.c.id.in_(newest)))
    return {purpose: bool(granted) for purpose, granted in rows}


def put(tx: Connection, subject_id: str, purpose: str, granted: bool, *, policy: Policy, now: int) -> None:
    """Record an answer. Withdrawing consent to sensitive data deletes that data.

    Errors: `BadRequest` for a purpose that does not exist.
    """
    if purpose not in PURPOSES:
        raise BadRequest(f"There is no such purpose. Purposes: {', '.join(PURPOSES)}.")
    tx.execute(
        insert(consents).values(
            subject_id=subject_id, purpose=purpose, granted=granted, policy_version=policy.version, at=now
        )
    )
    if purpose == SENSITIVE and not granted:
        explicit = [name for name, attribute in policy.attributes.items() if attribute.consent == "explicit"]
        tx.execute(delete(facts).where(facts.c.subject_id == subject_id, facts.c.name.in_(explicit)))
