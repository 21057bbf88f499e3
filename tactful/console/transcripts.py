"""A conversation as a reviewer sees it: placeholders only, and every reading is audited before anything is shown."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from tactful.console.queues import Queue
from tactful.console.reviews import Judgement, judgements, readable_turn
from tactful.errors import NotFound
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.store.audit import Act, Actor, AuditLog, Reason, Role
from tactful.store.database import Database
from tactful.store.guesses import ranking_of
from tactful.store.tables import assignments, conversations, labels, messages, notes, queue_entries, turns

MOST_MESSAGES = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a message: words, or a placeholder with its kind in words."""

    text: str
    kind: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known of a customer's message; `judgements` only for who may see them now."""

    row: RowMapping
    queues: list[Queue]
    judgements: list[Judgement]
    mine: Judgement | None

    @property
    def runners_up(self) -> list[dict[str, Any]]:
        """The engine's other guesses, best first."""
        return [guess for guess in ranking_of(self.row) if guess["name"] != self.row["intent"]]

    @property
    def facts(self) -> list[str]:
        """Names of the attributes that the bot had at hand."""
        return str(self.row["facts"]).split()


@dataclass(frozen=True, slots=True)
class Said:
    """One message, in runs."""

    row: RowMapping
    runs: list[Run]
    turn: Turn | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation to be reviewed at one of its turns."""

    conversation: RowMapping
    said: list[Said]
    turn: Turn
    notes: list[RowMapping]
    labels: list[str]
    assignee: str | None


class Transcripts:
    """Opens conversations for people, if their customers allow it."""

    def __init__(self, database: Database, policy: Policy, audit: AuditLog, clock: Callable[[], int]) -> None:
        self._database, self._policy, self._audit, self._clock = database, policy, audit, clock

    def open(self, turn_id: int, staff_id: str, *, resolver: bool = False) -> Transcript:
        """The conversation of a turn. That it was read is in the audit log. Errors: `NotFound`."""
        with self._database.begin() as tx:
            row = readable_turn(tx, self._policy, turn_id)
            shown = self._transcript(tx, row, staff_id, resolver)
            self._audit.record(
                tx, Act.TRANSCRIPT_READ,
                actor=Actor(Role.AGENT, staff_id), subject_id=row["subject_id"], object_id=row["conversation_id"],
                fields=("transcript", "human_review"), reason=Reason.REVIEW,
            )  # fmt: skip
        return shown

    def turn(self, turn_id: int, staff_id: str, *, resolver: bool = False) -> Turn:
        """A turn without its words: for what changes on a page that is open already. Errors: `NotFound`."""
        with self._database.read() as tx:
            return self._turn(tx, readable_turn(tx, self._policy, turn_id), staff_id, resolver)

    def about(self, turn_id: int) -> tuple[list[RowMapping], list[str], str | None]:
        """Notes, labels and assignee of a turn's conversation. Errors: `NotFound`."""
        with self._database.read() as tx:
            return self._about(tx, readable_turn(tx, self._policy, turn_id)["conversation_id"])

    def texts(self, conversation_id: str, seqs: Collection[int]) -> list[tuple[int, list[Run]]]:
        """Some messages in runs, for a page on which the conversation is open already."""
        with self._database.read() as tx:
            rows = tx.execute(
                select(messages.c.seq, messages.c.text)
                .where(messages.c.conversation_id == conversation_id, messages.c.seq.in_(seqs))
                .order_by(messages.c.seq)
            ).all()
        return [(row.seq, list(self.runs(row.text))) for row in rows]

    def turn_of(self, conversation_id: str) -> int:
        """The last turn of a conversation. Errors: `NotFound`."""
        with self._database.read() as tx:
            found: int | None = tx.execute(
                select(turns.c.id)
                .where(turns.c.conversation_id == conversation_id)
                .order_by(turns.c.id.desc())
                .limit(1)
            ).scalar_one_or_none()
        if found is None:
            raise NotFound
        return found

    def _transcript(self, tx: Connection, row: RowMapping, staff_id: str, resolver: bool) -> Transcript:
        conversation_id = row["conversation_id"]
        said = tx.execute(
            select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.kind != "event")
            .order_by(messages.c.seq)
            .limit(MOST_MESSAGES)
        ).mappings()
        reviewed = {
            each["seq"]: self._turn(tx, each, staff_id, resolver)
            for each in tx.execute(select(turns).where(turns.c.conversation_id == conversation_id)).mappings().all()
        }
        conversation = tx.execute(select(conversations).where(conversations.c.id == conversation_id)).mappings().one()
        return Transcript(
            conversation,
            [Said(each, list(self.runs(each["text"])), reviewed.get(each["seq"])) for each in said],
            reviewed[row["seq"]],
            *self._about(tx, conversation_id),
        )

    def _turn(self, tx: Connection, row: RowMapping, staff_id: str, resolver: bool) -> Turn:
        given = judgements(tx, row["id"])
        mine = next((each for each in given if each.reviewer == staff_id), None)
        sees = mine is not None or row["state"] == "done" or (resolver and row["state"] == "disputed")
        stands = tx.execute(select(queue_entries.c.queue).where(queue_entries.c.turn_id == row["id"])).scalars()
        return Turn(row, sorted(map(Queue, stands), key=list(Queue).index), given if sees else [], mine)

    def _about(self, tx: Connection, conversation_id: str) -> tuple[list[RowMapping], list[str], str | None]:
        noted = tx.execute(select(notes).where(notes.c.conversation_id == conversation_id).order_by(notes.c.at))
        named = tx.execute(
            select(labels.c.name).where(labels.c.conversation_id == conversation_id).order_by(labels.c.name)
        ).scalars()
        given = tx.execute(
            select(assignments.c.assignee).where(assignments.c.conversation_id == conversation_id)
        ).scalar_one_or_none()
        return list(noted.mappings().all()), list(named), given

    def runs(self, text: str) -> Iterator[Run]:
        """The text in order, placeholders apart with the name of their kind."""
        at = 0
        for found in PLACEHOLDER.finditer(text):
            if (kind := found[1]) not in self._policy.entities:
                continue
            if found.start() > at:
                yield Run(text[at : found.start()])
            yield Run(found[0], kind, f"{self._policy.entities[kind].label} {found[2]}")
            at = found.end()
        if at < len(text):
            yield Run(text[at:])


def names_of(values: Mapping[str, int]) -> str:
    """`2 number, 1 code`: doubts in words."""
    return ", ".join(f"{count} {kind}" for kind, count in values.items())
