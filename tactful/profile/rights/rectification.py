"""Rectification (GDPR art. 16): a fact is put right, and its copies follow."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from tactful.privacy.placeholders import Replacement, number_after
from tactful.profile import facts, own_words
from tactful.profile.facts import Writing
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.tables import conversations

NAME, PERSON = "name", "PERSON"


def rectify(with_: Parts, subject_id: str, changes: Mapping[str, Any]) -> list[str]:
    """Correct or (None) delete facts; names of those that changed. Errors: as `facts.apply`.

    Also `Personal` for words that hold something personal, and `DetectorUnavailable`.
    The name stands in the vault as well: there it is put right in every conversation, and old messages show it so.
    """
    own_words.check(changes, with_.policy, with_.reads)
    with with_.database.begin() as tx:
        parts.subject(tx, subject_id)
        before = facts.load(tx, with_.cipher, subject_id, with_.clock()).get(NAME)
        writing = Writing("chosen", with_.clock())
        changed = facts.apply(tx, with_.cipher, with_.policy, subject_id, changes, writing)
        if NAME in changed and changes[NAME]:
            _call(with_, tx, subject_id, before.value if before else None, changes[NAME])
        if changed:
            ledger.done(tx, subject_id, "rectification", with_.via, with_.clock())
            with_.note(tx, Act.PROFILE_CHANGED, subject_id, changed)
        return changed


def _call(with_: Parts, tx: Connection, subject_id: str, old: str | None, new: str) -> None:
    held = tx.execute(
        select(conversations.c.id, conversations.c.expires_at).where(conversations.c.subject_id == subject_id)
    ).all()
    for conversation_id, expires_at in held:
        if old:
            with_.vault.correct(tx, conversation_id, subject_id, PERSON, old, new)
        if expires_at > with_.clock() and not _stands_there(with_, tx, conversation_id, new):
            # The bot speaks of names by placeholder only: without one it could not call the customer by the new name.
            taken = with_.vault.numbering(tx, conversation_id).values()
            placeholder = number_after(taken, PERSON)
            with_.vault.keep(tx, conversation_id, subject_id, [Replacement(placeholder, PERSON, new)])


def _stands_there(with_: Parts, tx: Connection, conversation_id: str, name: str) -> bool:
    return any(entry.type == PERSON and entry.value == name for entry in with_.vault.entries(tx, conversation_id))
