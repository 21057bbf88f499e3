"""The way in: a customer's message is read by the detector, then stored with placeholders. Nothing before that."""

import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from anyio import to_thread
from sqlalchemy import Connection, bindparam, insert, select

from tactful.chat import conversations, handovers, replies, transcript
from tactful.chat.sessions import Session
from tactful.chat.taking import Work
from tactful.chat.transcript import Reply
from tactful.errors import BadRequest, Conflict, DetectorUnavailable, NotFound, TooLarge
from tactful.metrics import Metrics
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.lists import Lists
from tactful.privacy.placeholders import redact
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span
from tactful.profile import consent, subjects
from tactful.store.database import Database
from tactful.store.tables import messages
from tactful.store.vault import Vault, VaultEntry

# Control characters have no place in a message; PostgreSQL cannot even store a zero.
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


@dataclass(frozen=True, slots=True)
class Accepted:
    """The door's promise: this message has a number and will be answered once."""

    seq: int
    status: str  # pending | answered | withheld | held
    work: Work | None = field(default=None, compare=False)  # taken up already, for who answers


@dataclass(frozen=True, slots=True)
class _Message:
    """What is known of a message besides its text."""

    session: Session
    client_message_id: str
    digest: bytes
    kind: str


class _Repeated(Exception):
    """The same message came twice at once; the first answer holds and this transaction is undone."""

    def __init__(self, accepted: Accepted) -> None:
        super().__init__()
        self.accepted = accepted


@dataclass(slots=True)
class _Before:
    """What the conversation knew before this message."""

    repeated: Accepted | None = None
    entries: list[VaultEntry] = field(default_factory=list)
    question: str | None = None
    restricted: bool = False
    lists: Lists | None = None  # of the installation, for the detector


def _nobody(tx: Connection, conversation_id: str) -> None: ...


def _no_lists(tx: Connection) -> None: ...


