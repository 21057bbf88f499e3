"""Where subjects' wrapped keys are kept."""

from sqlalchemy import Connection, select

from tactful.errors import NotFound
from tactful.store.crypto import WrappedKey
from tactful.store.tables import subjects


def key_of(tx: Connection, subject_id: str) -> WrappedKey:
    """The subject's wrapped data key. Errors: `NotFound` when the subject is unknown or erased."""
    row = tx.execute(select(subjects.c.key_id, subjects.c.wrapped_key).where(subjects.c.id == subject_id)).first()
    if row is None or row.wrapped_key is None:
        raise NotFound
    return WrappedKey(row.key_id, row.wrapped_key)
