"""What an export would change, in words: read from the store when it is shown, and told in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from sqlalchemy import Connection, select, tuple_

from tactful.console.staff import Staff
from tactful.learn.golden import sentences
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.audit import Act, AuditLog, Reason
from tactful.store.tables import messages, turns

MOST = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """(intent, sentence) that would come and go; how many more come than are shown, or may be shown."""

    added: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]
    unseen: int


def preview(
    tx: Connection, policy: Policy, audit: AuditLog, staff: Staff, taken: Sequence[tuple[str, int, str]], written: str
) -> Preview:
    """`taken`: (conversation, message, intent) of what would be taught; `written`: the file as it is now."""
    now = {(each.intent, each.text) for each in sentences(yaml.safe_load(written) or {})} if written else set()
    intents = {(conversation, seq): intent for conversation, seq, intent in taken}
    found: list[tuple[str, str, str, str]] = []  # conversation, subject, intent, sentence
    keys = list(intents)
    for start in range(0, len(keys), 200):
        rows = tx.execute(
            select(messages.c.conversation_id, messages.c.seq, turns.c.subject_id, messages.c.text)
            .join(turns, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
            .where(tuple_(messages.c.conversation_id, messages.c.seq).in_(keys[start : start + 200]))
        ).all()
        found += [
            (row.conversation_id, row.subject_id, intents[row.conversation_id, row.seq], " ".join(row.text.split()))
            for row in rows
        ]
    wanted = {(intent, text) for _, _, intent, text in found}
    new = [each for each in found if each[2:] not in now]
    may = consent.readable(tx, {subject for _, subject, _, _ in new}, policy)
    shown = sorted((each for each in new if each[1] in may), key=lambda each: each[2:])[:MOST]
    for conversation, subject in sorted({(each[0], each[1]) for each in shown}):
        audit.record(
            tx, Act.TRANSCRIPT_READ, actor=staff.actor, subject_id=subject, object_id=conversation,
            fields=("transcript", "human_review"), reason=Reason.REVIEW,
        )  # fmt: skip
    return Preview([each[2:] for each in shown], sorted(now - wanted)[:MOST], len(new) - len(shown))
