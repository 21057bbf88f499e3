"""The outbox as its relay sees it: what waits, in order, and what was delivered."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import RowMapping, func, select, update

from tactful.store.database import Database
from tactful.store.tables import outbox
from tactful.times import iso

VERSION = 1
MOST = 500  # events taken at once


@dataclass(frozen=True, slots=True)
class Event:
    """One event, in the form of `event.schema.json`; redacted, as everything in the outbox is."""

    id: int
    kind: str
    conversation_id: str | None
    body: bytes


class Outgoing:
    """Nothing is marked as delivered before somebody said that he has it."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database, self._clock = database, clock

    def waiting(self, most: int = MOST) -> list[Event]:
        """The oldest events that nobody has, in the order in which they happened."""
        with self._database.read() as tx:
            rows = tx.execute(select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id).limit(most))
            return [_event(row) for row in rows.mappings()]

    def delivered(self, ids: Iterable[int]) -> None:
        """These were taken."""
        if taken := list(ids):
            with self._database.begin() as tx:
                tx.execute(update(outbox).where(outbox.c.id.in_(taken)).values(delivered_at=self._clock()))

    def count(self) -> int:
        """How many wait."""
        with self._database.read() as tx:
            waiting = select(func.count()).select_from(outbox).where(outbox.c.delivered_at.is_(None))
            return tx.execute(waiting).scalar_one()


def _event(row: RowMapping) -> Event:
    body = {
        "version": VERSION,
        "id": row["id"],
        "kind": row["kind"],
        "conversation_id": row["conversation_id"],
        "at": iso(row["created_at"]),
        "data": row["payload"],
    }
    return Event(row["id"], row["kind"], row["conversation_id"], json.dumps(body).encode())
