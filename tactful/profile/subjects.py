"""Subjects: customers as the privacy rights see them. Known ones are found by a blind index, never by their id."""

import secrets

from sqlalchemy import Connection, insert, select

from tactful.errors import Unavailable
from tactful.store.crypto import KeyRing
from tactful.store.keys import new_key
from tactful.store.tables import subjects

EXTERNAL = "external-customer"


def create(tx: Connection, ring: KeyRing, *, now: int, external_id: str | None = None) -> str:
    """A new subject with a data key of its own; its id."""
    subject_id = secrets.token_hex(16)
    wrapped = new_key(tx, ring, subject_id)
    tx.execute(
        insert(subjects).values(
            id=subject_id,
            external_index=ring.blind_index(EXTERNAL, external_id) if external_id is not None else None,
            wrapped_key=wrapped.blob,
            key_id=wrapped.key_id,
            restricted=False,
            created_at=now,
        )
    )
    return subject_id


def there(tx: Connection) -> list[str]:
    """All who are not erased."""
    return list(tx.execute(select(subjects.c.id).where(subjects.c.erased_at.is_(None))).scalars())


def erased(tx: Connection) -> list[str]:
    """All of whom nothing is left but a row."""
    return list(tx.execute(select(subjects.c.id).where(subjects.c.erased_at.is_not(None))).scalars())


def by_external(tx: Connection, ring: KeyRing, external_id: str) -> str | None:
    """The subject that the company knows by this id. Errors: `Unavailable` while it is being erased."""
    found = named(tx, ring, external_id)
    if found is not None and not exists(tx, found):
        raise Unavailable("What was kept of this customer is being erased. Try again in a moment.", retry_after=5)
    return found


def named(tx: Connection, ring: KeyRing, external_id: str) -> str | None:
    """The same, also while it is being erased."""
    found: str | None = tx.execute(
        select(subjects.c.id).where(
            subjects.c.external_index == ring.blind_index(EXTERNAL, external_id), subjects.c.erased_at.is_(None)
        )
    ).scalar_one_or_none()
    return found


def exists(tx: Connection, subject_id: str) -> bool:
    """Whether the subject is there, and neither erased nor being erased."""
    row = tx.execute(
        select(subjects.c.id).where(
            subjects.c.id == subject_id, subjects.c.erased_at.is_(None), subjects.c.erasing_at.is_(None)
        )
    )
    return row.first() is not None
