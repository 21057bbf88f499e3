"""Turns that reviewers have settled, and whose customers allow now that the assistant learns from them."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, func, select, true, update

from tactful.learn.recent import drawn
from tactful.learn.teaching import Reviewed, Source
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.missing_rows import add_missing
from tactful.store.tables import consents, conversations, messages, model_lineage, reviews, turns

TRAINING = "training"


def teachable(tx: Connection, policy: Policy, *, held_since: int | None = None) -> Iterator[Reviewed]:
    """Every settled turn with an intent, of customers who allow training now, oldest first.

    Those that chance drew since `held_since` (epoch ms) are held back: models are judged by them.
    """
    held = turns.c.id.not_in(drawn(held_since)) if held_since is not None else true()
    rows = tx.execute(
        select(
            turns.c.id, turns.c.conversation_id, turns.c.seq, turns.c.subject_id, turns.c.final_intent, messages.c.text
        )
        .join(
            messages,
            (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq),
        )
        .where(turns.c.state == "done", turns.c.final_intent.is_not(None), turns.c.final_intent != "", held)
        .order_by(turns.c.id)
    ).all()
    allowed = {s: consent.allowed(tx, s, TRAINING, policy) for s in {row.subject_id for row in rows}}
    for row in rows:
        if allowed[row.subject_id] and row.text.strip():
            source = Source(row.conversation_id, row.seq, _reviewers(tx, row.id), _consent(tx, row.subject_id))
            yield Reviewed(row.text, row.final_intent, source)


def withdrawn(tx: Connection, policy: Policy, taught: Collection[str]) -> set[str]:
    """Those of these conversations that may not teach any more: consent withdrawn, restricted, erased or expired."""
    known = tx.execute(
        select(conversations.c.id, conversations.c.subject_id).where(conversations.c.id.in_(list(taught)))
    ).all()
    return set(taught) - {row.id for row in known if consent.allowed(tx, row.subject_id, TRAINING, policy)}


def all_learned(tx: Connection) -> set[str]:
    """Every conversation that any model learned from."""
    return set(tx.execute(select(model_lineage.c.conversation_id).distinct()).scalars())


def models_of(tx: Connection, gone: Collection[str]) -> list[str]:
    """Models that learned from any of these conversations."""
    learned = model_lineage.c.conversation_id.in_(list(gone))
    return sorted(set(tx.execute(select(model_lineage.c.model).where(learned)).scalars()))


def flag(tx: Connection, gone: Collection[str], now: int) -> None:
    """Mark that models learned from what may not teach any more; the first time stays."""
    learned = model_lineage.c.conversation_id.in_(list(gone))
    tx.execute(update(model_lineage).where(learned, model_lineage.c.flagged_at.is_(None)).values(flagged_at=now))


def learned(tx: Connection, model: str, taught: Collection[str], now: int) -> None:
    """Note from which conversations a model learned."""
    if not taught:
        return
    rows = [{"model": model, "conversation_id": each, "trained_at": now} for each in sorted(taught)]
    add_missing(tx, model_lineage, rows)


def _reviewers(tx: Connection, turn_id: int) -> tuple[str, ...]:
    found = select(reviews.c.reviewer).where(reviews.c.turn_id == turn_id).order_by(reviews.c.reviewer)
    return tuple(tx.execute(found).scalars())


def _consent(tx: Connection, subject_id: str) -> int:
    newest = select(func.max(consents.c.id)).where(consents.c.subject_id == subject_id, consents.c.purpose == TRAINING)
    return int(tx.execute(newest).scalar_one() or 0)
