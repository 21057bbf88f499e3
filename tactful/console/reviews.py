"""Judging turns: n reviewers each, blind until theirs is sent; who disagrees is sent to a resolver.

A turn's queue entries are open exactly while the turn is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from tactful.console.queues import Queue
from tactful.errors import BadRequest, Conflict, NotFound
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.database import Database
from tactful.store.tables import queue_entries, reservations, reviews, turns

TAKEN = "A colleague is reviewing this one. Take the next."
ALREADY = "You have reviewed this one already. Undo it to judge again."
CLOSED = "This one is reviewed already. Reopen it to judge again."


class Verdict(StrEnum):
    """What a reviewer found of what the engine understood."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"  # another intent was meant
    REJECTED = "rejected"  # no intent fits


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reviewer's verdict; the intent is empty when none fits."""

    reviewer: str
    verdict: Verdict
    intent: str
    resolves: bool
    at: int


class Reviews:
    """`needed` reviewers a turn; who opened one has it for `minutes`."""

    def __init__(
        self, database: Database, policy: Policy, clock: Callable[[], int], *, needed: int, minutes: float
    ) -> None:
        self._database, self._policy, self._clock = database, policy, clock
        self.needed, self._held_ms = max(1, needed), int(minutes * 60_000)

    def reserve(self, turn_id: int, staff_id: str) -> bool:
        """Take a turn for a while, so that nobody else works on it meanwhile; False when all its places are taken.

        Errors: `NotFound` when it is not there, or not to be read.
        """
        with self._database.begin() as tx:
            turn = self._turn(tx, turn_id)
            if turn["state"] == "done" or any(each.reviewer == staff_id for each in judgements(tx, turn_id)):
                return True
            if self._places(tx, turn, staff_id) <= 0:
                return False
            tx.execute(delete(reservations).where(*_held(turn_id, staff_id)))
            ends = self._clock() + self._held_ms
            tx.execute(insert(reservations).values(turn_id=turn_id, reviewer=staff_id, expires_at=ends))
            return True

    def release(self, staff_id: str) -> None:
        """Give back whatever this reviewer has taken and not judged."""
        with self._database.begin() as tx:
            tx.execute(delete(reservations).where(reservations.c.reviewer == staff_id))

    def judge(self, turn_id: int, staff_id: str, intent: str | None, *, may_resolve: bool = False) -> str:
        """Send a verdict: None rejects, the engine's own intent accepts, another corrects. The turn's state after it.

        Errors: `NotFound`; `Conflict` when it is taken, done, or was judged by the same person.
        """
        with self._database.begin() as tx:
            turn = self._turn(tx, turn_id)
            resolves = turn["state"] == "disputed"
            if turn["state"] == "done":
                raise Conflict(CLOSED)
            if resolves and not may_resolve:
                raise Conflict("The reviewers disagree about this one. It waits for a resolver.")
            if any(each.reviewer == staff_id for each in judgements(tx, turn_id)):
                raise Conflict(ALREADY)
            if self._places(tx, turn, staff_id) <= 0:
                raise Conflict(TAKEN)
            values = {"verdict": verdict_of(turn["intent"], intent).value, "intent": intent or "", "resolves": resolves}
            tx.execute(insert(reviews).values(turn_id=turn_id, reviewer=staff_id, at=self._clock(), **values))
            tx.execute(delete(reservations).where(*_held(turn_id, staff_id)))
            return self.settle(tx, turn_id)

    def undo(self, turn_id: int, staff_id: str) -> str:
        """Take one's own verdict back. The turn's state after it. Errors: `NotFound`."""
        with self._database.begin() as tx:
            self._turn(tx, turn_id)
            gone = tx.execute(
                delete(reviews).where(reviews.c.turn_id == turn_id, reviews.c.reviewer == staff_id)
            ).rowcount
            if not gone:
                raise NotFound("There is no verdict of yours to undo.")
            return self.settle(tx, turn_id)

    def reopen(self, turn_id: int, by: str | None) -> None:
        """Have a reviewed turn judged anew, by everybody. Errors: `NotFound`; `BadRequest` unless it was reviewed."""
        with self._database.begin() as tx:
            if self._turn(tx, turn_id)["state"] == "open":
                raise BadRequest("This one is open already.")
            reopen(tx, turn_id, by, self._clock())

    def flag(self, turn_id: int, staff_id: str, flagged: bool) -> None:
        """Ask colleagues for a second look, or no longer. Errors: `NotFound`."""
        with self._database.begin() as tx:
            turn = self._turn(tx, turn_id)
            if not flagged:
                leave(tx, turn_id, Queue.FLAGGED)
            elif turn["state"] == "done":
                reopen(tx, turn_id, staff_id, self._clock(), Queue.FLAGGED)
            else:
                enter(tx, turn, Queue.FLAGGED, self._clock(), staff_id)

    def settle(self, tx: Connection, turn_id: int) -> str:
        """Work out the turn's state from its judgements, and open or close its queue entries."""
        given = judgements(tx, turn_id)
        final = next((each for each in given if each.resolves), None)
        blind = [each for each in given if not each.resolves]
        if final is None and len(blind) >= self.needed and len({each.intent for each in blind}) == 1:
            final = blind[0]
        state = "done" if final else "disputed" if len(blind) >= self.needed else "open"
        tx.execute(
            update(turns)
            .where(turns.c.id == turn_id)
            .values(state=state, final_intent=final.intent if final else None, verdict=final.verdict if final else None)
        )
        tx.execute(update(queue_entries).where(queue_entries.c.turn_id == turn_id).values(open=state == "open"))
        return state

    def _turn(self, tx: Connection, turn_id: int) -> RowMapping:
        return readable_turn(tx, self._policy, turn_id, lock=True)

    def _places(self, tx: Connection, turn: RowMapping, staff_id: str) -> int:
        """How many more reviewers there is room for, besides those who are at it."""
        others = tx.execute(
            select(reservations.c.reviewer).where(
                reservations.c.turn_id == turn["id"],
                reservations.c.reviewer != staff_id,
                reservations.c.expires_at > self._clock(),
            )
        ).all()
        if turn["state"] == "disputed":
            return 1 - len(others)
        return self.needed - len(judgements(tx, turn["id"])) - len(others)


