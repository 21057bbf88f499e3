"""The reviewers' desk: how much waits in each queue, what is in it page by page, and how it divides.

Only turns of customers who allow people to read them. Lists show no words of a conversation: reading is an act of its
own, which is audited, and counted on the customer's page.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from tactful.console.filters import Filter
from tactful.console.queues import Queue
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.database import Database
from tactful.store.tables import assignments, queue_entries, reservations, reviews, turns

PAGE = 50
FACETS = ("intent", "tone", "language", "channel", "model")
MOST_VALUES = 12  # of a facet


@dataclass(frozen=True, slots=True)
class Row:
    """One turn in a list."""

    turn: RowMapping
    queues: list[Queue]
    reserved_by: str | None  # somebody else, who is at it now
    assignee: str | None
    reviewed: int  # by how many


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `following` is the id to go on below, or None at the end."""

    rows: list[Row]
    following: int | None


class Desk:
    """What there is to review."""

    def __init__(self, database: Database, policy: Policy, clock: Callable[[], int]) -> None:
        self._database, self._policy, self._clock = database, policy, clock

    def counts(self) -> dict[str, int]:
        """How much is open in each queue; `disputed` waits for a resolver."""
        with self._database.read() as tx:
            found: dict[str, int] = dict(
                tx.execute(
                    select(queue_entries.c.queue, func.count())
                    .where(queue_entries.c.open, queue_entries.c.readable)
                    .where(queue_entries.c.queue.in_([queue.value for queue in Queue]))
                    .group_by(queue_entries.c.queue)
                ).all()
            )
            disputed = tx.execute(
                select(func.count()).where(turns.c.readable, turns.c.state == "disputed")
            ).scalar_one()
        return {queue.value: found.get(queue.value, 0) for queue in Queue} | {"disputed": disputed}

    def disputed(self, staff_id: str) -> int:
        """How many disputes this resolver may decide: those in which they are no party."""
        own = select(reviews.c.turn_id).where(reviews.c.reviewer == staff_id)
        query = select(func.count()).where(turns.c.readable, turns.c.state == "disputed", ~turns.c.id.in_(own))
        with self._database.read() as tx:
            return int(tx.execute(query).scalar_one())

    def unreadable(self) -> int:
        """How many turns there are that nobody may read, since their customers did not allow it."""
        with self._database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(turns).where(~turns.c.readable)).scalar_one())

    def page(self, asked: Filter, staff_id: str, below: int | None = None) -> Page:
        """The newest turns that the filter finds, `below` an id; by that key, so that nothing is skipped or twice."""
        with self._database.read() as tx:
            query = asked.ids(tx, staff_id)
            if below is not None:
                query = query.where(turns.c.id < below)
            ids = tx.execute(query.order_by(turns.c.id.desc()).limit(PAGE + 1)).scalars().all()
            return Page(self._rows(tx, ids[:PAGE], staff_id), ids[PAGE - 1] if len(ids) > PAGE else None)

    def next(self, asked: Filter, staff_id: str, below: int | None = None) -> int | None:
        """The next turn for this reviewer: one that they did not review, and that nobody else is at."""
        with self._database.read() as tx:
            query = asked.ids(tx, staff_id).where(
                ~turns.c.id.in_(select(reviews.c.turn_id).where(reviews.c.reviewer == staff_id)),
                ~turns.c.id.in_(self._reserved(staff_id)),
            )
            if below is not None:
                query = query.where(turns.c.id < below)
            found: int | None = tx.execute(query.order_by(turns.c.id.desc()).limit(1)).scalar_one_or_none()
            return found

    def count(self, asked: Filter, staff_id: str) -> int:
        """How many turns the filter finds."""
        with self._database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(asked.ids(tx, staff_id).subquery())).scalar_one())

    def facets(self, asked: Filter, staff_id: str) -> dict[str, list[tuple[str, int]]]:
        """Facet → (value, count), most frequent first, of what the filter finds."""
        with self._database.read() as tx:
            found = asked.ids(tx, staff_id).with_only_columns(
                *(turns.c[name] for name in FACETS), turns.c.kinds, func.count().label("count")
            )
            rows = tx.execute(found.group_by(*(turns.c[name] for name in FACETS), turns.c.kinds)).all()
        counts: dict[str, Counter[str]] = {name: Counter() for name in (*FACETS, "kind")}
        for *values, kinds, count in rows:
            for name, value in zip(FACETS, values, strict=True):
                counts[name][value] += count
            for kind in kinds.split():
                counts["kind"][kind] += count
        return {name: [pair for pair in each.most_common(MOST_VALUES) if pair[0]] for name, each in counts.items()}

    def newer(self, asked: Filter, staff_id: str, than: int) -> int:
        """How many turns came since the page was made."""
        with self._database.read() as tx:
            query = asked.ids(tx, staff_id).where(turns.c.id > than).limit(100).subquery()
            return int(tx.execute(select(func.count()).select_from(query)).scalar_one())

    def rows(self, ids: Sequence[int], staff_id: str) -> list[Row]:
        """These turns as a list shows them, in this order; without those that nobody may read."""
        with self._database.read() as tx:
            found = {row.turn["id"]: row for row in self._rows(tx, ids, staff_id)}
        return [found[each] for each in ids if each in found]

    def row(self, turn_id: int) -> Row | None:
        """One turn as a list shows it; None when nobody may read it."""
        with self._database.read() as tx:
            return next(iter(self._rows(tx, [turn_id], "")), None)

    def _reserved(self, staff_id: str) -> Any:
        return select(reservations.c.turn_id).where(
            reservations.c.reviewer != staff_id, reservations.c.expires_at > self._clock()
        )

    def _rows(self, tx: Connection, ids: Sequence[int], staff_id: str) -> list[Row]:
        found = tx.execute(select(turns).where(turns.c.id.in_(ids)).order_by(turns.c.id.desc())).mappings().all()
        # The truth of this moment: a flag that was not kept in step must not show anybody.
        may = consent.readable(tx, {row["subject_id"] for row in found}, self._policy)
        queues: dict[int, list[Queue]] = {}
        for turn_id, queue in tx.execute(
            select(queue_entries.c.turn_id, queue_entries.c.queue).where(queue_entries.c.turn_id.in_(ids))
        ):
            queues.setdefault(turn_id, []).append(Queue(queue))
        held = dict(
            tx.execute(
                select(reservations.c.turn_id, reservations.c.reviewer).where(
                    reservations.c.turn_id.in_(ids),
                    reservations.c.reviewer != staff_id,
                    reservations.c.expires_at > self._clock(),
                )
            ).all()
        )
        given = dict(
            tx.execute(
                select(assignments.c.conversation_id, assignments.c.assignee).where(
                    assignments.c.conversation_id.in_({row["conversation_id"] for row in found})
                )
            ).all()
        )
        judged: dict[int, int] = dict(
            tx.execute(
                select(reviews.c.turn_id, func.count()).where(reviews.c.turn_id.in_(ids)).group_by(reviews.c.turn_id)
            ).all()
        )
        return [
            Row(
                row,
                sorted(queues.get(row["id"], []), key=list(Queue).index),
                held.get(row["id"]),
                given.get(row["conversation_id"]),
                judged.get(row["id"], 0),
            )
            for row in found
            if row["subject_id"] in may
        ]
