"""Full-text search over redacted text: FTS5 on SQLite, tsvector on PostgreSQL, one interface.

The index is written in the transaction that writes the turn. A turn's words go with the turn, whoever deletes it: by a
trigger on SQLite, by the foreign key on PostgreSQL.
"""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, column, text

from tactful.store.tables import turns

LONGEST_QUERY = 200  # characters
MOST_TERMS = 12
_TERM = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_WORD = re.compile(r"\w+")

_FORGET = text("DELETE FROM search_words WHERE rowid = :id")
_INDEX = text("INSERT INTO search_words (rowid, words) VALUES (:id, :words)")
_INDEX_POSTGRES = text(
    "INSERT INTO search_words (id, words) VALUES (:id, to_tsvector('simple', :words)) "
    "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
)


def put(tx: Connection, turn_id: int, words: str) -> None:
    """Make a turn found by these words, and by no others."""
    if _is_sqlite(tx):
        tx.execute(_FORGET, {"id": turn_id})
        tx.execute(_INDEX, {"id": turn_id, "words": words})
        return
    tx.execute(_INDEX_POSTGRES, {"id": turn_id, "words": words})


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
