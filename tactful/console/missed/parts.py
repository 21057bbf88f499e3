"""What corrections are made with, and what marking, freeing and undoing share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from tactful.console.missed.changes import Changes
from tactful.errors import StoreUnavailable
from tactful.privacy.policy import Policy
from tactful.store import search
from tactful.store.audit import Act, Actor, AuditLog, Reason, Role
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.listed import ListedValues
from tactful.store.vault import DAY_MS, Vault, VaultEntry


class Memory(Protocol):
    """The engine's: as `tactful.chat.engine_memory.EngineMemory`."""

    def events(self, conversation_id: str) -> list[tuple[str, dict[str, Any]]]: ...

    def put(self, conversation_id: str, events: Mapping[str, dict[str, Any]]) -> int: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Handed to each act; `clock` in epoch milliseconds."""

    database: Database
    ring: KeyRing
    cipher: SubjectCipher
    vault: Vault
    policy: Policy
    audit: AuditLog
    listed: ListedValues
    memory: Memory
    clock: Callable[[], int]

    @property
    def changes(self) -> Changes:
        return Changes(self.ring, self.cipher, self.clock)

    def ends(self, kind: str) -> int:
        """When a value of this kind, hidden now, reaches its end date."""
        return self.clock() + self.policy.vault_days(kind) * DAY_MS

    def value(self, tx: Connection, conversation_id: str, placeholder: str) -> VaultEntry | None:
        """What a placeholder stands for; None once its end date has come."""
        entries = self.vault.entries(tx, conversation_id)
        return next((entry for entry in entries if entry.placeholder == placeholder), None)

    def note(
        self, tx: Connection, act: Act, by: str, subject_id: str, conversation_id: str, fields: Mapping[str, int]
    ) -> None:
        """Enter an act of a member of staff in the audit log. Last thing in a transaction."""
        self.audit.record(
            tx,
            act,
            actor=Actor(Role.AGENT, by),
            subject_id=subject_id,
            fields=fields,
            reason=Reason.REVIEW,
            object_id=conversation_id,
        )

    def wipe(self) -> bool:
        """Leave nothing of what was hidden in the search index's old parts and in the database's journal.

        False while somebody reads from the journal.
        """
        try:
            with self.database.begin() as tx:
                search.purge(tx)
            self.database.clear_journal()
        except StoreUnavailable:
            return False
        return True
