"""Ending a turn: its replies, what it taught, events for others and the lease, in one transaction or not at all."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, update

from tactful.chat import handovers, leases, replies, transcript
from tactful.chat.engine import Outcome
from tactful.chat.taking import Taking, Work
from tactful.chat.transcript import Reply
from tactful.store.database import Database
from tactful.store.tables import PENDING, messages, outbox

# Run in every turn: building a statement costs as much as running it.
_ANSWERED = (
    update(messages)
    .where(
        messages.c.conversation_id == bindparam("conversation"),
        messages.c.seq == bindparam("number"),
        messages.c.status == PENDING,
    )
    .values(status="answered", answered_at=bindparam("now"), intent=bindparam("meant"), confidence=bindparam("sure"))
)
_POST = insert(outbox)

Remember = Callable[[Connection, str, str, Outcome], None]
Record = Callable[[Connection, RowMapping, Outcome], None]


class Ending:
    """`remember(tx, conversation_id, kind, outcome)` stores what a turn taught, within the turn's transaction;
    `record(tx, message, outcome)` notes it for those who review, in the same.
    """

    def __init__(
        self, database: Database, taking: Taking, clock: Callable[[], int], remember: Remember, record: Record
    ) -> None:
        self._database, self._taking, self._clock = database, taking, clock
        self._remember, self._record = remember, record

    def commit(self, work: Work, outcome: Outcome | None) -> Work | None:
        """End the turn; what is to be answered next. Without an outcome the customer is told that we gave up."""
        now, lease = self._clock(), work.lease
        with self._database.begin() as tx:
            if not leases.renew(tx, lease, now):
                return None  # somebody else took over; his answer counts
            if not _answered(tx, work, outcome, now):
                return self._taking.following(tx, lease)  # an earlier try was stored, though its end was not heard
            transcript.add_replies(tx, lease.conversation_id, _replies(work, outcome), work.message["seq"], now)
            if outcome:
                self._remember(tx, lease.conversation_id, work.message["kind"], outcome)
                _hand_over(tx, lease.conversation_id, outcome, now)
                self._record(tx, work.message, outcome)
            _announce(tx, work, now)
            return self._taking.following(tx, lease)


def _answered(tx: Connection, work: Work, outcome: Outcome | None, now: int) -> bool:
    """Note that the message has its answer; False when it has one already."""
    intent = outcome.intent if outcome else None
    values = {
        "conversation": work.lease.conversation_id,
        "number": work.message["seq"],
        "now": now,
        "meant": intent.name if intent else None,
        "sure": intent.confidence if intent else None,
    }
    return bool(tx.execute(_ANSWERED, values).rowcount)


def _replies(work: Work, outcome: Outcome | None) -> list[Reply]:
    if work.is_event and (outcome is None or not outcome.messages):
        return []
    if work.forced == "/profile_changed":
        return []
    return replies.replies_of(outcome) if outcome else [Reply(replies.GAVE_UP)]


def _hand_over(tx: Connection, conversation_id: str, outcome: Outcome, now: int) -> None:
    wanted = replies.asked_for(outcome, "handover")
    if wanted is None:
        return
    reason = wanted.get("reason", "asked") if isinstance(wanted, dict) else "asked"
    handovers.ask(tx, conversation_id, reason, now)
    _post(tx, conversation_id, "handover_requested", {"reason": reason}, now)


def _announce(tx: Connection, work: Work, now: int) -> None:
    if not work.is_event:
        _post(tx, work.lease.conversation_id, "turn_answered", {"seq": work.message["seq"]}, now)


def _post(tx: Connection, conversation_id: str, kind: str, payload: dict[str, Any], now: int) -> None:
    tx.execute(_POST, {"conversation_id": conversation_id, "kind": kind, "payload": payload, "created_at": now})
