"""Reveals: to see a hidden value takes a reason and a second person's yes, holds for minutes, and each look is counted.

The customer's own page says how often. What could not be shown is not shown: a value past its end date, a customer who
is erased, has paused the use of their data, or does not let people read along.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tactful.chat.sessions import new_id
from tactful.console.missed.corrections import may_be_seen, subject_of
from tactful.console.staff import acting
from tactful.errors import BadRequest, Conflict, NotAllowed, NotFound
from tactful.privacy.placeholders import Redaction
from tactful.privacy.policy import Policy
from tactful.store.audit import Act, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.tables import reveals
from tactful.store.vault import Vault, VaultEntry

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
REASONS = {
    Reason.REQUEST: "The customer asked for it",
    Reason.SUPPORT: "It is needed to help this customer",
    Reason.SECURITY: "Fraud or a security case",
    Reason.LEGAL: "A legal duty",
}
ANSWER_MS = 8 * 3_600_000  # so long a question waits for a second person
MINUTE_MS = 60_000
OVER = "The time for this is over. Ask again if it is still needed."


@dataclass(frozen=True, slots=True)
class Reveal:
    """One question and what became of it; times in epoch milliseconds, people are accounts' ids."""

    id: str
    conversation_id: str
    subject_id: str
    placeholder: str
    kind: str
    reason: str
    note: str
    state: str
    asked_by: str
    asked_at: int
    decided_by: str | None
    decided_at: int | None
    expires_at: int
    looks: int

    def is_open(self, now: int) -> bool:
        """Whether it waits for an answer."""
        return self.state == ASKED and now < self.expires_at

    def may_be_used(self, now: int) -> bool:
        """Whether who asked may look now."""
        return self.state == GRANTED and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Shown:
    """A value for one person's eyes; its repr does not tell it. `seconds` until it must be gone."""

    reveal: Reveal
    value: str = field(repr=False)
    seconds: int


class Reveals:
    """Asked, decided and used, each in a transaction that is audited."""

    def __init__(
        self, database: Database, vault: Vault, policy: Policy, audit: AuditLog, clock: Callable[[], int], minutes: int
    ) -> None:
        self._database, self._vault, self._policy, self._audit = database, vault, policy, audit
        self._clock, self._minutes = clock, minutes

    @property
    def minutes(self) -> int:
        """How long a granted value may be looked at."""
        return self._minutes

    def ask(self, by: str, conversation_id: str, placeholder: str, reason: str, note: Redaction) -> Reveal:
        """Ask to see what a placeholder stands for; `note` says why in words.

        Errors: `NotFound` for what may not be seen; `BadRequest` without a reason and words; `Conflict` when the value
        is gone, or somebody waits for it already.
        """
        if reason not in REASONS:
            raise BadRequest("Choose a reason.")
        if not note.text.strip():
            raise BadRequest("Say in a few words what you need it for. The second person decides by them.")
        now = self._clock()
        with self._database.begin() as tx:
            subject_id = subject_of(tx, conversation_id)
            entry = self._entry(tx, subject_id, conversation_id, placeholder)
            same = (reveals.c.conversation_id == conversation_id) & (reveals.c.placeholder == placeholder)
            for row in tx.execute(select(reveals).where(same, reveals.c.asked_by == by)).all():
                if (earlier := Reveal(*row)).is_open(now) or earlier.may_be_used(now):
                    raise Conflict("You have asked for this already.")
            reveal_id = new_id()
            tx.execute(
                insert(reveals).values(
                    id=reveal_id, conversation_id=conversation_id, subject_id=subject_id, placeholder=placeholder,
                    kind=entry.type, reason=reason, note=note.text[:500], state=ASKED, asked_by=by, asked_at=now,
                    expires_at=now + ANSWER_MS, looks=0,
                )
            )  # fmt: skip
            return self._noted(tx, Act.REVEAL_REQUESTED, by, reveal_id, note)

    def decide(self, by: str, reveal_id: str, *, yes: bool) -> Reveal:
        """The second person's answer; a yes holds for some minutes from now.

        Errors: `NotAllowed` for a yes to oneself; `Conflict` when it was decided or has lapsed; as `ask`.
        """
        now = self._clock()
        with self._database.begin() as tx:
            reveal = self._one(tx, reveal_id)
            if not reveal.is_open(now):
                raise Conflict(OVER if reveal.state == ASKED else "This was decided already.")
            if yes and reveal.asked_by == by:
                raise NotAllowed("This needs a second person: somebody else has to agree.")
            if yes:
                self._entry(tx, reveal.subject_id, reveal.conversation_id, reveal.placeholder)
            until = now + self._minutes * MINUTE_MS if yes else now
            self._change(
                tx, reveal_id, state=GRANTED if yes else REFUSED, decided_by=by, decided_at=now, expires_at=until
            )
            return self._noted(tx, Act.REVEAL_GRANTED if yes else Act.REVEAL_REFUSED, by, reveal_id)

    def look(self, by: str, reveal_id: str) -> Shown:
        """The value, for who asked, while the yes holds. Each look is counted on the customer's own page.

        Errors: `NotFound` for anybody else, and for what may no longer be seen; `Conflict` unless a yes holds.
        """
        now = self._clock()
        with self._database.begin() as tx:
            reveal = self._one(tx, reveal_id)
            if reveal.asked_by != by:
                raise NotFound
            if not reveal.may_be_used(now):
                waits = reveal.is_open(now)
                raise Conflict("Nobody has agreed yet." if waits else OVER)
            entry = self._entry(tx, reveal.subject_id, reveal.conversation_id, reveal.placeholder)
            self._change(tx, reveal_id, looks=reveal.looks + 1)
            seen = self._noted(tx, Act.REVEAL_USED, by, reveal_id)
        return Shown(seen, entry.value, max(1, (reveal.expires_at - now) // 1000))

    def latest(self, limit: int = 100) -> list[Reveal]:
        """The newest first; of customers who may not be read about now, none."""
        with self._database.read() as tx:
            query = select(reveals).order_by(reveals.c.asked_at.desc(), reveals.c.id).limit(limit)
            rows = [Reveal(*row) for row in tx.execute(query)]
            seen = {who: may_be_seen(tx, who, self._policy) for who in {row.subject_id for row in rows}}
        return [row for row in rows if seen[row.subject_id]]

    def now(self) -> int:
        return self._clock()

    def _entry(self, tx: Connection, subject_id: str, conversation_id: str, placeholder: str) -> VaultEntry:
        if not may_be_seen(tx, subject_id, self._policy):
            raise NotFound
        entries = self._vault.entries(tx, conversation_id)
        entry = next((each for each in entries if each.placeholder == placeholder), None)
        if entry is None:
            raise Conflict("The value has reached its end date and is gone.")
        return entry

    @staticmethod
    def _one(tx: Connection, reveal_id: str) -> Reveal:
        row = tx.execute(select(reveals).where(reveals.c.id == reveal_id).with_for_update()).first()
        if row is None:
            raise NotFound
        return Reveal(*row)

    @staticmethod
    def _change(tx: Connection, reveal_id: str, **values: Any) -> None:
        tx.execute(update(reveals).where(reveals.c.id == reveal_id).values(**values))

    def _noted(self, tx: Connection, act: Act, by: str, reveal_id: str, note: Redaction | None = None) -> Reveal:
        reveal = self._one(tx, reveal_id)
        self._audit.record(
            tx, act, actor=acting(by), subject_id=reveal.subject_id, fields={reveal.kind: 1},
            reason=Reason(reveal.reason), note=note, object_id=reveal.conversation_id,
        )  # fmt: skip
        return reveal
