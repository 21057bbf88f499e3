"""What is known of a subject, with real values: it is theirs. Access and portability both show it."""

from typing import Any

from sqlalchemy import Connection, select

from tactful.privacy.placeholders import restore
from tactful.profile import facts
from tactful.profile.rights.parts import Parts
from tactful.store.tables import consents, conversations, messages, notes
from tactful.times import iso

RATINGS = {1: "up", -1: "down"}


def described(with_: Parts, tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    """The facts with label, category, purpose, source and end date."""
    profile = facts.load(tx, with_.cipher, subject_id, with_.clock())
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
        if (attribute := with_.policy.attributes.get(fact.name))
    ]


def answered(tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    """Every answer to a purpose, in order."""
    rows = tx.execute(select(consents).where(consents.c.subject_id == subject_id).order_by(consents.c.id))
    return [{"purpose": row.purpose, "granted": bool(row.granted), "at": iso(row.at)} for row in rows]


def values(with_: Parts, tx: Connection, conversation_id: str) -> list[dict[str, Any]]:
    """What the placeholders of a conversation stand for, each with its kind and dates."""
    entries = with_.vault.dated(tx, conversation_id)
    return [
        {
            "placeholder": entry.placeholder,
            "type": entry.type,
            "label": entity.label if (entity := with_.policy.entities.get(entry.type)) else entry.type,
            "category": entity.category if entity else "tracking",
            "value": entry.value,
            "learned_at": iso(entry.created_at),
            "expires_at": iso(entry.expires_at),
        }
        for entry in entries
    ]


def spoken(with_: Parts, tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    """The conversations in order: messages as they were said and as they are kept, and what stands for what."""
    held = tx.execute(
        select(conversations.c.id, conversations.c.created_at)
        .where(conversations.c.subject_id == subject_id)
        .order_by(conversations.c.created_at, conversations.c.id)
    ).all()
    return [_conversation(with_, tx, row.id, row.created_at) for row in held]


def _conversation(with_: Parts, tx: Connection, conversation_id: str, created_at: int) -> dict[str, Any]:
    known = values(with_, tx, conversation_id)
    meant = {each["placeholder"]: each["value"] for each in known}
    rows = tx.execute(
        select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.kind != "event")
        .order_by(messages.c.seq)
    ).mappings()
    noted = tx.execute(
        select(notes.c.text, notes.c.at).where(notes.c.conversation_id == conversation_id).order_by(notes.c.at)
    )
    return {
        "began_at": iso(created_at),
        "messages": [
            {
                "author": row["author"],
                "text": restore(row["text"], meant),
                "redacted": row["text"],
                "at": iso(row["created_at"]),
                "kept": row["status"] != "withheld",
                "rating": RATINGS.get(row["rating"]),
            }
            for row in rows
        ],
        "values": known,
        "notes": [{"redacted": text, "at": iso(at)} for text, at in noted],
    }