def readable_turn(tx: Connection, policy: Policy, turn_id: int, *, lock: bool = False) -> RowMapping:
    """The turn, if people may read it now. Errors: `NotFound`, for one that is not there too."""
    query = select(turns).where(turns.c.id == turn_id)
    turn = tx.execute(query.with_for_update() if lock else query).mappings().first()
    if turn is None or not consent.readable(tx, [turn["subject_id"]], policy):
        raise NotFound
    return turn


def judgements(tx: Connection, turn_id: int) -> list[Judgement]:
    """All verdicts on a turn, oldest first."""
    rows: Sequence[RowMapping] = (
        tx.execute(select(reviews).where(reviews.c.turn_id == turn_id).order_by(reviews.c.at)).mappings().all()
    )
    return [
        Judgement(row["reviewer"], Verdict(row["verdict"]), row["intent"], bool(row["resolves"]), row["at"])
        for row in rows
    ]


def verdict_of(understood: str, intent: str | None) -> Verdict:
    """What choosing this intent says of the one that the engine understood."""
    if not intent:
        return Verdict.REJECTED
    return Verdict.ACCEPTED if intent == understood else Verdict.CORRECTED


def enter(tx: Connection, turn: RowMapping, queue: Queue, now: int, by: str | None = None) -> None:
    """Put a turn into a queue, if it is not in it."""
    leave(tx, turn["id"], queue)
    tx.execute(
        insert(queue_entries).values(
            turn_id=turn["id"],
            queue=queue.value,
            open=turn["state"] == "open",
            readable=turn["readable"],
            by=by,
            at=now,
        )
    )


def leave(tx: Connection, turn_id: int, queue: Queue) -> None:
    """Take a turn out of a queue."""
    tx.execute(delete(queue_entries).where(queue_entries.c.turn_id == turn_id, queue_entries.c.queue == queue.value))


def reopen(tx: Connection, turn_id: int, by: str | None, now: int, queue: Queue = Queue.REOPENED) -> None:
    """Drop the verdicts on a turn and put it where people see that it came back."""
    tx.execute(delete(reviews).where(reviews.c.turn_id == turn_id))
    tx.execute(update(turns).where(turns.c.id == turn_id).values(state="open", final_intent=None, verdict=None))
    tx.execute(update(queue_entries).where(queue_entries.c.turn_id == turn_id).values(open=True))
    enter(tx, tx.execute(select(turns).where(turns.c.id == turn_id)).mappings().one(), queue, now, by)


def _held(turn_id: int, staff_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return reservations.c.turn_id == turn_id, reservations.c.reviewer == staff_id
