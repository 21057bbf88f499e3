"""The rights of a subject, one code path for chat, widget, HTTP and command line.

Access and portability (GDPR art. 15, 20), rectification (16), erasure (17), withdrawal of consent (7.3).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from tactful.errors import NotFound
from tactful.privacy.placeholders import restore
from tactful.privacy.policy import Policy
from tactful.profile import facts, receipts
from tactful.profile.facts import Writing
from tactful.profile.rights import consents as consenting
from tactful.profile.rights.parts import Parts
from tactful.profile.signing import Signer
from tactful.store.crypto import SubjectCipher
from tactful.store.database import Database
from tactful.store.tables import consents, conversations, messages, objections, outbox, subjects, vault
from tactful.store.tables import facts as facts_table
from tactful.store.tables import receipts as receipts_table
from tactful.store.vault import Vault
from tactful.times import iso

FORMAT = "tactful-export/1"


class Rights:
    """`forget_elsewhere(conversation_ids)` deletes what other stores hold of conversations."""

    def __init__(
        self,
        database: Database,
        cipher: SubjectCipher,
        vault: Vault,
        policy: Policy,
        clock: Callable[[], int],
        forget_elsewhere: Callable[[Sequence[str]], int],
        signer: Signer,
    ) -> None:
        self._parts = Parts(database, cipher, vault, policy, signer, clock)
        self._database, self._cipher, self._vault, self._policy = database, cipher, vault, policy
        self._clock, self._forget_elsewhere = clock, forget_elsewhere

    def profile(self, subject_id: str) -> list[dict[str, Any]]:
        """Facts with label, category, purpose, source and end date."""
        with self._database.read() as tx:
            return self._described(tx, subject_id)

    def rectify(self, subject_id: str, changes: Mapping[str, Any]) -> list[str]:
        """Correct or (None) delete facts; names of those that changed. Errors: as `facts.apply`."""
        with self._database.begin() as tx:
            writing = Writing("chosen", self._clock())
            return facts.apply(tx, self._cipher, self._policy, subject_id, changes, writing)

    def consents(self, subject_id: str) -> dict[str, Any]:
        """As `consents.state`."""
        return consenting.state(self._parts, subject_id)

    def consent(self, subject_id: str, given: Mapping[str, bool]) -> dict[str, Any]:
        """Give or withdraw, as `consents.answer`."""
        return consenting.answer(self._parts, subject_id, given)

    def receipts(self, subject_id: str) -> list[dict[str, Any]]:
        """The subject's receipts of consent, newest first."""
        with self._database.read() as tx:
            return receipts.of(tx, self._parts.signer, subject_id)

    def receipt(self, subject_id: str, receipt_id: str) -> dict[str, Any]:
        """One of them. Errors: `NotFound`."""
        with self._database.read() as tx:
            return receipts.one(tx, self._parts.signer, subject_id, receipt_id)

    def receipt_by_code(self, code: str) -> dict[str, Any]:
        """The receipt of a code, for whoever has the code. Errors: `NotFound`."""
        with self._database.read() as tx:
            return receipts.by_code(tx, self._parts.signer, code)

    def export(self, subject_id: str) -> dict[str, Any]:
        """Everything that is kept about the subject, with the values put back: it is theirs. Errors: `NotFound`."""
        with self._database.read() as tx:
            subject = tx.execute(
                select(subjects).where(subjects.c.id == subject_id, subjects.c.erased_at.is_(None))
            ).first()
            if subject is None:
                raise NotFound
            given = tx.execute(select(consents).where(consents.c.subject_id == subject_id).order_by(consents.c.id))
            held = tx.execute(
                select(conversations)
                .where(conversations.c.subject_id == subject_id)
                .order_by(conversations.c.created_at)
            ).all()
            return {
                "format": FORMAT,
                "exported_at": iso(self._clock()),
                "customer_since": iso(subject.created_at),
                "profile": self._described(tx, subject_id),
                "consents": [
                    {"purpose": row.purpose, "granted": bool(row.granted), "at": iso(row.at)} for row in given
                ],
                "conversations": [self._conversation(tx, row.id, row.created_at) for row in held],
            }

    def erase(self, subject_id: str) -> dict[str, int]:
        """Erase everything of the subject; rows by table. The key is destroyed, so copies of values stay shut.

        If another store fails, nothing here is erased either, and it can be tried again. Errors: `NotFound`.
        """
        with self._database.begin() as tx:
            _lock(tx, subject_id)
            theirs = select(conversations.c.id).where(conversations.c.subject_id == subject_id)
            ids = list(tx.execute(theirs).scalars())
            counts = {
                "outbox": tx.execute(delete(outbox).where(outbox.c.conversation_id.in_(theirs))).rowcount,
                "vault": tx.execute(delete(vault).where(vault.c.subject_id == subject_id)).rowcount,
                "messages": tx.execute(delete(messages).where(messages.c.conversation_id.in_(theirs))).rowcount,
                "facts": tx.execute(delete(facts_table).where(facts_table.c.subject_id == subject_id)).rowcount,
                "consents": tx.execute(delete(consents).where(consents.c.subject_id == subject_id)).rowcount,
                "objections": tx.execute(delete(objections).where(objections.c.subject_id == subject_id)).rowcount,
                "conversations": tx.execute(
                    delete(conversations).where(conversations.c.subject_id == subject_id)
                ).rowcount,
            }
            tx.execute(update(receipts_table).where(receipts_table.c.subject_id == subject_id).values(subject_id=None))
            tx.execute(
                update(subjects)
                .where(subjects.c.id == subject_id)
                .values(wrapped_key=None, external_index=None, erased_at=self._clock())
            )
            counts["engine_events"] = self._forget_elsewhere(ids)
        return counts

    def _described(self, tx: Connection, subject_id: str) -> list[dict[str, Any]]:
        profile = facts.load(tx, self._cipher, subject_id, self._clock())
        return [
            {
                "name": fact.name,
                "label": attribute.label,
                "value": fact.value,
                "category": attribute.category,
                "purpose": attribute.purpose,
                "source": fact.source,
                "sureness": fact.sureness,
                "confirmed": fact.confirmed,
                "learned_at": iso(fact.learned_at),
                "expires_at": iso(fact.expires_at),
            }
            for fact in profile.values()
            if (attribute := self._policy.attributes.get(fact.name))
        ]

    def _conversation(self, tx: Connection, conversation_id: str, created_at: int) -> dict[str, Any]:
        values = {entry.placeholder: entry.value for entry in self._vault.entries(tx, conversation_id)}
        rows = tx.execute(
            select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.kind != "event")
            .order_by(messages.c.seq)
        ).mappings()
        return {
            "began_at": iso(created_at),
            "messages": [
                {
                    "author": row["author"],
                    "text": restore(row["text"], values),
                    "at": iso(row["created_at"]),
                    "kept": row["status"] != "withheld",
                }
                for row in rows
            ],
        }


def _lock(tx: Connection, subject_id: str) -> None:
    """Hold the subject's row. Errors: `NotFound` when it is unknown or erased."""
    found = tx.execute(
        select(subjects.c.id).where(subjects.c.id == subject_id, subjects.c.erased_at.is_(None)).with_for_update()
    ).first()
    if found is None:
        raise NotFound
