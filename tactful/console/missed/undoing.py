"""Undoing a correction: everything that it changed is exactly as it was before, or nothing is changed."""

from sqlalchemy import Connection, delete, func, select

from tactful.console.missed import cases, corrections
from tactful.console.missed.changes import Change
from tactful.console.missed.corrections import Correction, State
from tactful.console.missed.hiding import EVENTS, FACTS, VAULT
from tactful.console.missed.parts import Parts
from tactful.console.missed.places import BY_NAME, SEPARATOR
from tactful.console.missed.settling import Settling
from tactful.errors import Conflict
from tactful.profile import facts
from tactful.profile.facts import Fact
from tactful.store.audit import Act
from tactful.store.tables import correction_changes, messages, vault

LATER = "A later correction changed the same message. Undo that one first."
TOO_LATE = "This can no longer be undone: the value has reached its end date, or its customer has signed in since."


class Undoing:
    """Takes corrections back."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._settling = parts, Settling(parts)

    def undo(self, by: str, correction_id: str) -> Correction:
        """Take a correction back; `by` is an account's id.

        Errors: `NotFound`; `Conflict` when it was undone already, its value is gone, or something has changed since.
        """
        with self._parts.database.begin() as tx:
            correction = corrections.one(tx, correction_id)
            if correction.state == State.UNDONE:
                raise Conflict("This was undone already.")
            if correction.is_active:
                self._take_back(tx, correction)
            self._parts.listed.end(tx, correction_id, self._parts.clock())
            now = self._parts.clock()
            corrections.change(tx, correction_id, state=State.UNDONE, undone_by=by, undone_at=now, settled=False)
            cases.drop(tx, correction_id)
            for conversation_id in {correction.conversation_id, *self._touched(tx, correction_id)}:
                cases.renew(self._parts, tx, conversation_id)
            fields = {correction.kind: correction.places}
            self._parts.note(tx, Act.CORRECTION_UNDONE, by, correction.subject_id, correction.conversation_id, fields)
        return self._settling.settle(correction_id)

    def messages(self, correction_id: str) -> list[int]:
        """Numbers of the messages that a correction changed in its own conversation, while it can be undone."""
        with self._parts.database.read() as tx:
            correction = corrections.one(tx, correction_id)
            which = (
                correction_changes.c.correction_id == correction_id,
                correction_changes.c.conversation_id == correction.conversation_id,
                correction_changes.c.place == messages.name,
            )
            rows = tx.execute(select(correction_changes.c.row).where(*which)).scalars()
            return sorted({int(row.rpartition(SEPARATOR)[2]) for row in rows})

    def _take_back(self, tx: Connection, correction: Correction) -> None:
        kept = self._parts.changes.of(tx, correction.id)
        if not kept:
            raise Conflict(TOO_LATE)
        for change in kept:
            match change.place:
                case place if place == FACTS:
                    self._fact(tx, change)
                case place if place == VAULT:
                    pass  # last: it may go only when nothing stands for it any more
                case place if place == EVENTS:
                    pass  # the engine's, once this is committed
                case _:
                    self._row(tx, change)
        for change in kept:
            if change.place == VAULT:
                _forget(tx, change)

    def _row(self, tx: Connection, change: Change) -> None:
        place = BY_NAME[change.place]
        row = place.row(tx, change.row)
        if row is None:
            return  # it has reached its end date
        now = {name: row.content[name] for name in change.before}
        if not self._parts.changes.stands(change, now):
            raise Conflict(LATER)
        place.write(tx, row, change.before)

    def _fact(self, tx: Connection, change: Change) -> None:
        held, _ = facts.load_all(tx, self._parts.cipher, change.subject_id, self._parts.clock())
        if change.row not in held:  # else the customer has said something newer
            facts.put(tx, self._parts.cipher, change.subject_id, Fact(**change.before))

    @staticmethod
    def _touched(tx: Connection, correction_id: str) -> list[str]:
        which = correction_changes.c.correction_id == correction_id
        return list(tx.execute(select(correction_changes.c.conversation_id).where(which)).scalars())


def _forget(tx: Connection, change: Change) -> None:
    """Take a placeholder out of the vault that the correction had put there, unless newer words stand for it."""
    whose = messages.c.conversation_id == change.conversation_id
    standing = select(func.count()).select_from(messages).where(whose, messages.c.text.contains(change.row))
    if not tx.execute(standing).scalar_one():
        this = vault.c.conversation_id == change.conversation_id, vault.c.placeholder == change.row
        tx.execute(delete(vault).where(*this))
