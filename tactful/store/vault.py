"""The vault: what each placeholder stands for, encrypted with its subject's key, with an end date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select, update

from tactful.privacy.placeholders import Replacement, normalise
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.keys import key_of
from tactful.store.tables import vault

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """One placeholder of a conversation; its repr does not tell the value."""

    placeholder: str
    type: str
    value: str = field(repr=False)


class Vault:
    """Reads and writes within the caller's transaction."""

    def __init__(self, ring: KeyRing, cipher: SubjectCipher, policy: Policy, clock: Callable[[], int]) -> None:
        self._ring, self._cipher, self._policy, self._clock = ring, cipher, policy, clock

    def entries(self, tx: Connection, conversation_id: str) -> list[VaultEntry]:
        """The conversation's values that have not reached their end date."""
        rows = tx.execute(
            select(vault.c.placeholder, vault.c.type, vault.c.subject_id, vault.c.value)
            .where(vault.c.conversation_id == conversation_id, vault.c.expires_at > self._clock())
            .order_by(vault.c.created_at, vault.c.placeholder)
        ).all()
        if not rows:
            return []
        key = key_of(tx, rows[0].subject_id)
        return [
            VaultEntry(
                row.placeholder,
                row.type,
                self._cipher.decrypt(
                    row.value,
                    key,
                    table="vault",
                    column="value",
                    row=f"{conversation_id}/{row.placeholder}",
                    subject=row.subject_id,
                ),
            )
            for row in rows
        ]

    def numbering(self, tx: Connection, conversation_id: str) -> dict[tuple[str, str], str]:
        """(type, normalised value) → placeholder, to number on from. A number whose value is gone stays taken:
        given to somebody else, it would put a stranger's name into old messages."""
        live = {entry.placeholder: entry for entry in self.entries(tx, conversation_id)}
        taken = tx.execute(select(vault.c.placeholder, vault.c.type).where(vault.c.conversation_id == conversation_id))
        return {
            (kind, normalise(kind, live[name].value) if name in live else f"\0{name}"): name for name, kind in taken
        }

    def forget_expired(self, tx: Connection, conversation_id: str) -> int:
        """Blank the values whose end date has come; how many."""
        due = tx.execute(
            select(vault.c.placeholder).where(
                vault.c.conversation_id == conversation_id,
                vault.c.expires_at <= self._clock(),
                func.length(vault.c.value) > 0,
            )
        ).scalars()
        names = list(due)
        for name in names:
            tx.execute(
                update(vault)
                .where(vault.c.conversation_id == conversation_id, vault.c.placeholder == name)
                .values(value=b"", value_index=self._ring.blind_index(f"gone/{conversation_id}", name))
            )
        return len(names)

    def keep(self, tx: Connection, conversation_id: str, subject_id: str, replacements: Sequence[Replacement]) -> None:
        """Store new values of a conversation, each until the end date of its kind."""
        if not replacements:
            return
        self.forget_expired(tx, conversation_id)
        now, key = self._clock(), key_of(tx, subject_id)
        tx.execute(
            insert(vault),
            [
                {
                    "conversation_id": conversation_id,
                    "placeholder": new.placeholder,
                    "subject_id": subject_id,
                    "type": new.type,
                    "value": self._cipher.encrypt(
                        new.value,
                        key,
                        table="vault",
                        column="value",
                        row=f"{conversation_id}/{new.placeholder}",
                        subject=subject_id,
                    ),
                    "value_index": self._ring.blind_index(
                        f"vault/{conversation_id}", f"{new.type}/{normalise(new.type, new.value)}"
                    ),
                    "created_at": now,
                    "expires_at": now + self._policy.vault_days(new.type) * DAY_MS,
                }
                for new in replacements
            ],
        )
