"""Saved views: a filter under a name, one's own or shared with everybody."""

from collections.abc import Callable
from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy import delete, insert, select

from tactful.chat.sessions import new_id
from tactful.console.filters import Filter
from tactful.console.notes import Notes
from tactful.errors import BadRequest, NotFound
from tactful.store.database import Database
from tactful.store.tables import saved_views

LONGEST_NAME = 60
MOST = 50  # of one person


@dataclass(frozen=True, slots=True)
class View:
    """One saved view."""

    id: str
    name: str
    filter: Filter
    shared: bool
    owner: str


class Views:
    """Saves filters. Their names and search words pass the detector, since both are stored in clear."""

    def __init__(self, database: Database, notes: Notes, clock: Callable[[], int]) -> None:
        self._database, self._notes, self._clock = database, notes, clock

    def of(self, staff_id: str) -> list[View]:
        """The reviewer's own views, and those that others share."""
        with self._database.read() as tx:
            rows = tx.execute(
                select(saved_views)
                .where((saved_views.c.owner == staff_id) | saved_views.c.shared)
                .order_by(saved_views.c.name)
            ).all()
        return [View(row.id, row.name, Filter.of(row.filter), bool(row.shared), row.owner) for row in rows]

    async def save(self, staff_id: str, name: str, asked: Filter, *, shared: bool) -> str:
        """Keep a filter; its id. Errors: `BadRequest` for a name that cannot be used; `DetectorUnavailable`."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise BadRequest(f"A view's name has between 1 and {LONGEST_NAME} characters.")
        await self._notes.impersonal(name, "Name")
        await self._notes.impersonal(asked.q, "Words")
        return await to_thread.run_sync(self._insert, staff_id, name, asked, shared)

    def remove(self, staff_id: str, view_id: str) -> View:
        """Take one's own view away; as it was, so that it can be saved again. Errors: `NotFound`."""
        found = next((each for each in self.of(staff_id) if each.id == view_id and each.owner == staff_id), None)
        if found is None:
            raise NotFound("There is no such view of yours.")
        with self._database.begin() as tx:
            tx.execute(delete(saved_views).where(saved_views.c.id == view_id, saved_views.c.owner == staff_id))
        return found

    def _insert(self, staff_id: str, name: str, asked: Filter, shared: bool) -> str:
        if sum(each.owner == staff_id for each in self.of(staff_id)) >= MOST:
            raise BadRequest(f"You have {MOST} views already. Remove one first.")
        view_id = new_id()
        with self._database.begin() as tx:
            tx.execute(
                insert(saved_views).values(
                    id=view_id, owner=staff_id, name=name, filter=asked.asdict(), shared=shared, at=self._clock()
                )
            )
        return view_id
