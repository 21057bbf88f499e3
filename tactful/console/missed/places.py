"""Where a conversation's words stand in the database. A table that is added with such words belongs here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    String,
    Table,
    cast,
    func,
    or_,
    select,
    update,
)

from tactful.console.recording import look_again
from tactful.store.tables import messages, notes, outbox

SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Row:
    """One row with words: `content` by column; its repr does not tell them."""

    place: "Place"
    key: tuple[Any, ...]
    conversation_id: str
    content: dict[str, Any]

    def __repr__(self) -> str:
        return f"Row({self.place.table.name})"

    @property
    def name(self) -> str:
        return SEPARATOR.join(map(str, self.key))


@dataclass(frozen=True, slots=True)
class Place:
    """The columns of a table in which words of a conversation stand; the table names its conversation."""

    table: Table
    columns: tuple[str, ...]

    def rows(self, tx: Connection, where: ColumnElement[bool], run: str | None = None) -> Iterator[Row]:
        """Rows that may hold a value of which `run` is a part; all of them when nothing of it can be asked for."""
        keys, wordy = list(self.table.primary_key.columns), [self.table.c[name] for name in self.columns]
        conversation = self.table.c.conversation_id
        query = select(conversation.label("whose"), *keys, *wordy).where(where, conversation.is_not(None))
        if run:
            query = query.where(or_(*(_may_hold(column, run) for column in wordy)))
        for row in tx.execute(query.order_by(*keys)).mappings():
            content = {name: row[name] for name in self.columns if row[name] is not None}
            yield Row(self, tuple(row[key.name] for key in keys), row["whose"], content)

    def row(self, tx: Connection, name: str) -> Row | None:
        """The row of this name, if it is still there."""
        keys = list(self.table.primary_key.columns)
        parts = [key.type.python_type(part) for key, part in zip(keys, name.split(SEPARATOR), strict=True)]
        same = [key == part for key, part in zip(keys, parts, strict=True)]
        return next(self.rows(tx, same[0] if len(same) == 1 else same[0] & same[1]), None)

    def write(self, tx: Connection, row: Row, content: dict[str, Any]) -> None:
        """Put `content` (some of the columns) into a row."""
        keys = zip(self.table.primary_key.columns, row.key, strict=True)
        tx.execute(update(self.table).where(*(key == part for key, part in keys)).values(content))
        if self.table is messages:
            look_again(tx, row.conversation_id)  # what is no longer there must not be found


def _may_hold(column: ColumnElement[Any], run: str) -> ColumnElement[bool]:
    """Whether a run of ASCII stands in it, or anything that only normalising shows for what it is."""
    plain = cast(column, String) if isinstance(column.type, JSON) else column
    held = plain.icontains(run, autoescape=True)
    if isinstance(column.type, JSON):
        return held | plain.contains("\\u", autoescape=True)
    return held | (func.length(plain) != func.length(cast(plain, LargeBinary)))


PLACES = (
    Place(messages, ("text", "forced", "buttons", "cards")),
    Place(notes, ("text",)),
    Place(outbox, ("payload",)),
)
BY_NAME = {place.table.name: place for place in PLACES}


def of_conversations(place: Place, ids: Collection[str] | Select[Any]) -> ColumnElement[bool]:
    """Rows of these conversations."""
    return place.table.c.conversation_id.in_(ids)
