"""Erasure (GDPR art. 17), in steps: each is noted when it is done, and one that failed is taken up again from there.

stop      nothing new is accepted
turns     those under way end; what waits for an answer will not get one
engine    the events that the engine and other stores keep
models    those that learned from the subject's redacted words are flagged for retraining
data      every row, in one transaction, and the subject's key: copies of values, backups too, stay shut for ever
journal   what the database's journal still held of them
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from tactful.errors import NotFound, Unavailable
from tactful.profile import consent
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.parts import Parts
from tactful.store import search
from tactful.store.audit import Act
from tactful.store.tables import (
    PENDING,
    assignments,
    consents,
    conversations,
    correction_changes,
    corrections,
    facts,
    handovers,
    labels,
    messages,
    model_lineage,
    notes,
    objections,
    outbox,
    receipts,
    reveals,
    shadow_turns,
    subjects,
    turns,
    vault,
)

LABELS = {
    "stop": "No new messages are accepted",
    "turns": "Answers under way have ended",
    "engine": "The language engine has forgotten the conversations",
    "models": "Models that learned from your redacted words are marked for retraining",
    "data": "Everything is deleted, and your key is destroyed",
    "journal": "The database's journal is cleared",
}
OWNER = "erasure"
LONGEST_HOLD_MS = 120_000  # conversations are held so long that no door takes a turn up meanwhile
PAUSE_S = 0.05

BY_CONVERSATION = (
    *(outbox, handovers, correction_changes, corrections, reveals, vault),
    *(notes, labels, assignments, shadow_turns, turns, messages),
)
BY_SUBJECT = (facts, consents, objections, conversations)

Told = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Outside of the database: `forget(conversation_ids)` deletes what is kept there, and tells how much it was;
    `mark(subject_id)` notes that a restored backup may not bring the subject back.
    """

    forget: Callable[[Sequence[str]], int]
    mark: Callable[[str], None]
    patience_s: float = 30.0  # for turns under way


def erase(with_: Parts, elsewhere: Elsewhere, subject_id: str, told: Told = lambda step: None) -> dict[str, Any]:
    """Erase everything of a subject; {request, steps, erased: {table: rows}}. `told` hears of each step that is done.

    Errors: `NotFound`; whatever stopped it, after the request was marked as failed. Asked again, it goes on.
    """
    return _Erasure(with_, elsewhere, subject_id, told).run()


