"""Rotation of key-encryption keys: subjects' data keys are wrapped again, a few at a time, while doors serve.

Values are not touched: they are encrypted with data keys, which stay. A door that meets a key it does not know reads
the key ring again (`KeyRing.refresh`), so no read fails.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update

from tactful.errors import BadRequest, SetupError
from tactful.store.audit import Act, Actor, AuditLog, Reason
from tactful.store.crypto import KeyRing, WrappedKey
from tactful.store.database import Database
from tactful.store.keyring import KeyFile
from tactful.store.keys import alone_with_keys
from tactful.store.tables import subjects

BATCH = 200  # subjects in a transaction: writers wait a few milliseconds


@dataclass(frozen=True, slots=True)
class Rotation:
    """The key that is current now, whether it is new, and how many data keys were wrapped again."""

    current: str
    new: bool
    rewrapped: int


class KeyRotation:
    """`key_file` is None when the keys are handed in: then they are added and removed where they come from."""

    def __init__(self, database: Database, ring: KeyRing, key_file: KeyFile | None, audit: AuditLog) -> None:
        self._database, self._ring, self._file, self._audit = database, ring, key_file, audit

    def wrapped(self) -> dict[str, int]:
        """Key id → data keys that it wraps, also for keys that are not in the ring."""
        with self._database.read() as tx:
            rows = tx.execute(
                select(subjects.c.key_id, func.count().label("wraps"))
                .where(subjects.c.wrapped_key.is_not(None))
                .group_by(subjects.c.key_id)
            ).all()
        return {row.key_id: row.wraps for row in rows}

    def rotate(self, actor: Actor, told: Callable[[int], None] = lambda done: None) -> Rotation:
        """Add a key and wrap every data key by it; an earlier rotation that was broken off is finished instead.

        Errors: `SetupError` when keys are handed in and there is no newer one; `DecryptionFailed`.
        """
        self._ring.refresh()
        unfinished = set(self.wrapped()) - {self._ring.current}
        if not unfinished:
            if self._file is None:
                raise SetupError(
                    "The keys are handed in, and the newest one wraps everything already. Put a new one in front "
                    "(TACTFUL_MASTER_KEY=NEW,OLD), restart every door, and run this again."
                )
            self._file.add()
            self._ring.refresh()
        rewrapped = 0
        while count := self._batch():
            rewrapped += count
            told(rewrapped)
        with self._database.begin() as tx:
            self._audit.record(
                tx, Act.KEY_ROTATED, actor=actor, object_id=self._ring.current,
                fields={"data_key": rewrapped}, reason=Reason.SECURITY,
            )  # fmt: skip
        return Rotation(self._ring.current, not unfinished, rewrapped)

    def retire(self, key_id: str, actor: Actor) -> None:
        """Remove a key that wraps nothing.

        Errors: `BadRequest` when it is unknown, current or still wraps something; `SetupError` when keys are handed in.
        """
        self._ring.refresh()
        if key_id not in self._ring.ids:
            raise BadRequest(f"There is no key {key_id}. See: tactful keys list")
        if key_id == self._ring.current:
            raise BadRequest(f"{key_id} is the current key. Run first: tactful keys rotate")
        with self._database.begin() as tx:
            alone_with_keys(tx)  # nobody wraps a new data key between the count and the removal
            count = tx.execute(
                select(func.count()).where(subjects.c.key_id == key_id, subjects.c.wrapped_key.is_not(None))
            ).scalar_one()
            if count:
                raise BadRequest(f"Key {key_id} still wraps {count} data keys. Run first: tactful keys rotate")
            if self._file is None:
                raise SetupError(self._where_it_comes_from(key_id))
            self._file.remove(key_id)
            self._audit.record(tx, Act.KEY_RETIRED, actor=actor, object_id=key_id, reason=Reason.SECURITY)

    def _where_it_comes_from(self, key_id: str) -> str:
        if key_id == self._ring.ids[-1]:
            return (
                f"Key {key_id} wraps nothing, but it is the last of TACTFUL_MASTER_KEY, and so the root key: keep it."
            )
        return f"Key {key_id} wraps nothing and is handed in: take it out of TACTFUL_MASTER_KEY."

    def _batch(self) -> int:
        current = self._ring.current
        with self._database.begin() as tx:
            rows = tx.execute(
                select(subjects.c.id, subjects.c.key_id, subjects.c.wrapped_key)
                .where(subjects.c.key_id != current, subjects.c.wrapped_key.is_not(None))
                .limit(BATCH)
                .with_for_update()
            ).all()
            if rows:
                tx.execute(
                    update(subjects).where(subjects.c.id == bindparam("subject")),
                    [self._again(row.id, WrappedKey(row.key_id, row.wrapped_key)) for row in rows],
                )
        return len(rows)

    def _again(self, subject_id: str, wrapped: WrappedKey) -> dict[str, object]:
        new = self._ring.rewrap(wrapped, subject_id)
        return {"subject": subject_id, "key_id": new.key_id, "wrapped_key": new.blob}
