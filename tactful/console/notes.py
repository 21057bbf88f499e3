"""What reviewers write down about a conversation: notes, labels, who takes care of it.

A note passes the detector before it is stored: what this conversation already hides becomes the same placeholder,
anything else personal becomes the name of its kind. What cannot be checked is not kept.
"""

import re
from collections.abc import Callable, Sequence

from anyio import to_thread
from sqlalchemy import Connection, delete, insert, select

from tactful.chat.sessions import new_id
from tactful.errors import BadRequest, NotFound, Personal
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.placeholders import normalise
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span
from tactful.profile import consent
from tactful.store.database import Database
from tactful.store.tables import assignments, conversations, labels, notes
from tactful.store.vault import Vault

LONGEST_NOTE = 2000
MOST_LABELS = 12
_LABEL = re.compile(r"[^\W_][\w -]{0,29}")


class Notes:
    """Writes about conversations that people may read; every act can be undone by its opposite."""

    def __init__(
        self, database: Database, vault: Vault, detector: IsolatedDetector, policy: Policy, clock: Callable[[], int]
    ) -> None:
        self._database, self._vault, self._detector = database, vault, detector
        self._policy, self._clock = policy, clock

    async def add(self, conversation_id: str, author: str, text: str) -> str:
        """Keep a note, redacted; its id.

        Errors: `BadRequest`, `NotFound`; `DetectorUnavailable`, and it is not kept.
        """
        text = text.strip()
        if not text or len(text) > LONGEST_NOTE:
            raise BadRequest(f"A note has between 1 and {LONGEST_NOTE:,} characters.")
        spans = await self._detector.detect(text)
        return await to_thread.run_sync(self._keep, conversation_id, author, text, spans)

    def remove(self, conversation_id: str, note_id: str, author: str) -> str:
        """Take one's own note away; its words, so that it can be kept again. Errors: `NotFound`."""
        with self._database.begin() as tx:
            gone = tx.execute(
                delete(notes)
                .where(notes.c.id == note_id, notes.c.conversation_id == conversation_id, notes.c.author == author)
                .returning(notes.c.text)
            ).scalar_one_or_none()
            if gone is None:
                raise NotFound("There is no such note of yours.")
            return str(gone)

    async def label(self, conversation_id: str, name: str, by: str) -> str:
        """Put a label on a conversation; as it is written. Errors: `BadRequest`, `NotFound`, `DetectorUnavailable`."""
        name = await self.checked_label(name)
        await to_thread.run_sync(self._label, conversation_id, name, by)
        return name

    def unlabel(self, conversation_id: str, name: str) -> None:
        """Take a label off."""
        with self._database.begin() as tx:
            self._check(tx, conversation_id)
            tx.execute(delete(labels).where(labels.c.conversation_id == conversation_id, labels.c.name == name))

    def known_labels(self) -> list[str]:
        """Every label in use."""
        with self._database.read() as tx:
            return list(tx.execute(select(labels.c.name).distinct().order_by(labels.c.name).limit(200)).scalars())

    def assign(self, conversation_id: str, assignee: str | None, by: str) -> None:
        """Give a conversation to somebody, or to nobody. Errors: `NotFound`."""
        with self._database.begin() as tx:
            self._check(tx, conversation_id)
            tx.execute(delete(assignments).where(assignments.c.conversation_id == conversation_id))
            if assignee:
                values = {"assignee": assignee, "by": by, "at": self._clock()}
                tx.execute(insert(assignments).values(conversation_id=conversation_id, **values))

    async def checked_label(self, name: str) -> str:
        """The label as it is written. Errors: `BadRequest` for what is none; `DetectorUnavailable`."""
        name = " ".join(name.casefold().split())
        if not _LABEL.fullmatch(name):
            raise BadRequest("A label is made of letters, digits and spaces, at most 30.")
        return await self.impersonal(name, "Label")

    async def impersonal(self, words: str, what: str) -> str:
        """The words, if nothing in them is personal. Errors: `Personal`; `DetectorUnavailable`."""
        if words and await self._detector.detect(words):
            raise Personal.within(what)
        return words

    def _keep(self, conversation_id: str, author: str, text: str, spans: Sequence[Span]) -> str:
        with self._database.begin() as tx:
            self._check(tx, conversation_id)
            redacted = self._redacted(text, spans, self._vault.numbering(tx, conversation_id))
            note_id = new_id()
            tx.execute(
                insert(notes).values(
                    id=note_id, conversation_id=conversation_id, author=author, text=redacted, at=self._clock()
                )
            )
        return note_id

    def _redacted(self, text: str, spans: Sequence[Span], known: dict[tuple[str, str], str]) -> str:
        """New values get no number: it would soon be another's, and nobody could tell what it stood for."""
        parts, at = [], 0
        for span in spans:
            value = text[span.start : span.end]
            entity = self._policy.entities.get(span.type)
            hidden = known.get((span.type, normalise(span.type, value))) or f"[{entity.label if entity else 'hidden'}]"
            # A reviewer writes PERSON_1 as the transcript does: that is no customer's look-alike.
            parts += [text[at : span.start], value if value in known.values() else hidden]
            at = span.end
        return "".join(parts) + text[at:]

    def _label(self, conversation_id: str, name: str, by: str) -> None:
        with self._database.begin() as tx:
            self._check(tx, conversation_id)
            here = tx.execute(select(labels.c.name).where(labels.c.conversation_id == conversation_id)).scalars().all()
            if name in here:
                return
            if len(here) >= MOST_LABELS:
                raise BadRequest(f"A conversation has at most {MOST_LABELS} labels.")
            tx.execute(insert(labels).values(conversation_id=conversation_id, name=name, by=by, at=self._clock()))

    def _check(self, tx: Connection, conversation_id: str) -> None:
        owner = tx.execute(
            select(conversations.c.subject_id).where(conversations.c.id == conversation_id)
        ).scalar_one_or_none()
        if owner is None or not consent.readable(tx, [owner], self._policy):
            raise NotFound
