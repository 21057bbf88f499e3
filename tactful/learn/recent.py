"""The recent random sample: what customers really wrote in the last weeks, as reviewers found it to be meant.

Chance drew these turns (the audit queue), so they stand for all; the golden set stands for what people thought of. Only
turns of customers who allow training now: judging a model serves the model. Their words are held while models are asked
and stand in no report; a report names conversation and message.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Select, select

from tactful.learn.comparison import Comparison, compare
from tactful.learn.prediction import Example, Tested
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.tables import messages, queue_entries, turns

DAY_MS = 86_400_000
TRAINING, AUDIT = "training", "audit"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A turn of the sample: its redacted text as an example, and where it stands."""

    example: Example = field(repr=False)
    conversation: str
    seq: int

    @property
    def reference(self) -> Example:
        """The example without its words."""
        return replace(self.example, text=f"{self.conversation}/{self.seq}")


@dataclass(frozen=True, slots=True)
class Recent:
    """How models did on it. `taught`: turns left out because the same sentence stands in the training data."""

    days: int
    reviewed: int
    taught: int
    comparison: Comparison | None


def drawn(since: int) -> Select[tuple[int]]:
    """Ids of the turns that chance drew since (epoch ms)."""
    return (
        select(turns.c.id)
        .join(queue_entries, queue_entries.c.turn_id == turns.c.id)
        .where(queue_entries.c.queue == AUDIT, turns.c.at >= since)
    )


def sample(tx: Connection, policy: Policy, since: int, tone_of: Callable[[str], str]) -> list[Sampled]:
    """The reviewed turns of the sample since (epoch ms), of customers who allow training now; oldest first."""
    rows = tx.execute(
        select(turns.c.conversation_id, turns.c.seq, turns.c.subject_id, turns.c.final_intent, turns.c.language,
               turns.c.tone, messages.c.text)
        .join(messages, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
        .where(turns.c.id.in_(drawn(since)), turns.c.state == "done", turns.c.final_intent.is_not(None))
        .where(turns.c.final_intent != "")
        .order_by(turns.c.id)
    ).all()  # fmt: skip
    allowed = {each: consent.allowed(tx, each, TRAINING, policy) for each in {row.subject_id for row in rows}}
    return [
        Sampled(
            Example(row.text, row.final_intent, row.tone or tone_of(row.text), row.language or "unknown"),
            row.conversation_id,
            row.seq,
        )
        for row in rows
        if allowed[row.subject_id] and row.text.strip()
    ]


def compared(
    sampled: Sequence[Sampled], kept: Sequence[Sampled], candidate: Tested, champion: Tested | None, *, days: int
) -> Recent:
    """Both models on `kept`, with references in place of words."""
    references = [each.reference for each in kept]
    found = compare(references, candidate, champion, golden_sha256="") if references else None
    return Recent(days, len(sampled), len(sampled) - len(kept), found)
