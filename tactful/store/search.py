"""Full-text search over redacted text: FTS5 on SQLite, tsvector on PostgreSQL, one interface.

Only turns that people may read are in it: its words come with the turn or with the customer's consent, in the same
transaction, and go when that is withdrawn. They go with the turn, whoever deletes it: by a trigger on SQLite, by the
foreign key on PostgreSQL.
"""

import re
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, bindparam, column, select, text

from tactful.store.database import Database
from tactful.store.tables import messages, turns

LONGEST_QUERY = 200  # characters
MOST_TERMS = 12
_TERM = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_WORD = re.compile(r"\w+")

_FORGET = text("DELETE FROM search_words WHERE rowid IN :ids").bindparams(bindparam("ids", expanding=True))
_FORGET_POSTGRES = text("DELETE FROM search_words WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_INDEX = text("INSERT INTO search_words (rowid, words) VALUES (:id, :words)")
_INDEX_POSTGRES = text(
    "INSERT INTO search_words (id, words) VALUES (:id, to_tsvector('simple', :words)) "
    "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
)

# Asked in every turn that people may read: building a statement costs as much as running it.
_SAID = (
    select(messages.c.text)
    .where(
        messages.c.conversation_id == bindparam("conversation"),
        (messages.c.seq == bindparam("number")) | (messages.c.reply_to == bindparam("number")),
    )
    .order_by(messages.c.seq)
)


def words_of(tx: Connection, conversation_id: str, seq: int) -> str:
    """What a turn is found by: the message and its answers."""
    said = tx.execute(_SAID, {"conversation": conversation_id, "number": seq}).scalars()
    return "\n".join(said)


def put(tx: Connection, turn_id: int, words: str) -> None:
    """Make a turn found by these words, and by no others."""
    if _is_sqlite(tx):
        forget(tx, [turn_id])
        tx.execute(_INDEX, {"id": turn_id, "words": words})
        return
    tx.execute(_INDEX_POSTGRES, {"id": turn_id, "words": words})


def forget(tx: Connection, turn_ids: Collection[int]) -> None:
    """Find these turns by no words."""
    if turn_ids:
        tx.execute(_FORGET if _is_sqlite(tx) else _FORGET_POSTGRES, {"ids": list(turn_ids)})


def missing(tx: Connection, most: int = 1000) -> list[tuple[int, str, int]]:
    """(turn, conversation, seq) of turns that people may read and that are not in the index, the newest first.

    A door of the version before may have let people read a turn that a newer one did not index.
    """
    indexed = "SELECT id FROM search_words_docsize" if _is_sqlite(tx) else "SELECT id FROM search_words"
    inside = text(indexed).columns(column("id"))
    wanted = select(turns.c.id, turns.c.conversation_id, turns.c.seq).where(turns.c.readable, turns.c.id.not_in(inside))
    return [
        (row.id, row.conversation_id, row.seq) for row in tx.execute(wanted.order_by(turns.c.id.desc()).limit(most))
    ]


def catch_up(database: Database) -> int:
    """Index what is missing; how many turns."""
    count = 0
    while True:
        with database.begin() as tx:
            found = missing(tx)
            for turn_id, conversation_id, seq in found:
                put(tx, turn_id, words_of(tx, conversation_id, seq))
        count += len(found)
        if not found:
            return count


def purge(tx: Connection) -> None:
    """Leave nothing in the index of what was deleted: SQLite's keeps old entries until it is merged."""
    if _is_sqlite(tx):
        tx.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))


def found(tx: Connection, asked: str) -> ColumnElement[bool] | None:
    """The condition on `turns` that a search asks for; None when nothing is asked for.

    All words must be there, each from its beginning; "words in quotes" stand together; -word must not be there.
    """
    terms = list(_terms(asked))[:MOST_TERMS]
    wanted = [words for negative, words in terms if not negative]
    unwanted = [words for negative, words in terms if negative]
    if not wanted:
        return None
    if _is_sqlite(tx):
        query = " AND ".join(map(_sqlite_term, wanted)) + "".join(f" NOT {_sqlite_term(each)}" for each in unwanted)
        return _among("SELECT rowid AS id FROM search_words WHERE search_words MATCH :asked", query)
    query = " & ".join([*map(_postgres_term, wanted), *(f"!{_postgres_term(each)}" for each in unwanted)])
    return _among("SELECT id FROM search_words WHERE words @@ to_tsquery('simple', :asked)", query)


def _among(statement: str, asked: str) -> ColumnElement[bool]:
    return turns.c.id.in_(text(statement).bindparams(asked=asked).columns(column("id")))


def _terms(asked: str) -> Iterator[tuple[bool, list[str]]]:
    """(negative, words that stand together); only the last of a term's words may go on."""
    for minus, quoted, other, word in _TERM.findall(asked[:LONGEST_QUERY]):
        if words := _WORD.findall(quoted or word):
            yield bool(minus or other), [*words, ""] if quoted else words


def _sqlite_term(words: list[str]) -> str:
    phrase = '"' + " ".join(filter(None, words)) + '"'
    return phrase if words[-1] == "" else phrase + "*"


def _postgres_term(words: list[str]) -> str:
    # Its parser parts words at underscores, so a placeholder is a phrase.
    parts = [part for word in words for part in word.split("_") if part]
    return "(" + " <-> ".join(parts) + ("" if words[-1] == "" else ":*") + ")" if parts else "(a & !a)"


def _is_sqlite(tx: Connection) -> bool:
    return tx.dialect.name == "sqlite"
