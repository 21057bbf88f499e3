"""Sessions of staff, in the database: the browser has a random token, the store a keyed digest of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from tactful.console.staff import Staff, from_text
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import staff, staff_sessions

MINUTE_MS = 60_000
NOTED_MS = MINUTE_MS  # how exactly it is known when a session was last used


@dataclass(frozen=True, slots=True)
class Found:
    """A session that is valid."""

    staff: Staff
    token: str = field(repr=False)


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(
        self, database: Database, ring: KeyRing, clock: Callable[[], int], *, idle_minutes: int, hours: int
    ) -> None:
        self._database, self._ring, self._clock = database, ring, clock
        self._idle, self._longest = idle_minutes * MINUTE_MS, hours * 60 * MINUTE_MS

    @property
    def seconds(self) -> int:
        """The longest that a session lasts."""
        return self._longest // 1000

    def begin(self, tx: Connection, staff_id: str, replacing: str | None = None) -> str:
        """A new session's token, 256 random bits; the session that the browser had before ends."""
        token, now = secrets.token_urlsafe(32), self._clock()
        if replacing:
            tx.execute(delete(staff_sessions).where(staff_sessions.c.digest == self._digest(replacing)))
        tx.execute(
            insert(staff_sessions).values(
                digest=self._digest(token),
                staff_id=staff_id,
                created_at=now,
                seen_at=now,
                expires_at=now + self._longest,
            )
        )
        return token

    def find(self, token: str, *, seen: bool = True) -> Found | None:
        """Whose session it is; None when it ended, was idle for too long, or the account is disabled.

        `seen`: somebody is at the keyboard; a page that asks by itself keeps no session alive.
        """
        now, digest = self._clock(), self._digest(token)
        with self._database.read() as tx:
            row = tx.execute(
                select(staff.c.id, staff.c.name, staff.c.roles, staff_sessions.c.seen_at)
                .join(staff, staff.c.id == staff_sessions.c.staff_id)
                .where(
                    staff_sessions.c.digest == digest,
                    staff_sessions.c.expires_at > now,
                    staff_sessions.c.seen_at > now - self._idle,
                    staff.c.disabled_at.is_(None),
                )
            ).first()
        if row is None:
            return None
        if seen and now - row.seen_at > NOTED_MS:
            with self._database.begin() as tx:
                tx.execute(update(staff_sessions).where(staff_sessions.c.digest == digest).values(seen_at=now))
        return Found(Staff(row.id, row.name, from_text(row.roles)), token)

    def end(self, tx: Connection, token: str) -> str | None:
        """End one session; whose it was."""
        gone = delete(staff_sessions).where(staff_sessions.c.digest == self._digest(token))
        return tx.execute(gone.returning(staff_sessions.c.staff_id)).scalar_one_or_none()

    def end_all(self, tx: Connection, staff_id: str) -> int:
        """End every session of an account; how many there were."""
        return tx.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id)).rowcount

    def _digest(self, token: str) -> bytes:
        return self._ring.blind_index("console-session", token)
