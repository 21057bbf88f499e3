"""Who waits for a person, whose conversations are held by whom, and who else chats now: without a word of theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from tactful.console.staff import Staff
from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.database import Database
from tactful.store.tables import conversations, handovers, messages, staff, subjects

LIVE_MS = 10 * 60_000  # a customer who wrote within it chats now
MOST = 50  # of each list
WHY = {
    "asked": "asked for a person",
    "complaint": "has a complaint",
    "fallback": "the assistant could not help",
    "joined": "joined by a colleague",
}


@dataclass(frozen=True, slots=True)
class InLine:
    """One conversation in the line; times in epoch milliseconds."""

    conversation_id: str
    why: str
    since: int
    messages: int
    last_at: int | None  # the customer's newest message
    unread: int = 0  # messages of the customer's after the last answer of a person
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What an agent sees of the line. `unseen`: who chats now and does not let people read along."""

    waiting: list[InLine]
    mine: list[InLine]
    others: list[InLine]
    chatting: list[InLine]
    unseen: int


class Waiting:
    """Looks; changes nothing."""

    def __init__(self, database: Database, policy: Policy, clock: Callable[[], int]) -> None:
        self._database, self._policy, self._clock = database, policy, clock

    def line(self, by: Staff) -> Line:
        """The whole line, longest waiting first."""
        now = self._clock()
        with self._database.read() as tx:
            rows = self._open(tx)
            told = _told(tx, [row["conversation_id"] for row in rows])
            free = [row for row in rows if _free(row, now)]
            held = [row for row in rows if not _free(row, now)]
            chatting, unseen = self._chatting(tx, now)
        mine, others = _parted(held, by)
        listed = [[_in_line(row, told) for row in some] for some in (free, mine, others)]
        return Line(listed[0], listed[1], listed[2], chatting, unseen)

    def one(self, conversation_id: str) -> InLine:
        """One conversation of the line. Errors: `NotFound`."""
        with self._database.read() as tx:
            row = next((row for row in self._open(tx) if row["conversation_id"] == conversation_id), None)
            if row is None:
                raise NotFound("Nobody waits in this conversation. It was handed back, or it ended.")
            told = _told(tx, [conversation_id])
        about = _in_line(row, told)
        return replace(about, holder="") if _free(row, self._clock()) else about

    def counts(self, by: Staff) -> dict[str, int]:
        """How many wait, and how many messages wait in what they hold; `newest`: when somebody last came into line."""
        now = self._clock()
        with self._database.read() as tx:
            rows = self._open(tx)
            mine = [row["conversation_id"] for row in rows if not _free(row, now) and row["staff_id"] == by.id]
            told = _told(tx, mine)
        free = [row for row in rows if _free(row, now)]
        return {
            "waiting": len(free),
            "newest": max((row["asked_at"] for row in free), default=0),
            "mine": len(mine),
            "unread": sum(told[each]["unread"] for each in mine if each in told),
        }

    def since(self, moment: int) -> int:
        """How many came into line after a moment."""
        with self._database.read() as tx:
            return sum(row["asked_at"] > moment for row in self._open(tx))

    def _open(self, tx: Connection) -> Sequence[RowMapping]:
        """Hand-overs without an end, of customers about whom something may be done."""
        return (
            tx.execute(
                select(handovers, staff.c.name)
                .join(conversations, conversations.c.id == handovers.c.conversation_id)
                .join(subjects, subjects.c.id == conversations.c.subject_id)
                .outerjoin(staff, staff.c.id == handovers.c.staff_id)
                .where(handovers.c.ended_at.is_(None), _usable())
                .order_by(handovers.c.asked_at)
                .limit(500)
            )
            .mappings()
            .all()
        )

    def _chatting(self, tx: Connection, now: int) -> tuple[list[InLine], int]:
        """Who chats with the bot now: those who let people read along, and how many others."""
        last = func.max(messages.c.created_at).label("last")
        rows = tx.execute(
            select(conversations.c.id, conversations.c.subject_id, conversations.c.created_at, last)
            .join(messages, messages.c.conversation_id == conversations.c.id)
            .join(subjects, subjects.c.id == conversations.c.subject_id)
            .where(
                conversations.c.state == "bot",
                messages.c.author == "customer",
                messages.c.created_at > now - LIVE_MS,
                subjects.c.erased_at.is_(None),
            )
            .group_by(conversations.c.id, conversations.c.subject_id, conversations.c.created_at)
            .order_by(last.desc())
            .limit(200)
        ).all()
        seen = [row for row in rows if consent.allowed(tx, row.subject_id, "human_review", self._policy)]
        told = _told(tx, [row.id for row in seen[:MOST]])
        shown = [
            InLine(row.id, "", row.created_at, told[row.id]["messages"], row.last)
            for row in seen[:MOST]
            if row.id in told
        ]
        return shown, len(rows) - len(seen)


def _usable() -> ColumnElement[bool]:
    return subjects.c.erased_at.is_(None) & subjects.c.erasing_at.is_(None) & subjects.c.restricted.is_(False)


def _free(row: RowMapping, now: int) -> bool:
    return row["staff_id"] is None or row["held_until"] <= now


def _parted(held: Sequence[RowMapping], by: Staff) -> tuple[list[RowMapping], list[RowMapping]]:
    return [row for row in held if row["staff_id"] == by.id], [row for row in held if row["staff_id"] != by.id]


def _in_line(row: RowMapping, told: dict[str, RowMapping]) -> InLine:
    about = told.get(row["conversation_id"])
    return InLine(
        row["conversation_id"],
        WHY.get(row["reason"], WHY["asked"]),
        row["asked_at"],
        about["messages"] if about else 0,
        about["last_at"] if about else None,
        about["unread"] if about else 0,
        row["name"] or "",
    )


def _told(tx: Connection, ids: Sequence[str]) -> dict[str, RowMapping]:
    """Conversation → how many messages, when the customer last wrote, how many a person has not answered."""
    said = messages.alias()
    answered = (
        select(said.c.conversation_id, func.max(said.c.seq).label("seq"))
        .where(said.c.conversation_id.in_(ids), said.c.author == "agent")
        .group_by(said.c.conversation_id)
        .subquery()
    )
    own = messages.c.author == "customer"
    unread = own & (messages.c.status == "held") & (messages.c.seq > func.coalesce(answered.c.seq, 0))
    query = (
        select(
            messages.c.conversation_id.label("id"),
            func.count().label("messages"),
            func.max(messages.c.created_at).filter(own).label("last_at"),
            func.count().filter(unread).label("unread"),
        )
        .outerjoin(answered, answered.c.conversation_id == messages.c.conversation_id)
        .where(messages.c.conversation_id.in_(ids), messages.c.kind != "event")
        .group_by(messages.c.conversation_id)
    )
    return {row["id"]: row for row in tx.execute(query).mappings()}
