"""One-time links: random, stored as a keyed digest, with an end; used once, then gone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from tactful.store.crypto import KeyRing
from tactful.store.tables import staff, staff_links

HOUR_MS = 3_600_000
PATH = "/console/link/"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is good for: the account whose password it sets, or None for the first administrator's."""

    staff_id: str | None


class Links:
    """Makes, looks at and uses up links."""

    def __init__(self, ring: KeyRing, clock: Callable[[], int], hours: int) -> None:
        self._ring, self._clock, self.hours = ring, clock, hours

    def make(self, tx: Connection, staff_id: str | None) -> str:
        """A new link's token; an earlier one for the same account no longer works."""
        same = staff_links.c.staff_id.is_(None) if staff_id is None else staff_links.c.staff_id == staff_id
        tx.execute(delete(staff_links).where(same))
        token = secrets.token_urlsafe(32)
        ends = self._clock() + self.hours * HOUR_MS
        tx.execute(insert(staff_links).values(digest=self._digest(token), staff_id=staff_id, expires_at=ends))
        return token

    def first(self, tx: Connection) -> str | None:
        """The token of the first administrator's link; None once there is an account."""
        if tx.execute(select(func.count()).select_from(staff)).scalar_one():
            return None
        return self.make(tx, None)

    def look(self, tx: Connection, token: str) -> Link | None:
        """What the link is good for; None when it was used, has expired or never was."""
        row = tx.execute(select(staff_links.c.staff_id).where(self._valid(token))).first()
        return Link(row.staff_id) if row else None

    def use(self, tx: Connection, token: str) -> Link | None:
        """As `look`, and it is used up: of two at once, one gets it."""
        row = tx.execute(
            delete(staff_links).where(self._valid(token)).returning(staff_links.c.staff_id)
        ).first()  # fmt: skip
        return Link(row.staff_id) if row else None

    def _valid(self, token: str) -> ColumnElement[bool]:
        return (staff_links.c.digest == self._digest(token)) & (staff_links.c.expires_at > self._clock())

    def _digest(self, token: str) -> bytes:
        return self._ring.blind_index("console-link", token)
