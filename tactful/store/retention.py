"""Retention: what is past its end date goes, and is counted by table.

What is due is told from the time alone, never from what a run has deleted already: so a dry run counts what a run
would delete, a run that was broken off is finished by the next, and two at once do each other no harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, or_, select, tuple_

from tactful.privacy.policy import Policy
from tactful.store import audit_retention, search
from tactful.store.audit import Act, Actor, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.tables import (
    assignments,
    bulk_acts,
    consents,
    conversations,
    correction_changes,
    facts,
    labels,
    messages,
    notes,
    outbox,
    requests,
    reservations,
    shadow_turns,
    shadows,
    sign_in_failures,
    staff_links,
    staff_sessions,
    subjects,
    turns,
    used_tokens,
    vault,
)
from tactful.store.trackers import Trackers
from tactful.store.vault import Vault

log = logging.getLogger(__name__)

DAY_MS = 86_400_000
REVIEW = (turns, notes, labels, assignments, shadow_turns)  # what people made of a conversation goes with it
BATCH = 200  # rows, or conversations with all that is in them, in a transaction


@dataclass(frozen=True, slots=True)
class Periods:
    """How long what has no end date of its own is kept, in days."""

    history: int  # transcripts after their last message, the ledger, customers of whom nothing is left
    outbox: int  # events after their delivery
    audit: int

    @classmethod
    def of(cls, policy: Policy, *, outbox_days: int, audit_days: int) -> "Periods":
        return cls(policy.categories["historical"].retention_days, outbox_days, audit_days)


class Due:
    """What is past its end date at `now`, as conditions on each table."""

    def __init__(self, now: int, periods: Periods) -> None:
        self.now, self.old = now, now - periods.history * DAY_MS
        self._delivered = now - periods.outbox * DAY_MS

    @property
    def conversations(self) -> ColumnElement[bool]:
        """Nobody can go on with it, its last message is old enough, and no turn is under way."""
        younger = exists().where(messages.c.conversation_id == conversations.c.id, messages.c.created_at > self.old)
        return (
            (conversations.c.expires_at <= self.now)
            & (conversations.c.created_at <= self.old)
            & (conversations.c.lease_until <= self.now)
            & ~younger
        )

    @property
    def theirs(self) -> Any:
        """Ids of the conversations that are due."""
        return select(conversations.c.id).where(self.conversations)

    @property
    def values(self) -> ColumnElement[bool]:
        """Values of the vault; a row whose value is gone keeps its number, so that nobody else gets it."""
        return (func.length(vault.c.value) > 0) & (
            (vault.c.expires_at <= self.now) | vault.c.conversation_id.in_(self.theirs)
        )

    @property
    def outbox(self) -> ColumnElement[bool]:
        return or_(
            outbox.c.created_at <= self.old,
            outbox.c.delivered_at <= self._delivered,
            outbox.c.conversation_id.in_(self.theirs),
        )

    @property
    def subjects(self) -> ColumnElement[bool]:
        """Nothing is left of them but a row: erased, or a customer who came long ago and of whom nothing is kept."""
        lives = exists().where(conversations.c.subject_id == subjects.c.id, ~self.conversations)
        known = exists().where(facts.c.subject_id == subjects.c.id, facts.c.expires_at > self.now)
        answered = exists().where(consents.c.subject_id == subjects.c.id, consents.c.at > self.old)
        asked = exists().where(requests.c.subject_id == subjects.c.id, requests.c.asked_at > self.old)
        return (
            (func.coalesce(subjects.c.erased_at, subjects.c.created_at) <= self.old)
            & ~lives & ~known & ~answered & ~asked
        )  # fmt: skip

    def single(self) -> list[tuple[Table, ColumnElement[bool]]]:
        """Tables whose rows go one by one."""
        return [
            (facts, facts.c.expires_at <= self.now),
            (outbox, self.outbox),
            (correction_changes, correction_changes.c.expires_at <= self.now),
            (used_tokens, used_tokens.c.expires_at <= self.now),
            (requests, (requests.c.done_at <= self.old)),
            (staff_links, staff_links.c.expires_at <= self.now),
            (staff_sessions, staff_sessions.c.expires_at <= self.now),
            (sign_in_failures, sign_in_failures.c.last_at <= self.now - DAY_MS),
            (reservations, reservations.c.expires_at <= self.now),
            (bulk_acts, bulk_acts.c.at <= self.old),
            (shadows, shadows.c.started_at <= self.old),
        ]


class Retention:
    """One installation's; `run` any time, by any number of processes."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        trackers: Trackers,
        audit: AuditLog,
        periods: Periods,
        clock: Callable[[], int],
    ) -> None:
        self._database, self._vault, self._trackers = database, vault, trackers
        self._audit, self.periods, self._clock = audit, periods, clock

    def run(
        self, actor: Actor, *, dry_run: bool = False, told: Callable[[str, int], None] = lambda *_: None
    ) -> dict[str, int]:
        """Delete what is due, in batches; how many by table. `dry_run` only counts.

        `told(table, count)` hears of every batch. Errors: `StoreUnavailable`, `AuditBroken`; what was deleted until
        then is in the audit log, and the next run goes on.
        """
        due = Due(self._clock(), self.periods)
        if dry_run:
            return self._count(due)
        counts: dict[str, int] = {}

        def note(table: str, count: int) -> int:
            counts[table] = counts.get(table, 0) + count
            if count:
                told(table, counts[table])
            return count

        try:
            self._remove(due, note)
        finally:
            if any(counts.values()):
                removed = {table: count for table, count in counts.items() if count}
                with self._database.begin() as tx:
                    self._audit.record(tx, Act.RETENTION_RUN, actor=actor, fields=removed, reason=Reason.RETENTION)
        note(
            "audit", audit_retention.shorten(self._database, self._audit, due.now - self.periods.audit * DAY_MS, actor)
        )
        return counts

    def _count(self, due: Due) -> dict[str, int]:
        with self._database.read() as tx:
            ids = list(tx.execute(due.theirs).scalars())
            counted = {table.name: _how_many(tx, table, condition) for table, condition in due.single()}
            counted |= {
                "vault": _how_many(tx, vault, due.values),
                "messages": _how_many(tx, messages, messages.c.conversation_id.in_(due.theirs)),
                **{each.name: _how_many(tx, each, each.c.conversation_id.in_(due.theirs)) for each in REVIEW},
                "conversations": len(ids),
                "subjects": _how_many(tx, subjects, due.subjects),
                "audit": audit_retention.due(tx, due.now - self.periods.audit * DAY_MS),
            }
            orphans = self._orphans(tx)
        return counted | {"engine_events": self._trackers.count([*ids, *orphans])}

    def _remove(self, due: Due, note: Callable[[str, int], int]) -> None:
        for table, condition in due.single():
            while note(table.name, self._batch(table, condition)) == BATCH:
                pass
        while self._values(due, note):
            pass
        while self._conversations(due, note):
            pass
        with self._database.read() as tx:
            orphans = self._orphans(tx)
        note("engine_events", self._trackers.forget(orphans))
        while note("subjects", self._batch(subjects, due.subjects)) == BATCH:
            pass

    def _batch(self, table: Table, condition: ColumnElement[bool]) -> int:
        key = tuple_(*table.primary_key.columns)
        with self._database.begin() as tx:
            some = select(*table.primary_key.columns).where(condition).limit(BATCH)
            return tx.execute(delete(table).where(key.in_(some))).rowcount

    def _values(self, due: Due, note: Callable[[str, int], int]) -> bool:
        """Blank the due values of some conversations."""
        with self._database.begin() as tx:
            some = tx.execute(
                select(vault.c.conversation_id)
                .where(vault.c.expires_at <= due.now, func.length(vault.c.value) > 0)
                .distinct()
                .limit(BATCH)
            ).scalars().all()  # fmt: skip
            count = sum(self._vault.forget_expired(tx, each) for each in some)
        note("vault", count)
        return len(some) == BATCH

    def _conversations(self, due: Due, note: Callable[[str, int], int]) -> bool:
        """Delete some conversations with all that is in them, here and in the engine's store."""
        with self._database.begin() as tx:
            ids = (
                tx.execute(due.theirs.limit(BATCH).with_for_update(skip_locked=True, of=conversations)).scalars().all()
            )
            counts = {
                "vault": _how_many(tx, vault, vault.c.conversation_id.in_(ids) & (func.length(vault.c.value) > 0)),
                "outbox": tx.execute(delete(outbox).where(outbox.c.conversation_id.in_(ids))).rowcount,
                **{
                    each.name: tx.execute(delete(each).where(each.c.conversation_id.in_(ids))).rowcount
                    for each in REVIEW
                },
                "messages": tx.execute(delete(messages).where(messages.c.conversation_id.in_(ids))).rowcount,
                "conversations": tx.execute(delete(conversations).where(conversations.c.id.in_(ids))).rowcount,
                "engine_events": self._trackers.forget(ids),
            }
            if counts["turns"]:
                search.purge(tx)
        for table, count in counts.items():
            note(table, count)
        return len(ids) == BATCH

    def _orphans(self, tx: Connection) -> list[str]:
        """Conversations of which only the engine knows: their rows are gone, so their end has come."""
        known = self._trackers.conversations()
        here: set[str] = set()
        for start in range(0, len(known), 500):
            some = known[start : start + 500]
            here |= set(tx.execute(select(conversations.c.id).where(conversations.c.id.in_(some))).scalars())
        return [each for each in known if each not in here]


def _how_many(tx: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return int(tx.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
