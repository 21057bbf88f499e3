"""Where subjects' wrapped keys are kept."""

from sqlalchemy import Connection, select, text

from tactful.errors import NotFound
from tactful.store.crypto import KeyRing, WrappedKey
from tactful.store.database import check_writing
from tactful.store.tables import subjects

KEYS_LOCK = 0x7AC7F02  # any number, the same for every door


def key_of(tx: Connection, subject_id: str) -> WrappedKey:
    """The subject's wrapped data key. Errors: `NotFound` when the subject is unknown or erased."""
    row = tx.execute(select(subjects.c.key_id, subjects.c.wrapped_key).where(subjects.c.id == subject_id)).first()
    if row is None or row.wrapped_key is None:
        raise NotFound
    return WrappedKey(row.key_id, row.wrapped_key)


def new_key(tx: Connection, ring: KeyRing, subject_id: str) -> WrappedKey:
    """A data key for a subject that is about to be written; its wrapping key is not retired before the commit."""
    check_writing(tx)
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"SELECT pg_advisory_xact_lock_shared({KEYS_LOCK})"))
    return ring.new_data_key(subject_id)


def alone_with_keys(tx: Connection) -> None:
    """Wait until nobody is at `new_key`, and keep everybody away until the end of the transaction."""
    check_writing(tx)  # on SQLite that is enough: one writes at a time
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"SELECT pg_advisory_xact_lock({KEYS_LOCK})"))
