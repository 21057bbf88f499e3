"""The engine's copies brought in line with a correction, conversation by conversation, between two turns.

What could not be done, because an answer was under way or the engine did not answer, is done when it is asked again.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select

from tactful.chat import leases
from tactful.chat.leases import Lease
from tactful.console.missed import corrections
from tactful.console.missed.corrections import Correction, State
from tactful.console.missed.hiding import EVENTS, Hidden
from tactful.console.missed.parts import Parts
from tactful.console.missed.same import Same, restored
from tactful.errors import Unavailable
from tactful.store.tables import correction_changes, messages

OWNER = "correction"
PATIENCE_S = 8.0  # for the turn under way
PAUSE_S = 0.05

Events = Sequence[tuple[str, dict[str, Any]]]


class Settling:
    """Changes what the engine has stored, under each conversation's lease."""

    def __init__(self, parts: Parts, patience_s: float = PATIENCE_S) -> None:
        self._parts, self._patience_s = parts, patience_s

    def settle(self, correction_id: str) -> Correction:
        """Do it, if it can be done now; the correction says so in `settled`."""
        try:
            for conversation_id in self._touched(correction_id):
                self._one(correction_id, conversation_id)
        except Unavailable:
            pass
        else:
            self._done(correction_id)
        self._parts.wipe()
        with self._parts.database.read() as tx:
            return corrections.one(tx, correction_id)

    def settle_all(self) -> int:
        """Whatever was left; how many are done now."""
        with self._parts.database.read() as tx:
            left = list(corrections.unsettled(tx))
        return sum(self.settle(each).settled for each in left)

    def _touched(self, correction_id: str) -> list[str]:
        with self._parts.database.read() as tx:
            own = corrections.one(tx, correction_id).conversation_id
            changed = select(correction_changes.c.conversation_id).where(
                correction_changes.c.correction_id == correction_id
            )
            return sorted({own, *tx.execute(changed).scalars()})

    def _one(self, correction_id: str, conversation_id: str) -> None:
        with self._held(conversation_id):
            events = self._parts.memory.events(conversation_id)
            with self._parts.database.begin() as tx:
                correction = corrections.one(tx, correction_id)
                undone = correction.state == State.UNDONE
                act = self._as_before if undone else self._hidden
                changed = act(tx, correction, conversation_id, events) if events else {}
            self._parts.memory.put(conversation_id, changed)

    def _hidden(
        self, tx: Connection, correction: Correction, conversation_id: str, events: Events
    ) -> dict[str, dict[str, Any]]:
        entry = self._parts.value(tx, correction.conversation_id, correction.placeholder)
        if entry is None:
            return {}
        if correction.act == corrections.KEPT:
            freed = Hidden(self._parts, tx, correction, conversation_id, correction.subject_id)
            return freed.changed(events, partial(restored, entry=entry))
        here = correction.state == State.HERE
        if here:
            events = _of_turn(tx, correction, events)
        whole = here or conversation_id != correction.conversation_id
        subject_id = corrections.subject_of(tx, conversation_id)
        hidden = Hidden(self._parts, tx, correction, conversation_id, subject_id)
        return hidden.events(Same(entry.value, correction.kind, whole=whole), events)

    def _as_before(
        self, tx: Connection, correction: Correction, conversation_id: str, events: Events
    ) -> dict[str, dict[str, Any]]:
        now = dict(events)
        for change in self._parts.changes.of(tx, correction.id):
            row = change.row if change.place == EVENTS else ""
            if (
                change.conversation_id == conversation_id
                and row in now
                and self._parts.changes.stands(change, now[row])
            ):
                now[row] = change.before
        return {row: event for row, event in now.items() if event != dict(events)[row]}

    def _done(self, correction_id: str) -> None:
        with self._parts.database.begin() as tx:
            corrections.change(tx, correction_id, settled=True)
            if corrections.one(tx, correction_id).state == State.UNDONE:
                # What was hidden is readable again: nothing of it needs to be kept for undoing.
                tx.execute(delete(correction_changes).where(correction_changes.c.correction_id == correction_id))

    @contextmanager
    def _held(self, conversation_id: str) -> Iterator[None]:
        """No turn begins in the conversation meanwhile. Errors: `Unavailable` while one goes on for too long."""
        lease = self._lease(conversation_id)
        try:
            yield
        finally:
            with self._parts.database.begin() as tx:
                leases.release(tx, lease)

    def _lease(self, conversation_id: str) -> Lease:
        deadline = time.monotonic() + self._patience_s
        while True:
            with self._parts.database.begin() as tx:
                if lease := leases.acquire(tx, conversation_id, OWNER, self._parts.clock()):
                    return lease
            if time.monotonic() > deadline:
                raise Unavailable("An answer is still under way.")
            time.sleep(PAUSE_S)


def _of_turn(tx: Connection, correction: Correction, events: Events) -> Events:
    """The events of the turn to which the marked message belongs."""
    query = select(messages.c.reply_to).where(
        messages.c.conversation_id == correction.conversation_id, messages.c.seq == correction.seq
    )
    seq = tx.execute(query).scalar_one_or_none() or correction.seq
    wanted, within, found = f"{correction.conversation_id}:{seq}", False, []
    for row, event in events:
        if event.get("event") == "user":
            within = event.get("message_id") == wanted
        if within:
            found.append((row, event))
    return found
