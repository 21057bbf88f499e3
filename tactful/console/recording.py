"""Each answered turn is noted for those who review it, in the transaction that answers it."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from tactful.chat.engine import Outcome
from tactful.console.queues import Queue
from tactful.privacy.doubts import doubts
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store import search
from tactful.store.guesses import in_brief
from tactful.store.tables import conversations, facts, messages, queue_entries, turns

FALLBACK = frozenset({"nlu_fallback", ""})
WHOLE = 2**64

# Asked in every turn: building a statement costs as much as running it.
_ABOUT = select(conversations).where(conversations.c.id == bindparam("conversation"))
_NOTE = insert(turns).returning(turns.c.id)
_AT_HAND = (
    select(facts.c.name)
    .where(facts.c.subject_id == bindparam("whose"), facts.c.confirmed, facts.c.expires_at > bindparam("now"))
    .order_by(facts.c.name)
)


class Recorder:
    """Writes `turns`, their queues and, where people may read along, the search index.

    `share` of all turns is drawn for the audit, 0 to 1.
    """

    def __init__(
        self, policy: Policy, clock: Callable[[], int], *, key: bytes, share: float, unsure_below: float
    ) -> None:
        self._policy, self._clock, self._key = policy, clock, key
        self._share, self._unsure_below = share, unsure_below

    def record(self, tx: Connection, message: RowMapping, outcome: Outcome) -> None:
        """Note a customer's typed message and what answered it; presses on buttons need no review."""
        if message["author"] != "customer" or message["kind"] != "text":
            return
        conversation_id, seq = message["conversation_id"], message["seq"]
        about = tx.execute(_ABOUT, {"conversation": conversation_id}).mappings().one()
        found = doubts(message["text"])
        readable = bool(consent.readable(tx, [about["subject_id"]], self._policy))
        turn_id = tx.execute(
            _NOTE,
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "subject_id": about["subject_id"],
                "readable": readable,
                "state": "open",
                "at": message["created_at"],
                "language": about["language"] or "",
                "channel": about["channel"] or "",
                "length": len(message["text"]),
                "kinds": spaced(message["entity_types"] or ()),
                "doubts": found,
                "facts": self._facts(tx, about["subject_id"]),
                **_understood(outcome),
            },
        ).scalar_one()
        self._queue(tx, turn_id, self._queues(conversation_id, seq, outcome, found), readable)
        if readable:
            search.put(tx, turn_id, search.words_of(tx, conversation_id, seq))

    def is_sampled(self, conversation_id: str, seq: int) -> bool:
        """Whether chance drew this turn: by a keyed hash, the same whenever it is asked, foreseen by nobody."""
        drawn = hmac.digest(self._key, f"{conversation_id}:{seq}".encode(), sha256)[:8]
        return int.from_bytes(drawn) < self._share * WHOLE

    def _queues(self, conversation_id: str, seq: int, outcome: Outcome, found: dict[str, int]) -> list[Queue]:
        intent, confidence = outcome.intent.name or "", outcome.intent.confidence or 0.0
        wanted = {
            Queue.MISSED: bool(found),
            Queue.FALLBACK: intent in FALLBACK,
            Queue.LOW_CONFIDENCE: intent not in FALLBACK and confidence < self._unsure_below,
            Queue.AUDIT: self.is_sampled(conversation_id, seq),
        }
        return [queue for queue, applies in wanted.items() if applies]

    def _queue(self, tx: Connection, turn_id: int, queues: list[Queue], readable: bool) -> None:
        if queues:
            rows = [
                {"turn_id": turn_id, "queue": queue.value, "open": True, "readable": readable, "at": self._clock()}
                for queue in queues
            ]
            tx.execute(insert(queue_entries), rows)

    def _facts(self, tx: Connection, subject_id: str) -> str:
        """Names of the attributes that the bot had at hand."""
        names = tx.execute(_AT_HAND, {"whose": subject_id, "now": self._clock()}).scalars()
        return " ".join(names)[:200]


def spaced(kinds: Any) -> str:
    """Entity types as one text in which ` KIND ` can be looked for."""
    return f" {' '.join(sorted(kinds))} "[:400] if kinds else ""


def look_again(tx: Connection, conversation_id: str) -> None:
    """A conversation's words were changed: find its turns by the new ones, with the kinds hidden in them now."""
    rows = tx.execute(
        select(turns.c.id, turns.c.seq, turns.c.readable, messages.c.text, messages.c.entity_types)
        .join(messages, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
        .where(turns.c.conversation_id == conversation_id)
    ).all()
    for row in rows:
        found = doubts(row.text)
        tx.execute(update(turns).where(turns.c.id == row.id).values(kinds=spaced(row.entity_types or ()), doubts=found))
        if row.readable:
            search.put(tx, row.id, search.words_of(tx, conversation_id, row.seq))
        else:
            search.forget(tx, [row.id])


def _understood(outcome: Outcome) -> dict[str, Any]:
    return {
        "intent": (outcome.intent.name or "")[:80],
        "confidence": outcome.intent.confidence or 0.0,
        "ranking": [],
        "guesses": in_brief(
            outcome.intent.name or "", [(each.name, each.confidence or 0.0) for each in outcome.ranking if each.name]
        ),
        "model": outcome.model[:80],
        "tone": outcome.tone[:20],
    }
