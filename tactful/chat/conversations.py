"""Beginning a conversation, and looking at one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from tactful.chat import delivery, handovers, transcript
from tactful.chat.sessions import DAY, Session, new_id
from tactful.errors import Unauthorised
from tactful.privacy.placeholders import Replacement
from tactful.store.database import Database
from tactful.store.tables import conversations, subjects
from tactful.store.vault import Vault

STARTED = "/conversation_started"
PROFILE_CHANGED = "/profile_changed"

# Asked with every request and at every look: building a statement costs as much as running it.
_ITS = conversations.c.id == bindparam("conversation")
_STATE = select(conversations.c.state).where(_ITS)
_LIVE = (
    select(conversations.c.id)
    .join(subjects, subjects.c.id == conversations.c.subject_id)
    .where(_ITS, conversations.c.subject_id == bindparam("whose"), subjects.c.erased_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class View:
    """What a customer can see of a conversation at one moment."""

    messages: list[dict[str, Any]]
    state: str  # bot | waiting | agent | engine_down
    typing: bool
    agent: str | None = None  # the first name of the person who answers


class Conversations:
    """Opens conversations and shows them to their customers."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], int], session_days: int) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._lifetime = session_days * DAY * 1000

    def open(
        self,
        tx: Connection,
        subject_id: str,
        name: str | None,
        *,
        channel: str = "",
        language: str = "",
        model: str | None = None,
    ) -> str:
        """A new conversation whose first turn is the bot's own; `name` is the customer's, if it is known.

        `channel` is what the customer talks through, `language` what the browser asked for (ISO 639), `model` the one
        that it is given to while a canary runs.
        """
        conversation_id, now = new_id(), self._clock()
        tx.execute(
            insert(conversations).values(
                id=conversation_id,
                subject_id=subject_id,
                created_at=now,
                expires_at=now + self._lifetime,
                channel=channel or None,
                language=language or None,
                model=model,
            )
        )
        if name:
            self._vault.keep(tx, conversation_id, subject_id, [Replacement("PERSON_1", "PERSON", name)])
        transcript.add_event(tx, conversation_id, STARTED, now)
        return conversation_id

    def check(self, session: Session) -> None:
        """Errors: `Unauthorised` when the conversation or its customer is gone."""
        with self._database.read() as tx:
            check(tx, session)

    def view(self, conversation_id: str, after: int) -> View | None:
        """Messages above `after` and the state; None once the conversation was erased."""
        with self._database.read() as tx:
            state = tx.execute(_STATE, {"conversation": conversation_id}).scalar_one_or_none()
            if state is None:
                return None
            rows = transcript.after(tx, conversation_id, after)
            values = {e.placeholder: e.value for e in self._vault.entries(tx, conversation_id)} if rows else {}
            names = transcript.writers(tx, rows)
            person = handovers.present(tx, conversation_id, self._clock()) if state == "agent" else None
            pending, attempts = transcript.waiting(tx, conversation_id)
        seen = delivery.as_seen(rows, values, names)
        if person:
            return View(seen, state, person.typing, person.name)
        if pending and attempts:
            state = "engine_down"
        return View(seen, state, typing=pending > 0 and state in ("bot", "waiting"))

    def of(self, subject_id: str) -> list[str]:
        """Ids of the subject's conversations."""
        with self._database.read() as tx:
            return list(
                tx.execute(select(conversations.c.id).where(conversations.c.subject_id == subject_id)).scalars()
            )

    def profile_changed(self, subject_id: str) -> list[str]:
        """Tell the subject's live conversations that the profile changed elsewhere; their ids."""
        now = self._clock()
        with self._database.begin() as tx:
            live = tx.execute(
                select(conversations.c.id).where(
                    conversations.c.subject_id == subject_id, conversations.c.expires_at > now
                )
            ).scalars()
            ids = list(live)
            for conversation_id in ids:
                transcript.add_event(tx, conversation_id, PROFILE_CHANGED, now)
        return ids


def check(tx: Connection, session: Session) -> None:
    """Errors: `Unauthorised` when the conversation or its customer is gone."""
    if tx.execute(_LIVE, {"conversation": session.conversation_id, "whose": session.subject_id}).first() is None:
        raise Unauthorised("This conversation no longer exists. Start a new one.")


def given(database: Database, conversation_id: str) -> str | None:
    """The model that a conversation was given to when it began; None unless a canary ran."""
    with database.read() as tx:
        return tx.execute(
            select(conversations.c.model).where(conversations.c.id == conversation_id)
        ).scalar_one_or_none()
