"""The vault: what each placeholder stands for, encrypted with its subject's key, with an end date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from tactful.privacy.placeholders import Replacement, normalise
from tactful.privacy.policy import Policy
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.keys import key_of
from tactful.store.tables import vault

DAY_MS = 86_400_000

# Asked in every turn: building a statement costs as much as running it.
_ITS = vault.c.conversation_id == bindparam("conversation")
_LIVE = (
    select(vault).where(_ITS, vault.c.expires_at > bindparam("now")).order_by(vault.c.created_at, vault.c.placeholder)
)
_TAKEN = select(vault.c.placeholder, vault.c.type).where(_ITS)


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """One placeholder of a conversation; its repr does not tell the value."""

    placeholder: str
    type: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DatedEntry(VaultEntry):
    """The same with its dates, in epoch milliseconds."""

    created_at: int
    expires_at: int


class Vault:
    """Reads and writes within the caller's transaction."""

    def __init__(self, ring: KeyRing, cipher: SubjectCipher, policy: Policy, clock: Callable[[], int]) -> None:
        self._ring, self._cipher, self._policy, self._clock = ring, cipher, policy, clock

    def entries(self, tx: Connection, conversation_id: str) -> list[VaultEntry]:
        """The conversation's values that have not reached their end date."""
        return list(self.dated(tx, conversation_id))

    def dated(self, tx: Connection, conversation_id: str) -> list[DatedEntry]:
        """The same with their dates."""
        rows = tx.execute(_LIVE, {"conversation": conversation_id, "now": self._clock()}).all()
        if not rows:
            return []
        key = key_of(tx, rows[0].subject_id)
        return [
            DatedEntry(
                row.placeholder,
                row.type,
                self._cipher.decrypt(row.value, key, **_place(conversation_id, row.placeholder, row.subject_id)),
                row.created_at,
                row.expires_at,
            )
            for row in rows
        ]

    def numbering(self, tx: Connection, conversation_id: str) -> dict[tuple[str, str], str]:
        """(type, normalised value) → placeholder, to number on from. A number whose value is gone stays taken:
        given to somebody else, it would put a stranger's name into old messages."""
        live = {entry.placeholder: entry for entry in self.entries(tx, conversation_id)}
        taken = tx.execute(_TAKEN, {"conversation": conversation_id})
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
        return sum(
            tx.execute(
                update(vault)
                .where(
                    vault.c.conversation_id == conversation_id,
                    vault.c.placeholder == name,
                    func.length(vault.c.value) > 0,  # somebody else may have been faster
                )
                .values(value=b"", value_index=self._ring.blind_index(f"gone/{conversation_id}", name))
            ).rowcount
            for name in list(due)
        )

    def keep(self, tx: Connection, conversation_id: str, subject_id: str, replacements: Sequence[Replacement]) -> None:
        """Store new values of a conversation, each until the end date of its kind."""
        if not replacements:
            return
        self.forget_expired(tx, conversation_id)
        now = self._clock()
        entries = [
            DatedEntry(new.placeholder, new.type, new.value, now, now + self._policy.vault_days(new.type) * DAY_MS)
            for new in replacements
        ]
        self.put(tx, conversation_id, subject_id, entries)

    def put(self, tx: Connection, conversation_id: str, subject_id: str, entries: Sequence[DatedEntry]) -> None:
        """Store values with the dates that they come with."""
        if not entries:
            return
        key = key_of(tx, subject_id)
        tx.execute(
            insert(vault),
            [
                {
                    "conversation_id": conversation_id,
                    "placeholder": entry.placeholder,
                    "subject_id": subject_id,
                    "type": entry.type,
                    "value": self._cipher.encrypt(
                        entry.value, key, **_place(conversation_id, entry.placeholder, subject_id)
                    ),
                    "value_index": self._index(conversation_id, entry),
                    "created_at": entry.created_at,
                    "expires_at": entry.expires_at,
                }
                for entry in entries
            ],
        )

    def move(self, tx: Connection, conversation_id: str, to_subject: str) -> int:
        """Re-encrypt a conversation's values under another subject's key; how many. Blank ones stay blank."""
        live, key = self.dated(tx, conversation_id), key_of(tx, to_subject)
        self.forget_expired(tx, conversation_id)
        tx.execute(update(vault).where(vault.c.conversation_id == conversation_id).values(subject_id=to_subject))
        for entry in live:
            sealed = self._cipher.encrypt(entry.value, key, **_place(conversation_id, entry.placeholder, to_subject))
            tx.execute(update(vault).where(*_row(conversation_id, entry.placeholder)).values(value=sealed))
        return len(live)

    def correct(self, tx: Connection, conversation_id: str, subject_id: str, kind: str, old: str, new: str) -> int:
        """Let what stood for `old` stand for `new`; how many values changed."""
        held = [entry for entry in self.dated(tx, conversation_id) if entry.type == kind]
        if any(normalise(kind, entry.value) == normalise(kind, new) for entry in held):
            return 0  # it has a placeholder of its own already
        wrong = [entry for entry in held if normalise(kind, entry.value) == normalise(kind, old)]
        for entry in wrong:
            right = replace(entry, value=new)
            tx.execute(delete(vault).where(*_row(conversation_id, entry.placeholder)))
            self.put(tx, conversation_id, subject_id, [right])
        return len(wrong)

    def _index(self, conversation_id: str, entry: VaultEntry) -> bytes:
        return self._ring.blind_index(f"vault/{conversation_id}", f"{entry.type}/{normalise(entry.type, entry.value)}")


def _place(conversation_id: str, placeholder: str, subject_id: str) -> dict[str, str]:
    """What a value's ciphertext is bound to."""
    return {"table": "vault", "column": "value", "row": f"{conversation_id}/{placeholder}", "subject": subject_id}


def _row(conversation_id: str, placeholder: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return vault.c.conversation_id == conversation_id, vault.c.placeholder == placeholder
