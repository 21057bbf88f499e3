"""Every cell of a database, as bytes: SQLite by its file, PostgreSQL by its URL."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect

ROWS = 1000  # fetched at a time


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table; `row` is SQLite's rowid, PostgreSQL's ctid, or a count where there is neither."""

    table: str
    column: str
    row: str
    data: bytes = field(repr=False)


def sqlite_cells(path: Path) -> Iterator[Cell]:
    """Errors: `sqlite3.Error` when the file is locked or damaged."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
        database.text_factory = bytes  # whatever stands there, UTF-8 or not
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in database.execute(tables).fetchall():
            table = name.decode("utf-8", "replace")
            quoted = '"' + table.replace('"', '""') + '"'
            columns = [column[0] for column in database.execute(f"SELECT * FROM {quoted} LIMIT 0").description]  # noqa: S608
            rows = database.execute(f"SELECT {_row_id(database, quoted)}, * FROM {quoted}")  # noqa: S608
            yield from _cells(table, columns, rows)


def postgresql_cells(url: str) -> Iterator[Cell]:
    """Errors: `SQLAlchemyError` when the server is away or a table cannot be read."""
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            seen = inspect(connection)
            for schema in seen.get_schema_names():
                if schema != "information_schema" and not schema.startswith("pg_"):
                    for table in seen.get_table_names(schema):
                        columns = [(column["name"], str(column["type"])) for column in seen.get_columns(table, schema)]
                        yield from _postgresql_table(connection, schema, table, columns)
    finally:
        engine.dispose()


def _postgresql_table(
    connection: Connection, schema: str, table: str, columns: Sequence[tuple[str, str]]
) -> Iterator[Cell]:
    quoted = connection.dialect.identifier_preparer.quote_identifier
    wanted = [quoted(name) if kind == "BYTEA" else f"{quoted(name)}::text" for name, kind in columns]
    query = f"SELECT {', '.join(['ctid::text', *wanted])} FROM {quoted(schema)}.{quoted(table)}"  # noqa: S608
    rows = connection.execution_options(yield_per=ROWS).exec_driver_sql(query)
    yield from _cells(table, [name for name, _ in columns], rows)


def _cells(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Cell]:
    for number, (row, *values) in enumerate(rows, 1):
        for column, value in zip(columns, values, strict=True):
            if data := _as_bytes(value):
                yield Cell(table, column, str(number if row is None else row), data)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value)
    return b"" if value is None else str(value).encode("utf-8", "surrogatepass")


def _row_id(database: sqlite3.Connection, quoted: str) -> str:
    try:
        database.execute(f"SELECT rowid FROM {quoted} LIMIT 0")  # noqa: S608
    except sqlite3.OperationalError:
        return "NULL"  # WITHOUT ROWID
    return "rowid"
