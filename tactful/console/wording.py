"""What an agent writes goes through the same door as a customer's words: nothing is stored before it was read.

A placeholder of this conversation stays one; a value that an agent types becomes one, sealed with the customer's key.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import to_thread
from sqlalchemy import Connection, select

from tactful.chat import transcript
from tactful.chat.intake import clean
from tactful.errors import BadRequest, DetectorUnavailable
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.placeholders import PLACEHOLDER, redact
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span
from tactful.store.database import Database
from tactful.store.tables import conversations
from tactful.store.vault import Vault, VaultEntry

T = TypeVar("T")
UNCHECKED = "This could not be checked for personal data, so nothing was sent. Try again, perhaps in shorter pieces."
REFUSED = "This holds something that may not be sent in a chat. Take it out and try again."


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was read, and where its personal data stands."""

    text: str = field(repr=False)
    spans: list[Span] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Put:
    """The text as it is stored, and what was replaced in it by kind."""

    text: str
    counts: Mapping[str, int]


class Wording:
    """Reads and replaces what agents write; `longest` in characters."""

    def __init__(
        self, database: Database, vault: Vault, detector: IsolatedDetector, policy: Policy, longest: int
    ) -> None:
        self._database, self._vault, self._detector = database, vault, detector
        self._policy, self._longest = policy, longest

    async def check(self, conversation_id: str, text: str) -> Checked:
        """Read it. Errors: `BadRequest`, `TooLarge`, `DetectorUnavailable`."""
        text = clean(text, self._longest)
        entries = await to_thread.run_sync(self._entries, conversation_id)
        meant = self._meant(text, {entry.placeholder for entry in entries})
        try:
            known = [(entry.value, entry.type) for entry in entries]
            spans = await self._detector.detect(text, known=known)
        except DetectorUnavailable:
            raise DetectorUnavailable(UNCHECKED) from None
        apart = [span for span in spans if not any(span.start < end and start < span.end for start, end in meant)]
        if any(self._policy.treatment(span.type) == "withhold" for span in apart):
            raise BadRequest(REFUSED)
        return Checked(text, apart)

    def put(self, tx: Connection, conversation_id: str, checked: Checked) -> Put:
        """Replace what was found, under the conversation's lock, and keep new values in the vault."""
        transcript.take_numbers(tx, conversation_id, 0)
        redaction = redact(checked.text, checked.spans, self._vault.numbering(tx, conversation_id))
        owner = tx.execute(
            select(conversations.c.subject_id).where(conversations.c.id == conversation_id)
        ).scalar_one()  # fmt: skip
        self._vault.keep(tx, conversation_id, owner, redaction.new)
        return Put(redaction.text, Counter(span.type for span in checked.spans))

    def placeholders(self, tx: Connection, conversation_id: str) -> list[tuple[str, str]]:
        """(placeholder, kind) of what may be used, without the values."""
        return [(entry.placeholder, entry.type) for entry in self._vault.entries(tx, conversation_id)]

    async def in_thread(self, act: Callable[[], T]) -> T:
        return await to_thread.run_sync(act)

    def _entries(self, conversation_id: str) -> list[VaultEntry]:
        with self._database.read() as tx:
            return list(self._vault.entries(tx, conversation_id))

    def _meant(self, text: str, known: set[str]) -> list[tuple[int, int]]:
        """Where placeholders of this conversation stand. Errors: `BadRequest` for one that it does not have.

        `ERROR_401` is none: it is not a kind of personal data, and stays words.
        """
        found = [each for each in PLACEHOLDER.finditer(text) if each[1] in self._policy.entities]
        for each in found:
            if each[0] not in known:
                raise BadRequest(f"There is no {each[0]} in this conversation, or its value is past its end date.")
        return [each.span() for each in found]
