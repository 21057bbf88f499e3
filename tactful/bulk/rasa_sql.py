"""Rasa's SQL tracker store: the `events` table of Rasa 3, SQLite or PostgreSQL (or what else SQLAlchemy opens).

Tactful's own is read, too, in which a row may be a turn (see `tactful.store.turn_rows`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from tactful.bulk.documents import Document, Options, Reason, Withheld
from tactful.bulk.index import Entry, Index
from tactful.bulk.rasa_events import Event, conversation
from tactful.errors import SetupError
from tactful.store.turn_rows import text_of, unpacked

AT_ONCE = 500  # rows a query
_BYTES_A_ROW = 500  # about


class RasaStore:
    """Reads only; what is added while it reads is left for the next time."""

    def __init__(self, url: str, options: Options) -> None:
        self._url = url

    def header(self) -> str:
        return ""

    def size(self) -> int:
        """About how many bytes there are to read."""
        with self._connected() as connection:
            return (connection.execute(text("SELECT count(*) FROM events")).scalar() or 0) * _BYTES_A_ROW

    def plan(self, index: Index) -> None:
        with self._connected() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(
                text("SELECT id, sender_id, data FROM events ORDER BY id")
            )
            for number, sender, data in rows:
                index.read(f"{number}\0{sender}\0{data}\n".encode("utf-8", "surrogatepass"))
                index.add(Entry(number), str(sender))

    def documents(self, entries: Sequence[Entry]) -> Iterator[Document | Withheld]:
        """Conversations, numbered by their first event."""
        together: dict[str, tuple[int, list[Event]]] = {}
        broken: dict[int, Reason] = {}
        for number, sender, held in self._rows(entries):
            if isinstance(held, Reason):
                broken[number] = held
            else:
                together.setdefault(sender, (number, []))[1].extend(held)
        yield from (Withheld(number, reason) for number, reason in broken.items())
        for number, events in together.values():
            yield conversation(number, events)

    def _rows(self, entries: Sequence[Entry]) -> Iterator[tuple[int, str, Sequence[Event] | Reason]]:
        query = "SELECT id, sender_id, timestamp, data FROM events WHERE id IN ({}) ORDER BY id"
        with self._connected() as connection:
            known = _dictionaries(connection)
            for some in _batches(entries):
                ids = ", ".join(str(entry.row) for entry in some)  # whole numbers from our own index
                for number, sender, at, data in connection.execute(text(query.format(ids))):
                    yield number, sender, _events(data, sender, at, known)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            engine = create_engine(self._url, hide_parameters=True)
            with closing(engine.connect()) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise SetupError(f"The tracker store cannot be read ({type(error).__name__}).") from None
        finally:
            if "engine" in locals():
                engine.dispose()


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for at in range(0, len(entries), AT_ONCE):
        yield entries[at : at + AT_ONCE]


def _dictionaries(connection: Connection) -> dict[int, bytes]:
    if not inspect(connection).has_table("dictionaries"):
        return {}
    return {number: bytes(data) for number, data in connection.execute(text("SELECT id, data FROM dictionaries"))}


def _events(data: Any, sender: str, at: float, known: Mapping[int, bytes]) -> Sequence[Event] | Reason:
    """The events of a row."""
    try:
        held = [data] if isinstance(data, dict) else unpacked(text_of(data, known), sender, at)
    except (ValueError, RecursionError):
        return Reason.NOT_JSON
    except (AttributeError, KeyError, TypeError):
        return Reason.NOT_RASA
    return held if all(isinstance(event.get("event"), str) for event in held) else Reason.NOT_RASA