class Intake:
    """Accepts messages and choices for conversations that a token was minted for.

    `take_in` may take a message up in the transaction that accepts it; `lists` gives the installation's, as that
    transaction sees them which reads what the conversation knew.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        detector: IsolatedDetector,
        policy: Policy,
        clock: Callable[[], int],
        *,
        digest_key: bytes,
        longest: int,
        metrics: Metrics,
        take_in: Callable[[Connection, str], Work | None] = _nobody,
        lists: Callable[[Connection], Lists | None] = _no_lists,
    ) -> None:
        self._database, self._vault, self._detector = database, vault, detector
        self._policy, self._clock, self._metrics = policy, clock, metrics
        self._digest_key, self._longest = digest_key, longest
        self._take_in, self._lists = take_in, lists

    async def text(self, session: Session, client_message_id: str, text: str) -> Accepted:
        """Accept a typed message.

        Errors: `BadRequest` (empty, not Unicode), `TooLarge`, `Conflict` (id reused for another text), `NotFound`,
        `Unauthorised` (the conversation is gone), `StoreUnavailable`. A message that cannot be checked is accepted as
        withheld: numbered, not kept.
        """
        text = clean(text, self._longest)
        digest = self._digest(session, "text", text)
        message = _Message(session, client_message_id, digest, "text")
        with self._metrics.stage("look"):
            before = await to_thread.run_sync(self._before, message)
        if before.repeated:
            return before.repeated
        if before.restricted:
            self._metrics.withheld.labels("restricted").inc()
            return await to_thread.run_sync(self._withhold, message, replies.RESTRICTED)
        try:
            with self._metrics.stage("detect"):
                spans = await self._detector.detect(
                    text,
                    question=before.question,
                    known=[(entry.value, entry.type) for entry in before.entries],
                    whose=session.subject_id,
                    lists=before.lists,
                )
        except DetectorUnavailable:
            self._metrics.withheld.labels("unchecked").inc()
            return await to_thread.run_sync(self._withhold, message, replies.UNCHECKED)
        if any(self._policy.treatment(span.type) == "withhold" for span in spans):
            self._metrics.withheld.labels("refused").inc()
            return await to_thread.run_sync(self._withhold, message, replies.REFUSED)
        for span in spans:
            self._metrics.redactions.labels(span.type).inc()
        with self._metrics.stage("keep"):
            return await to_thread.run_sync(self._keep, message, text, spans)

    async def choice(self, session: Session, client_message_id: str, choice: str) -> Accepted:
        """Accept a press on a button that the door minted. Errors: as `text`; `NotFound` for an unknown button."""
        digest = self._digest(session, "choice", choice)
        message = _Message(session, client_message_id, digest, "choice")
        if (await to_thread.run_sync(self._before, message)).restricted:
            return await to_thread.run_sync(self._withhold, message, replies.RESTRICTED)
        return await to_thread.run_sync(self._choose, message, choice)

    def _digest(self, session: Session, kind: str, content: str) -> bytes:
        material = f"{session.conversation_id}\0{kind}\0{content}".encode()
        return hmac.digest(self._digest_key, material, sha256)

    # What follows runs in threads, each a transaction.

    def _before(self, message: _Message) -> _Before:
        conversation_id = message.session.conversation_id
        with self._database.read() as tx:
            conversations.check(tx, message.session)
            repeated = _repeated(tx, message)
            if repeated:
                return _Before(repeated)
            if consent.restricted(tx, message.session.subject_id):
                return _Before(restricted=True)
            return _Before(
                None,
                self._vault.entries(tx, conversation_id),
                transcript.last_question(tx, conversation_id),
                lists=self._lists(tx),
            )

    def _keep(self, message: _Message, text: str, spans: list[Span]) -> Accepted:
        conversation_id = message.session.conversation_id

        def write(tx: Connection, seq: int, status: str) -> None:
            # Numbered under the conversation's lock: two messages at once must not share a placeholder.
            redaction = redact(text, spans, self._vault.numbering(tx, conversation_id))
            self._insert(
                tx, message, seq, status=status, text=redaction.text, entity_types=Counter(s.type for s in spans)
            )
            self._vault.keep(tx, conversation_id, message.session.subject_id, redaction.new)

        return self._accept(message, "pending", write)

    def _withhold(self, message: _Message, why: str) -> Accepted:
        def write(tx: Connection, seq: int, status: str) -> None:
            self._insert(tx, message, seq, status=status)
            transcript.add_replies(tx, message.session.conversation_id, [Reply(why)], seq, self._clock())

        return self._accept(message, "withheld", write)

    def _choose(self, message: _Message, choice: str) -> Accepted:
        def write(tx: Connection, seq: int, status: str) -> None:
            found = transcript.payload_of(tx, message.session.conversation_id, choice)
            if found is None:
                raise NotFound("This choice is no longer offered.")
            title, payload = found
            self._insert(tx, message, seq, status=status, text=title, forced=payload)

        return self._accept(message, "pending", write)

    def _accept(self, message: _Message, status: str, write: Callable[[Connection, int, str], None]) -> Accepted:
        try:
            with self._database.begin() as tx:
                seq = transcript.take_numbers(tx, message.session.conversation_id)
                if not subjects.exists(tx, message.session.subject_id):
                    raise NotFound("Your data is being erased. Begin a new conversation.")
                repeated = _repeated(tx, message)
                if repeated:
                    raise _Repeated(repeated)
                if status == "pending" and handovers.with_a_person(tx, message.session.conversation_id):
                    status = handovers.HELD  # told under the conversation's lock: either the bot answers or the person
                write(tx, seq, status)
                work = self._take_in(tx, message.session.conversation_id) if status == "pending" else None
        except _Repeated as repeat:
            return repeat.accepted
        return Accepted(seq, status, work)

    def _insert(self, tx: Connection, message: _Message, seq: int, **values: object) -> None:
        tx.execute(
            _INSERT,
            {
                "conversation_id": message.session.conversation_id,
                "seq": seq,
                "author": "customer",
                "kind": message.kind,
                "client_message_id": message.client_message_id,
                "digest": message.digest,
                "created_at": self._clock(),
                **values,
            },
        )


def clean(text: str, longest: int) -> str:
    """The text without control characters. Errors: `BadRequest`, `TooLarge`; `longest` in characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest("The text is not valid Unicode.") from None
    text = text.translate(_CONTROL)
    if not text.strip():
        raise BadRequest("The message is empty.")
    if len(text) > longest:
        raise TooLarge(f"The message is too long: at most {longest:,} characters.")
    return text


# Run for every message: building a statement costs as much as running it.
_INSERT = insert(messages)
_SAME_ID = select(messages.c.seq, messages.c.status, messages.c.digest).where(
    messages.c.conversation_id == bindparam("conversation"), messages.c.client_message_id == bindparam("client_id")
)


def _repeated(tx: Connection, message: _Message) -> Accepted | None:
    asked = {"conversation": message.session.conversation_id, "client_id": message.client_message_id}
    row = tx.execute(_SAME_ID, asked).first()
    if row is None:
        return None
    if not hmac.compare_digest(bytes(row.digest), message.digest):
        raise Conflict
    return Accepted(row.seq, row.status)
