"""Acts on everything that a filter finds, not on one page of it: seen first, done as one, undone as one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, literal, select, update

from tactful.chat.sessions import new_id
from tactful.console.filters import Filter
from tactful.console.queues import Queue
from tactful.console.recording import FALLBACK
from tactful.console.reviews import Reviews, verdict_of
from tactful.errors import BadRequest, NotFound
from tactful.store.database import Database
from tactful.store.tables import bulk_acts, labels, queue_entries, reservations, reviews, turns

SAMPLE = 5


class BulkAct(StrEnum):
    """What can be done to many turns at once."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"  # to one intent
    FLAG = "flag"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would touch. `up_to` is the newest turn of it: what comes later was not seen and is left alone."""

    count: int
    sample: list[int]
    up_to: int


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done, and can be undone by its id."""

    id: str
    act: BulkAct
    count: int
    at: int
    undone: bool


class Bulk:
    """`reviews` settles each turn as it does for a single verdict."""

    def __init__(self, database: Database, reviews: Reviews, clock: Callable[[], int]) -> None:
        self._database, self._reviews, self._clock = database, reviews, clock

    def preview(self, act: BulkAct, asked: Filter, staff_id: str) -> Preview:
        """How many turns, some of them, and up to which."""
        with self._database.read() as tx:
            found = self._touched(tx, act, asked, staff_id, None).subquery()
            count, up_to = tx.execute(select(func.count(), func.coalesce(func.max(found.c.id), 0))).one()
            # Spread over all of it, not only the newest.
            step = max(1, count // SAMPLE)
            numbered = select(found.c.id, func.row_number().over(order_by=found.c.id.desc()).label("n")).subquery()
            sample = tx.execute(
                select(numbered.c.id).where((numbered.c.n - 1) % step == 0).order_by(numbered.c.n).limit(SAMPLE)
            ).scalars()
            return Preview(int(count), list(sample), int(up_to))

    def do(self, act: BulkAct, asked: Filter, staff_id: str, up_to: int, value: str = "") -> Done:
        """Do it, in one transaction. `value` is the intent or the label. Errors: `BadRequest` when nothing is found."""
        if act in (BulkAct.CORRECT, BulkAct.LABEL) and not value:
            raise BadRequest("Say which intent, or which label.")
        bulk_id, now = new_id(), self._clock()
        with self._database.begin() as tx:
            ids = self._touched(tx, act, asked, staff_id, up_to)
            if act is BulkAct.FLAG:
                count = self._flag(tx, ids, staff_id, bulk_id, now)
            elif act is BulkAct.LABEL:
                count = self._label(tx, ids, staff_id, bulk_id, now, value)
            else:
                count = self._judge(tx, act, ids, staff_id, bulk_id, now, value)
            if not count:
                raise BadRequest("There is nothing left that this would change.")
            tx.execute(insert(bulk_acts).values(id=bulk_id, by=staff_id, act=act.value, count=count, at=now))
        return Done(bulk_id, act, count, now, undone=False)

    def undo(self, bulk_id: str, staff_id: str) -> Done:
        """Take one's own act back as a whole. Errors: `NotFound` when it is unknown or undone already."""
        with self._database.begin() as tx:
            row = (
                tx.execute(
                    update(bulk_acts)
                    .where(bulk_acts.c.id == bulk_id, bulk_acts.c.by == staff_id, bulk_acts.c.undone_at.is_(None))
                    .values(undone_at=self._clock())
                    .returning(bulk_acts)
                )
                .mappings()
                .first()
            )
            if row is None:
                raise NotFound("There is nothing of yours to undo here.")
            judged = list(tx.execute(select(reviews.c.turn_id).where(reviews.c.bulk_id == bulk_id)).scalars())
            for table in (reviews, labels, queue_entries):
                tx.execute(delete(table).where(table.c.bulk_id == bulk_id))
            self._settle(tx, judged)
        return Done(bulk_id, BulkAct(row["act"]), row["count"], row["at"], undone=True)

    def recent(self, staff_id: str, limit: int = 10) -> list[Done]:
        """One's own acts, newest first."""
        with self._database.read() as tx:
            rows = (
                tx.execute(
                    select(bulk_acts).where(bulk_acts.c.by == staff_id).order_by(bulk_acts.c.at.desc()).limit(limit)
                )
                .mappings()
                .all()
            )
        return [
            Done(row["id"], BulkAct(row["act"]), row["count"], row["at"], row["undone_at"] is not None) for row in rows
        ]

    def _touched(
        self, tx: Connection, act: BulkAct, asked: Filter, staff_id: str, up_to: int | None
    ) -> "Select[tuple[int]]":
        """Ids that the act would change: for verdicts, what is open and waits for this reviewer."""
        query: Select[tuple[int]] = asked.ids(tx, staff_id)
        if up_to is not None:
            query = query.where(turns.c.id <= up_to)
        if act is BulkAct.FLAG:
            flagged = select(queue_entries.c.turn_id).where(queue_entries.c.queue == Queue.FLAGGED.value)
            return query.where(turns.c.state == "open", ~turns.c.id.in_(flagged))
        if act is BulkAct.LABEL:
            return query
        held = select(reservations.c.turn_id).where(
            reservations.c.reviewer != staff_id, reservations.c.expires_at > self._clock()
        )
        mine = select(reviews.c.turn_id).where(reviews.c.reviewer == staff_id)
        query = query.where(turns.c.state == "open", ~turns.c.id.in_(held), ~turns.c.id.in_(mine))
        return query.where(turns.c.intent.not_in(FALLBACK)) if act is BulkAct.ACCEPT else query

    def _judge(self, tx: Connection, act: BulkAct, ids: Any, staff_id: str, bulk_id: str, now: int, value: str) -> int:
        rows = tx.execute(select(turns.c.id, turns.c.intent).where(turns.c.id.in_(ids))).all()
        values = []
        for turn_id, understood in rows:
            intent = {BulkAct.ACCEPT: understood, BulkAct.REJECT: ""}.get(act, value)
            verdict = verdict_of(understood, intent).value
            values.append({"turn_id": turn_id, "verdict": verdict, "intent": intent})
        if values:
            common = {"reviewer": staff_id, "resolves": False, "bulk_id": bulk_id, "at": now}
            tx.execute(insert(reviews), [each | common for each in values])
            self._settle(tx, [each["turn_id"] for each in values])
        return len(values)

    def _settle(self, tx: Connection, ids: list[int]) -> None:
        """As `Reviews.settle` for each; where one verdict decides, in a few statements for all of them."""
        if self._reviews.needed > 1:
            for turn_id in ids:
                self._reviews.settle(tx, turn_id)
            return
        if not ids:
            return
        given = {
            row.turn_id: row
            for row in tx.execute(
                select(reviews.c.turn_id, reviews.c.intent, reviews.c.verdict).where(
                    reviews.c.turn_id.in_(select(turns.c.id).where(turns.c.id.between(min(ids), max(ids))))
                )
            )
        }
        rows = [
            {
                "b_id": turn_id,
                "b_state": "done" if (made := given.get(turn_id)) else "open",
                "b_intent": made.intent if made else None,
                "b_verdict": made.verdict if made else None,
                "b_open": made is None,
            }
            for turn_id in ids
        ]
        tx.execute(
            update(turns)
            .where(turns.c.id == bindparam("b_id"))
            .values(state=bindparam("b_state"), final_intent=bindparam("b_intent"), verdict=bindparam("b_verdict")),
            rows,
        )
        tx.execute(
            update(queue_entries).where(queue_entries.c.turn_id == bindparam("b_id")).values(open=bindparam("b_open")),
            rows,
        )

    def _flag(self, tx: Connection, ids: Any, staff_id: str, bulk_id: str, now: int) -> int:
        new = select(
            turns.c.id, literal(Queue.FLAGGED.value), literal(True), turns.c.readable, literal(staff_id),
            literal(bulk_id), literal(now),
        ).where(turns.c.id.in_(ids))  # fmt: skip
        columns = ["turn_id", "queue", "open", "readable", "by", "bulk_id", "at"]
        return int(tx.execute(insert(queue_entries).from_select(columns, new)).rowcount)

    def _label(self, tx: Connection, ids: Any, staff_id: str, bulk_id: str, now: int, name: str) -> int:
        has = select(labels.c.conversation_id).where(labels.c.name == name)
        new = (
            select(turns.c.conversation_id, literal(name), literal(staff_id), literal(bulk_id), literal(now))
            .where(turns.c.id.in_(ids), ~turns.c.conversation_id.in_(has))
            .distinct()
        )
        columns = ["conversation_id", "name", "by", "bulk_id", "at"]
        return int(tx.execute(insert(labels).from_select(columns, new)).rowcount)
