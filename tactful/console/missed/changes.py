"""What corrections changed, each as it was before: encrypted, until its kind's end date, so that it can be undone."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.keys import key_of
from tactful.store.tables import correction_changes


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is JSON; its repr does not tell it. `place` is a table's name, or `events` for the engine's."""

    conversation_id: str
    subject_id: str
    place: str
    row: str
    before: Any = field(repr=False)
    after: bytes = field(default=b"", repr=False)


class Changes:
    """Reads and writes within the caller's transaction."""

    def __init__(self, ring: KeyRing, cipher: SubjectCipher, clock: Callable[[], int]) -> None:
        self._ring, self._cipher, self._clock = ring, cipher, clock

    def keep(self, tx: Connection, correction_id: str, change: Change, after: Any, expires_at: int) -> None:
        """Note what is about to become `after`."""
        sealed = self._cipher.encrypt(
            json.dumps(change.before), key_of(tx, change.subject_id), **_place(correction_id, change)
        )
        tx.execute(
            insert(correction_changes).values(
                correction_id=correction_id,
                conversation_id=change.conversation_id,
                subject_id=change.subject_id,
                place=change.place,
                row=change.row,
                value=sealed,
                after=self._digest(after),
                expires_at=expires_at,
            )
        )

    def of(self, tx: Connection, correction_id: str) -> list[Change]:
        """What a correction changed and can be brought back, the latest first."""
        rows = tx.execute(
            select(correction_changes)
            .where(correction_changes.c.correction_id == correction_id, correction_changes.c.expires_at > self._clock())
            .order_by(correction_changes.c.id.desc())
        ).all()
        return [self._opened(tx, correction_id, row) for row in rows]

    def stands(self, change: Change, now: Any) -> bool:
        """Whether it is still as the correction left it."""
        return hmac.compare_digest(self._digest(now), change.after)

    def _opened(self, tx: Connection, correction_id: str, row: Any) -> Change:
        change = Change(row.conversation_id, row.subject_id, row.place, row.row, None)
        opened = self._cipher.decrypt(row.value, key_of(tx, row.subject_id), **_place(correction_id, change))
        return Change(*(row.conversation_id, row.subject_id, row.place, row.row), json.loads(opened), bytes(row.after))

    def _digest(self, content: Any) -> bytes:
        return self._ring.blind_index("correction", json.dumps(content, sort_keys=True))


def _place(correction_id: str, change: Change) -> dict[str, str]:
    """What a ciphertext is bound to."""
    row = f"{correction_id}/{change.place}/{change.row}"
    return {"table": "correction_changes", "column": "value", "row": row, "subject": change.subject_id}
