"""Facts of a profile: loaded, and changed only as privacy.yml allows. Values are encrypted at rest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tactful.errors import NotAllowed
from tactful.privacy.policy import Policy
from tactful.profile import attributes, consent
from tactful.store.crypto import SubjectCipher, WrappedKey
from tactful.store.keys import key_of
from tactful.store.tables import facts

DAY_MS = 86_400_000
_ASKED = (consent.SENSITIVE, consent.PERSONALISATION)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known: how it was learned (told, chosen, inferred), when, and until when it is kept."""

    name: str
    value: Any = field(repr=False)
    source: str
    learned_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Writing:
    """On whose authority and when a profile is changed."""

    source: str
    now: int
    conversation_id: str | None = None


def load(tx: Connection, cipher: SubjectCipher, subject_id: str, now: int) -> dict[str, Fact]:
    """The subject's facts that have not reached their end date, by name."""
    rows = tx.execute(
        select(facts).where(facts.c.subject_id == subject_id, facts.c.expires_at > now).order_by(facts.c.name)
    ).all()
    if not rows:
        return {}
    key = key_of(tx, subject_id)
    return {
        row.name: Fact(
            row.name, _open(cipher, key, subject_id, row.name, row.value), row.source, row.learned_at, row.expires_at
        )
        for row in rows
    }


def apply(
    tx: Connection,
    cipher: SubjectCipher,
    policy: Policy,
    subject_id: str,
    changes: Mapping[str, Any],
    writing: Writing,
) -> list[str]:
    """Change facts; None deletes one. Names of those that changed.

    Errors: `BadRequest` for what is no attribute or does not fit it; `NotAllowed` where a consent is missing.
    Either way nothing is changed.
    """
    before = load(tx, cipher, subject_id, writing.now)
    sensitive, personal = (consent.given(tx, subject_id, each, policy) for each in _ASKED)
    for name, value in changes.items():
        if value is not None:
            attributes.check(name, value)
            attribute = policy.attributes[name]
            if attribute.consent == "explicit" and not sensitive:
                raise NotAllowed(f"{attribute.label}: this needs your explicit consent first.")
            # What is known may always be corrected (art. 16); nothing new is collected for a purpose that was refused.
            if attribute.purpose == consent.PERSONALISATION and not personal and name not in before:
                raise NotAllowed(f"{attribute.label}: you switched off advice that fits you. Allow it first.")
    changed = [name for name, value in changes.items() if value != (before[name].value if name in before else None)]
    key = key_of(tx, subject_id)
    for name in changed:
        tx.execute(delete(facts).where(facts.c.subject_id == subject_id, facts.c.name == name))
        if changes[name] is not None:
            tx.execute(
                insert(facts).values(
                    subject_id=subject_id,
                    name=name,
                    value=_seal(cipher, key, subject_id, name, changes[name]),
                    source=writing.source,
                    conversation_id=writing.conversation_id,
                    learned_at=writing.now,
                    expires_at=writing.now + policy.attributes[name].retention_days * DAY_MS,
                )
            )
    return changed


def _seal(cipher: SubjectCipher, key: WrappedKey, subject_id: str, name: str, value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return cipher.encrypt(text, key, table="facts", column="value", row=name, subject=subject_id)


def _open(cipher: SubjectCipher, key: WrappedKey, subject_id: str, name: str, blob: bytes) -> Any:
    return json.loads(cipher.decrypt(blob, key, table="facts", column="value", row=name, subject=subject_id))
