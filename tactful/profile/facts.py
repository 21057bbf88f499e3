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
INFERRED = "inferred"
NOT_AGAIN_DAYS = 90  # that a refused inference is not made again


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known: how it was learned (told, chosen, inferred), when, and until when it is kept.

    `sureness` is between 0 and 1; what is inferred counts for nothing until it is `confirmed`.
    """

    name: str
    value: Any = field(repr=False)
    source: str
    learned_at: int
    expires_at: int
    sureness: float = 1.0
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Writing:
    """On whose authority and when a profile is changed."""

    source: str
    now: int
    conversation_id: str | None = None


def load(tx: Connection, cipher: SubjectCipher, subject_id: str, now: int) -> dict[str, Fact]:
    """The subject's facts that have not reached their end date, by name; unconfirmed ones among them."""
    return load_all(tx, cipher, subject_id, now)[0]


def load_all(tx: Connection, cipher: SubjectCipher, subject_id: str, now: int) -> tuple[dict[str, Fact], list[str]]:
    """The facts as `load` gives them, and the names of what was refused and may not be inferred yet."""
    held = facts.c.subject_id == subject_id, facts.c.expires_at > now
    rows = tx.execute(select(facts).where(*held).order_by(facts.c.name)).all()
    if not rows:
        return {}, []
    key = key_of(tx, subject_id)
    known = {
        row.name: Fact(
            row.name,
            _open(cipher, key, subject_id, row.name, row.value),
            row.source,
            row.learned_at,
            row.expires_at,
            row.sureness,
            bool(row.confirmed),
        )
        for row in rows
        if row.sureness > 0
    }
    return known, [row.name for row in rows if row.sureness == 0]


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
    for name, value in changes.items():
        if value is not None:
            check(tx, policy, subject_id, name, value, known=name in before)
    changed = [name for name, value in changes.items() if _differs(before.get(name), value)]
    for name in changed:
        fact, value = before.get(name), changes[name]
        if value is not None:
            days = policy.attributes[name].retention_days
            # A guess that the customer agrees with was still the bot's idea.
            source = INFERRED if fact and fact.source == INFERRED and fact.value == value else writing.source
            known = Fact(name, value, source, writing.now, writing.now + days * DAY_MS)
            put(tx, cipher, subject_id, known, writing.conversation_id)
        elif fact and fact.source == INFERRED:
            refuse(tx, cipher, subject_id, name, writing)
        else:
            _delete(tx, subject_id, name)
    return changed


def check(tx: Connection, policy: Policy, subject_id: str, name: str, value: Any, *, known: bool) -> None:
    """Whether this may be stored; `known`: there is a value already, which may always be put right (GDPR art. 16).

    Errors: `BadRequest`, `NotAllowed`.
    """
    attributes.check(name, value)
    attribute = policy.attributes[name]
    if attribute.consent == "explicit" and not consent.given(tx, subject_id, consent.SENSITIVE, policy):
        raise NotAllowed(f"{attribute.label}: this needs your explicit consent first.")
    if attribute.consent == "ask" and not consent.current(tx, subject_id).get(attribute.purpose):
        raise NotAllowed(f"{attribute.label}: this needs your consent first.")
    personal = attribute.purpose == consent.PERSONALISATION
    if personal and not known and not consent.given(tx, subject_id, consent.PERSONALISATION, policy):
        raise NotAllowed(f"{attribute.label}: you switched off advice that fits you. Allow it first.")


def put(tx: Connection, cipher: SubjectCipher, subject_id: str, fact: Fact, conversation_id: str | None = None) -> None:
    """Store a fact in the place of what was there. What may be stored is decided before."""
    _delete(tx, subject_id, fact.name)
    tx.execute(
        insert(facts).values(
            subject_id=subject_id,
            name=fact.name,
            value=_seal(cipher, key_of(tx, subject_id), subject_id, fact.name, fact.value),
            source=fact.source,
            sureness=fact.sureness,
            confirmed=fact.confirmed,
            conversation_id=conversation_id,
            learned_at=fact.learned_at,
            expires_at=fact.expires_at,
        )
    )


def refuse(tx: Connection, cipher: SubjectCipher, subject_id: str, name: str, writing: Writing) -> None:
    """Delete what was inferred, and remember only that it is not to be inferred again for a while."""
    ends = writing.now + NOT_AGAIN_DAYS * DAY_MS
    put(tx, cipher, subject_id, Fact(name, None, INFERRED, writing.now, ends, 0.0, False), writing.conversation_id)


def refused(tx: Connection, subject_id: str, now: int) -> list[str]:
    """Names of what was refused and may not be inferred yet."""
    held = facts.c.subject_id == subject_id, facts.c.expires_at > now, facts.c.sureness == 0
    return list(tx.execute(select(facts.c.name).where(*held).order_by(facts.c.name)).scalars())


def _differs(fact: Fact | None, value: Any) -> bool:
    """Whether writing this value changes anything: agreeing with an unconfirmed one does."""
    if fact is None:
        return value is not None
    return value != fact.value or not fact.confirmed


def _delete(tx: Connection, subject_id: str, name: str) -> None:
    tx.execute(delete(facts).where(facts.c.subject_id == subject_id, facts.c.name == name))


def _seal(cipher: SubjectCipher, key: WrappedKey, subject_id: str, name: str, value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return cipher.encrypt(text, key, table="facts", column="value", row=name, subject=subject_id)


def _open(cipher: SubjectCipher, key: WrappedKey, subject_id: str, name: str, blob: bytes) -> Any:
    return json.loads(cipher.decrypt(blob, key, table="facts", column="value", row=name, subject=subject_id))