class _Erasure:
    def __init__(self, with_: Parts, elsewhere: Elsewhere, subject_id: str, told: Told) -> None:
        self._with, self._elsewhere, self._subject, self._told = with_, elsewhere, subject_id, told
        self._counts: dict[str, int] = {}
        self._request = ""

    def run(self) -> dict[str, Any]:
        remaining: list[tuple[str, Callable[[], int]]] = [("journal", self._with.database.clear_journal)]
        if not self._is_wiped():
            self._step("stop", self._stop)
            ids = self._conversations()
            remaining = [
                ("turns", lambda: self._wait(ids)),
                ("engine", lambda: self._forget(ids)),
                ("models", self._flag),
                ("data", self._wipe),
                *remaining,
            ]
        try:
            for name, act in remaining:
                self._step(name, act)
        except Exception:
            self._finish(ledger.FAILED)
            raise
        self._finish(ledger.DONE)
        with self._with.database.read() as tx:
            steps = ledger.steps(tx, self._request)
        return {"request": self._request, "steps": [_labelled(step) for step in steps], "erased": self._counts}

    def _is_wiped(self) -> bool:
        """Whether an earlier attempt came as far as that. Errors: `NotFound` for whom nothing is left to do."""
        with self._with.database.read() as tx:
            erased_at = tx.execute(
                select(subjects.c.erased_at).where(subjects.c.id == self._subject)
            ).scalar_one_or_none()
            self._request = ledger.unfinished(tx, self._subject, "erasure") or ""
        return erased_at is not None and bool(self._request)

    def _forget(self, ids: Sequence[str]) -> int:
        self._counts["engine_events"] = self._elsewhere.forget(ids)
        return self._counts["engine_events"]

    def _step(self, name: str, act: Callable[[], int]) -> int:
        count = act()
        with self._with.database.begin() as tx:
            step = ledger.note(tx, self._request, name, count, self._with.clock())
        self._told(_labelled(step))
        return count

    def _finish(self, status: str) -> None:
        with self._with.database.begin() as tx:
            ledger.end(tx, self._request, status, self._with.clock())

    def _stop(self) -> int:
        now = self._with.clock()
        with self._with.database.begin() as tx:
            parts.subject(tx, self._subject)
            tx.execute(update(subjects).where(subjects.c.id == self._subject).values(erasing_at=now))
            consent.settle(tx, self._subject, self._with.policy)
            self._request = self._request or ledger.begin(tx, self._subject, "erasure", self._with.via, now)
        return 1

    def _conversations(self) -> list[str]:
        with self._with.database.read() as tx:
            return list(tx.execute(_theirs(self._subject)).scalars())

    def _wait(self, ids: Sequence[str]) -> int:
        """Take every conversation as soon as no turn is under way in it, and drop what waits for one."""
        waiting, deadline = list(ids), time.monotonic() + self._elsewhere.patience_s
        while waiting:
            with self._with.database.begin() as tx:
                waiting = [each for each in waiting if not _taken(tx, each, self._with.clock())]
                tx.execute(
                    update(messages)
                    .where(messages.c.conversation_id.in_(set(ids) - set(waiting)), messages.c.status == PENDING)
                    .values(status="withheld")
                )
            if waiting and time.monotonic() > deadline:
                raise Unavailable("An answer is still under way. Erasing will go on when it is asked for again.")
            if waiting:
                time.sleep(PAUSE_S)
        return len(ids)

    def _flag(self) -> int:
        with self._with.database.begin() as tx:
            learned = model_lineage.c.conversation_id.in_(_theirs(self._subject))
            models = set(tx.execute(select(model_lineage.c.model).where(learned)).scalars())
            tx.execute(update(model_lineage).where(learned).values(flagged_at=self._with.clock()))
        return len(models)

    def _wipe(self) -> int:
        now = self._with.clock()
        with self._with.database.begin() as tx:
            counts = wipe(tx, self._subject)
            gone = tx.execute(
                update(subjects)
                .where(subjects.c.id == self._subject, subjects.c.erased_at.is_(None))
                .values(wrapped_key=None, external_index=None, erased_at=now, erasing_at=None)
            ).rowcount
            if not gone:
                raise NotFound
            self._counts |= counts
            self._with.note(tx, Act.ERASED, self._subject, self._counts)
            self._elsewhere.mark(self._subject)
        return sum(counts.values())


def wipe(tx: Connection, subject_id: str) -> dict[str, int]:
    """Delete a subject's rows; how many by table. Receipts stay, and name nobody any more."""
    theirs = _theirs(subject_id)
    counts = {
        table.name: tx.execute(delete(table).where(table.c.conversation_id.in_(theirs))).rowcount
        for table in BY_CONVERSATION
    }
    counts |= {
        table.name: tx.execute(delete(table).where(table.c.subject_id == subject_id)).rowcount for table in BY_SUBJECT
    }
    tx.execute(update(receipts).where(receipts.c.subject_id == subject_id).values(subject_id=None))
    if counts[turns.name]:
        search.purge(tx)
    return counts


def _theirs(subject_id: str) -> Any:
    return select(conversations.c.id).where(conversations.c.subject_id == subject_id)


def _taken(tx: Connection, conversation_id: str, now: int) -> bool:
    """Hold the conversation for longer than a turn's lease, if nobody else holds it."""
    taken = tx.execute(
        update(conversations)
        .where(
            conversations.c.id == conversation_id,
            (conversations.c.lease_owner.is_(None))
            | (conversations.c.lease_owner == OWNER)
            | (conversations.c.lease_until < now),
        )
        .values(lease_owner=OWNER, lease_fence=conversations.c.lease_fence + 1, lease_until=now + LONGEST_HOLD_MS)
    )
    return taken.rowcount == 1


def _labelled(step: dict[str, Any]) -> dict[str, Any]:
    return step | {"label": LABELS[step["step"]]}
