"""Access (GDPR art. 15): what is known, from where, why, until when, who looked, and what learned from it."""

from typing import Any

from sqlalchemy import Connection, and_, func, select

from tactful.profile import consent
from tactful.profile.overview import Overview, overview
from tactful.profile.rights import consenting, knowledge, ledger, parts
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.tables import conversations, messages, model_lineage
from tactful.times import iso

READ = ("profile", "transcript")


def known(with_: Parts, subject_id: str) -> dict[str, Any]:
    """Everything that answers "what do you know about me?", entered as a request that was met. Errors: `NotFound`."""
    with with_.database.begin() as tx:
        parts.subject(tx, subject_id)
        entered(tx, subject_id, with_.via, with_.clock())
        known = gathered(with_, tx, subject_id)
        with_.note(tx, Act.PROFILE_READ, subject_id, READ)
        return known


def entered(tx: Connection, subject_id: str, via: str, now: int) -> None:
    """Enter in the ledger that access was asked for and given."""
    ledger.done(tx, subject_id, "access", via, now)


def gathered(with_: Parts, tx: Connection, subject_id: str) -> dict[str, Any]:
    """The same, and nothing is entered. Errors: `NotFound`."""
    subject = parts.subject(tx, subject_id)
    return {
        "customer_since": iso(subject.created_at),
        "profile": knowledge.described(with_, tx, subject_id),
        "values": _values(with_, tx, subject_id),
        "conversations": _counted(tx, subject_id),
        "purposes": consenting.purposes(tx, with_.policy, subject_id),
        "objections": sorted(consent.objected(tx, subject_id)),
        "restricted": subject.restricted,
        "human_reads": parts.human_reads(tx, subject_id),
        "models": _models(tx, subject_id),
        "requests": ledger.of(tx, subject_id, with_.clock()),
        "categories": {name: _category(each) for name, each in with_.policy.categories.items()},
    }


def told_in(with_: Parts, tx: Connection, subject_id: str, conversation_id: str) -> Overview:
    """The same, as it may be said in one of the subject's conversations. Errors: `NotFound`."""
    return overview(gathered(with_, tx, subject_id), knowledge.values(with_, tx, conversation_id))


def _values(with_: Parts, tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    ids = tx.execute(
        select(conversations.c.id, conversations.c.created_at)
        .where(conversations.c.subject_id == subject_id)
        .order_by(conversations.c.created_at)
    ).all()
    return [
        each | {"purpose": "service", "source": "told", "conversation_began_at": iso(created_at)}
        for conversation_id, created_at in ids
        for each in knowledge.values(with_, tx, conversation_id)
    ]


def _counted(tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    shown = and_(messages.c.conversation_id == conversations.c.id, messages.c.kind != "event")
    rows = tx.execute(
        select(conversations.c.created_at, func.count(messages.c.seq), func.max(messages.c.created_at))
        .join(messages, shown, isouter=True)
        .where(conversations.c.subject_id == subject_id)
        .group_by(conversations.c.id, conversations.c.created_at)
        .order_by(conversations.c.created_at)
    )
    return [
        {"began_at": iso(began), "messages": count, "last_at": iso(last) if last is not None else None}
        for began, count, last in rows
    ]


def _models(tx: Connection, subject_id: str) -> list[dict[str, Any]]:
    """The models that learned from the subject's redacted words."""
    rows = tx.execute(
        select(model_lineage.c.model, func.min(model_lineage.c.trained_at), func.count())
        .join(conversations, conversations.c.id == model_lineage.c.conversation_id)
        .where(conversations.c.subject_id == subject_id)
        .group_by(model_lineage.c.model)
        .order_by(func.min(model_lineage.c.trained_at))
    )
    return [{"model": model, "trained_at": iso(at), "conversations": count} for model, at, count in rows]


def _category(category: Any) -> dict[str, Any]:
    return {"description": category.description, "viewers": category.viewers}
