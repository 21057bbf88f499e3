"""The installation's lists as they stand in the database: read again as soon as somebody changed them."""

from threading import Lock

from sqlalchemy import Connection, func, insert, select, update

from tactful.privacy.lists import Entry, Lists
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import listed_values


class ListedValues:
    """One installation's; `current` is called for every message, by any number of doors."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database, self._key = database, ring.derive("listed-values")
        self._kept = Lists(key=self._key)
        self._lock = Lock()

    def current(self) -> Lists:
        """The lists of this moment. Errors: `StoreUnavailable`; without its lists, a message must not be read."""
        with self._database.read() as tx:
            return self.seen_by(tx)

    def seen_by(self, tx: Connection) -> Lists:
        """The lists as the caller's transaction sees them."""
        version = _version(tx)
        with self._lock:
            if version != self._kept.version:
                self._kept = Lists(version, self._key, _entries(tx))
            return self._kept

    def add(self, tx: Connection, correction_id: str, entry: Entry, now: int) -> None:
        """Learn a value."""
        tx.execute(
            insert(listed_values).values(
                correction_id=correction_id,
                digest=entry.digest,
                words=entry.words,
                kind=entry.kind,
                kept=entry.kept,
                at=now,
            )
        )

    def end(self, tx: Connection, correction_id: str, now: int) -> int:
        """Forget what was learned from a correction; how many values."""
        learned = listed_values.c.correction_id == correction_id, listed_values.c.ended_at.is_(None)
        return tx.execute(update(listed_values).where(*learned).values(ended_at=now)).rowcount

    def entry(self, value: str, kind: str, *, kept: bool, whose: str) -> Entry:
        """What the list notes of a value; as `Lists.entry`."""
        return Lists(key=self._key).entry(value, kind, kept=kept, whose=whose)


# Asked for every message: building a statement costs as much as running it.
_VERSION = select(
    func.max(listed_values.c.id), func.max(listed_values.c.at), func.count(listed_values.c.ended_at), func.count()
)


def _version(tx: Connection) -> str:
    """Another one after each change: rows are added, ended, and deleted with what they came from; "" for none."""
    newest, at, ended, all_ = tx.execute(_VERSION).one()
    return f"{newest}.{at}.{ended}.{all_}" if all_ else ""


def _entries(tx: Connection) -> list[Entry]:
    rows = tx.execute(
        select(listed_values.c.digest, listed_values.c.words, listed_values.c.kind, listed_values.c.kept)
        .where(listed_values.c.ended_at.is_(None))
        .order_by(listed_values.c.id)
    )
    return [Entry(bytes(digest), words, kind, bool(kept)) for digest, words, kind, kept in rows]
