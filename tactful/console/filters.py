"""What a reviewer narrows a list down by, as it stands in the page's address and in a saved view."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, exists, func, select

from tactful.console.queues import Queue
from tactful.store import search
from tactful.store.tables import assignments, consents, labels, objections, queue_entries, turns

LONGEST = 200  # characters of one condition
LENGTHS = {"short": (0, 40), "medium": (41, 200), "long": (201, 1_000_000)}
SURENESS = {"low": (0.0, 0.5), "middle": (0.5, 0.8), "high": (0.8, 1.01)}
STATES = ("open", "disputed", "done")
MINE = "me"
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold; an empty one says nothing. `since` and `until` are days, both included."""

    queue: str = ""
    state: str = "open"
    q: str = ""
    intent: str = ""
    kind: str = ""
    language: str = ""
    length: str = ""
    confidence: str = ""
    model: str = ""
    tone: str = ""
    channel: str = ""
    label: str = ""
    training: str = ""
    assignee: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Self:
        """From an address or a saved view; what makes no sense is left out, so that an old link still works."""
        given = {field.name: str(asked[field.name])[:LONGEST].strip() for field in fields(cls) if field.name in asked}
        made = cls(**given)
        closed = {"queue": tuple(Queue), "length": tuple(LENGTHS), "confidence": tuple(SURENESS), "training": YES_NO}
        wrong = {name: "" for name, known in closed.items() if getattr(made, name) not in (*known, "")}
        wrong |= {name: "" for name in ("since", "until") if not _day(getattr(made, name))}
        if made.state not in (*STATES, "any"):
            wrong["state"] = "open"
        return replace(made, **wrong)

    def asdict(self) -> dict[str, str]:
        """Only what says something."""
        return {name: value for name, value in asdict(self).items() if value and (name, value) != ("state", "open")}

    def address(self, **changes: str) -> str:
        """The query string of this filter with changes, ready for a link."""
        return urlencode(replace(self, **changes).asdict())

    @property
    def narrowing(self) -> dict[str, str]:
        """The conditions beside queue and state."""
        return {name: value for name, value in self.asdict().items() if name not in ("queue", "state")}

    def conditions(self, tx: Connection, staff_id: str) -> Iterator[ColumnElement[bool]]:
        """As conditions on `turns`; the queue's own is in `entries`."""
        if self.state != "any":
            yield turns.c.state == self.state
        for name in ("intent", "language", "model", "tone", "channel"):
            if value := getattr(self, name):
                yield turns.c[name] == value
        if self.kind:
            yield turns.c.kinds.contains(f" {self.kind} ", autoescape=True)
        if self.length:
            yield turns.c.length.between(*LENGTHS[self.length])
        if self.confidence:
            least, below = SURENESS[self.confidence]
            yield (turns.c.confidence >= least) & (turns.c.confidence < below)
        if self.since:
            yield turns.c.at >= _ms(self.since)
        if self.until:
            yield turns.c.at < _ms(self.until, days=1)
        yield from self._of_conversations(staff_id)
        if self.q and (found := search.found(tx, self.q)) is not None:
            yield found

    def _of_conversations(self, staff_id: str) -> Iterator[ColumnElement[bool]]:
        if self.label:
            yield exists().where(labels.c.conversation_id == turns.c.conversation_id, labels.c.name == self.label)
        if self.training:
            allowed = turns.c.subject_id.in_(_may_train())
            yield allowed if self.training == "yes" else ~allowed
        if self.assignee:
            wanted = staff_id if self.assignee == MINE else self.assignee
            yield exists().where(
                assignments.c.conversation_id == turns.c.conversation_id, assignments.c.assignee == wanted
            )

    def ids(self, tx: Connection, staff_id: str) -> Any:
        """Select of the ids of the turns that people may read and that all of this holds for."""
        query = select(turns.c.id).where(turns.c.readable, *self.conditions(tx, staff_id))
        if self.queue:
            query = query.join(queue_entries, queue_entries.c.turn_id == turns.c.id).where(*self.entry())
        return query

    def entry(self) -> tuple[ColumnElement[bool], ...]:
        """The condition on `queue_entries` that the queue asks for."""
        open_ = () if self.state in ("any", "done") else (queue_entries.c.open,)
        return (queue_entries.c.queue == self.queue, queue_entries.c.readable, *open_)


def _may_train() -> Any:
    """Subjects whose newest answer lets their words teach the assistant, and who did not object to it."""
    newest = select(func.max(consents.c.id)).where(consents.c.purpose == "training").group_by(consents.c.subject_id)
    objecting = select(objections.c.subject_id).where(objections.c.purpose == "training")
    return select(consents.c.subject_id).where(
        consents.c.id.in_(newest), consents.c.granted, consents.c.subject_id.not_in(objecting)
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ms(day: str, days: int = 0) -> int:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=days)
    return int(moment.timestamp() * 1000)
