"""Agents take conversations over, answer, and hand back. One person at a time, by a fence in the database.

Joining a conversation in which the customer asked for a person is service. Joining any other takes the customer's
consent to people reading along. A person reads this one conversation, redacted, and only while they hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from tactful.chat import handovers as line
from tactful.chat import transcript
from tactful.chat.transcript import Reply
from tactful.console.staff import Staff
from tactful.console.wording import Wording
from tactful.errors import Conflict, NotAllowed, NotFound
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.audit import Act, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.tables import PENDING, conversations, handovers, messages, outbox, staff, subjects

HOLD_MS = 90_000  # a browser may throttle a page in the background to one beat a minute
TYPING_MS = 6_000
LOST = "This conversation is no longer yours: it was handed back, put back in line, or taken by a colleague."
TAKEN = "A colleague has taken this conversation."
NO_CONSENT = "This customer has not agreed that people read along. They can ask for a person at any time."
JOINED = "{name} from our team has joined. They see this conversation with names and numbers hidden."
LEFT = "{name} has left. You are in line for a colleague, and the assistant answers meanwhile."
VANISHED = "{name} could not be reached any more. You are in line for a colleague, and the assistant answers meanwhile."
BACK = "{name} has handed you back to the assistant."


@dataclass(frozen=True, slots=True)
class Hold:
    """A conversation that somebody has taken over; whoever has an older fence may not write."""

    conversation_id: str
    staff: Staff = field(repr=False)
    fence: int


class TakeOver:
    """One installation's, shared by its doors through the database. `rang(conversation_id)` wakes who listens."""

    def __init__(
        self,
        database: Database,
        wording: Wording,
        policy: Policy,
        audit: AuditLog,
        clock: Callable[[], int],
        rang: Callable[[str], None],
    ) -> None:
        self._database, self._wording, self._policy = database, wording, policy
        self._audit, self._clock, self._rang = audit, clock, rang

    def take(self, conversation_id: str, by: Staff) -> Hold:
        """Take a conversation over: the bot is silent from now on, and what it was about to say is not said.

        Errors: `NotFound`; `Conflict` when a colleague has it; `NotAllowed` without the customer's consent.
        """
        now = self._clock()
        with self._database.begin() as tx:
            subject_id, state = self._locked(tx, conversation_id)
            handover_id = line.of(tx, conversation_id)
            if handover_id is None and not consent.allowed(tx, subject_id, "human_review", self._policy):
                raise NotAllowed(NO_CONSENT)
            handover_id = handover_id or line.ask(tx, conversation_id, "joined", now)
            before = _row(tx, handover_id)
            free = before["staff_id"] in (None, by.id) or before["held_until"] <= now
            if not free:
                raise Conflict(TAKEN)
            fence = before["fence"] + 1
            tx.execute(
                update(handovers)
                .where(handovers.c.id == handover_id)
                .values(staff_id=by.id, fence=fence, held_until=now + HOLD_MS, taken_at=before["taken_at"] or now)
            )
            if state != "agent" or before["staff_id"] != by.id:
                self._silence_bot(tx, conversation_id)
                self._say(tx, conversation_id, JOINED, by.name)
            self._audit.record(
                tx, Act.TRANSCRIPT_READ, actor=by.actor, subject_id=subject_id, object_id=conversation_id,
                reason=Reason.SUPPORT,
            )  # fmt: skip
        self._rang(conversation_id)
        return Hold(conversation_id, by, fence)

    def held(self, conversation_id: str, by: Staff) -> Hold:
        """What they hold. Errors: `NotFound` when they do not hold it (any more)."""
        with self._database.read() as tx:
            row = tx.execute(
                select(handovers.c.fence).where(
                    handovers.c.conversation_id == conversation_id,
                    handovers.c.staff_id == by.id,
                    handovers.c.ended_at.is_(None),
                )
            ).first()
        if row is None:
            raise NotFound(LOST)
        return Hold(conversation_id, by, row.fence)

    async def answer(self, hold: Hold, message_id: str, text: str) -> None:
        """Answer the customer; the same `message_id` twice is one answer.

        Errors: `Conflict` when it is no longer theirs; `BadRequest`, `TooLarge`, `DetectorUnavailable` for what cannot
        be sent: nothing was.
        """
        checked = await self._wording.check(hold.conversation_id, text)

        def write(tx: Connection) -> None:
            now = self._clock()
            answered = func.coalesce(handovers.c.answered_at, now)
            self._hold(tx, hold, held_until=now + HOLD_MS, typing_until=0, answered_at=answered)
            redaction = self._wording.put(tx, hold.conversation_id, checked)
            same = messages.c.conversation_id == hold.conversation_id, messages.c.client_message_id == message_id
            if tx.execute(select(messages.c.seq).where(*same)).first():
                return
            tx.execute(
                insert(messages).values(
                    conversation_id=hold.conversation_id,
                    seq=transcript.take_numbers(tx, hold.conversation_id),
                    author="agent",
                    kind="text",
                    status="sent",
                    text=redaction.text,
                    entity_types=redaction.counts,
                    client_message_id=message_id,
                    staff_id=hold.staff.id,
                    created_at=now,
                )
            )

        await self._written(hold, write)

    async def hand_back(self, hold: Hold, summary: str) -> None:
        """Let the bot go on; the customer reads the summary. Errors: as `answer`."""
        checked = await self._wording.check(hold.conversation_id, summary) if summary.strip() else None

        def write(tx: Connection) -> None:
            text = self._wording.put(tx, hold.conversation_id, checked).text if checked else ""
            self._hold(tx, hold, ended_at=self._clock(), summary=text, held_until=0)
            line.set_state(tx, hold.conversation_id, "bot")
            self._say(tx, hold.conversation_id, BACK, hold.staff.name, text)
            self._post(tx, hold.conversation_id, "handover_ended")

        await self._written(hold, write)

    def put_back(self, hold: Hold) -> None:
        """Put the conversation back in line for a colleague. Errors: `Conflict`."""
        with self._database.begin() as tx:
            self._hold(tx, hold, staff_id=None, held_until=0, fence=hold.fence + 1)
            line.set_state(tx, hold.conversation_id, "waiting")
            self._say(tx, hold.conversation_id, LEFT, hold.staff.name)
        self._rang(hold.conversation_id)

    def typing(self, hold: Hold) -> None:
        """The customer sees that somebody writes, for a few seconds. Errors: `Conflict`."""
        with self._database.begin() as tx:
            self._hold(tx, hold, typing_until=self._clock() + TYPING_MS)
        self._rang(hold.conversation_id)

    def beat(self, by: Staff) -> int:
        """They are there: what they hold stays theirs; how many conversations that is."""
        now = self._clock()
        mine = (handovers.c.staff_id == by.id) & handovers.c.ended_at.is_(None)
        with self._database.begin() as tx:
            return tx.execute(update(handovers).where(mine).values(held_until=now + HOLD_MS)).rowcount

    def end_vanished(self) -> int:
        """Put back in line what is held by who was not heard of for too long, and tell the customer; how many."""
        now, ended = self._clock(), 0
        gone = handovers.c.ended_at.is_(None) & handovers.c.staff_id.is_not(None) & (handovers.c.held_until <= now)
        with self._database.read() as tx:
            due = tx.execute(select(handovers.c.id, handovers.c.conversation_id).where(gone).limit(100)).all()
        for handover_id, conversation_id in due:
            with self._database.begin() as tx:
                name = _holder(tx, handover_id)
                freed = update(handovers).where(handovers.c.id == handover_id, gone)
                if tx.execute(freed.values(staff_id=None, fence=handovers.c.fence + 1)).rowcount == 1:
                    line.set_state(tx, conversation_id, "waiting")
                    self._say(tx, conversation_id, VANISHED, name)
                    self._post(tx, conversation_id, "handover_timed_out")
                    ended += 1
            self._rang(conversation_id)
        return ended

    async def _written(self, hold: Hold, write: Callable[[Connection], None]) -> None:
        await self._wording.in_thread(lambda: self._write(write))
        self._rang(hold.conversation_id)

    def _write(self, write: Callable[[Connection], None]) -> None:
        with self._database.begin() as tx:
            write(tx)

    def _locked(self, tx: Connection, conversation_id: str) -> tuple[str, str]:
        """(subject, state), with the conversation locked. Errors: `NotFound` for whom nobody may read."""
        transcript.take_numbers(tx, conversation_id, 0)
        row = tx.execute(
            select(conversations.c.subject_id, conversations.c.state, subjects.c.erasing_at)
            .join(subjects, subjects.c.id == conversations.c.subject_id)
            .where(conversations.c.id == conversation_id)
        ).one()
        if row.erasing_at or consent.restricted(tx, row.subject_id):
            raise NotFound
        return row.subject_id, row.state

    def _hold(self, tx: Connection, hold: Hold, **values: object) -> None:
        """Change the hand-over, if it is still theirs. Errors: `Conflict`."""
        theirs = (
            (handovers.c.conversation_id == hold.conversation_id)
            & (handovers.c.fence == hold.fence)
            & (handovers.c.staff_id == hold.staff.id)
            & handovers.c.ended_at.is_(None)
        )
        if tx.execute(update(handovers).where(theirs).values(values)).rowcount != 1:
            raise Conflict(LOST)

    def _silence_bot(self, tx: Connection, conversation_id: str) -> None:
        """Take the conversation from a turn under way, and leave what waits for the bot to the person."""
        tx.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(
                state="agent", lease_owner=None, lease_until=0, lease_fence=conversations.c.lease_fence + 1
            )
        )  # fmt: skip
        waiting = messages.c.conversation_id == conversation_id, messages.c.status == PENDING
        tx.execute(update(messages).where(*waiting, messages.c.kind != "event").values(status=line.HELD))

    def _say(self, tx: Connection, conversation_id: str, what: str, name: str, summary: str = "") -> None:
        """A line of the door's own in the conversation."""
        text = what.format(name=line.first_name(name) or "The person")
        replies = [Reply(f"{text}\n\n{summary}" if summary else text, author="system")]
        transcript.add_replies(tx, conversation_id, replies, None, self._clock())

    def _post(self, tx: Connection, conversation_id: str, kind: str) -> None:
        now = self._clock()
        tx.execute(insert(outbox).values(conversation_id=conversation_id, kind=kind, payload={}, created_at=now))


def _row(tx: Connection, handover_id: str) -> RowMapping:
    return tx.execute(select(handovers).where(handovers.c.id == handover_id)).mappings().one()


def _holder(tx: Connection, handover_id: str) -> str:
    query = select(staff.c.name).join(handovers, handovers.c.staff_id == staff.c.id)
    return str(tx.execute(query.where(handovers.c.id == handover_id)).scalar_one_or_none() or "")
