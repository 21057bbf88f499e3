"""SQLite's two files, the store and Rasa's, copied while both are written to, as if at one moment.

The store is copied first. So the engine's copy may know turns that the store's does not; they are taken out of it, or
a message that comes after a restore and gets the number of one of them would be answered with that one's answer.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tactful.errors import BackupDamaged
from tactful.store.turn_rows import dictionaries_of, text_of, unpacked


def copy_pair(store: Path, engine: Path, into: Path) -> list[Path]:
    """Copies of both, of one moment: all that the store has accepted, and nothing that it has not."""
    known = _last_event(engine)
    copies = [_copy(store, into / store.name)]
    if engine.exists():
        copies.append(_copy(engine, into / engine.name))
        _take_out_later(copies[0], copies[1], known)
    return copies


def check(file: Path) -> None:
    """Errors: `BackupDamaged` when SQLite finds the file inconsistent."""
    with closing(sqlite3.connect(file)) as database:
        try:
            found = database.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError:
            found = "not readable"
    if found != "ok":
        raise BackupDamaged(f"{file.name} in the backup is inconsistent.")


def _copy(source: Path, target: Path) -> Path:
    """By SQLite's backup API, in one step: one moment of it, and writers go on."""
    with closing(sqlite3.connect(source, timeout=30)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
    return target


def _last_event(engine: Path) -> int:
    """Number of the engine's last event before anything was copied: what it belongs to was accepted before."""
    if not engine.exists():
        return 0
    with closing(sqlite3.connect(engine, timeout=30)) as database:
        if not _has_events(database):
            return 0
        return int(database.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])


def _has_events(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone())


def _take_out_later(store: Path, engine: Path, known: int) -> None:
    with closing(sqlite3.connect(store)) as accepted, closing(sqlite3.connect(engine)) as events:
        if not _has_events(events):
            return
        later: set[str] = set()  # conversations from whose next turn on the store knows nothing
        gone: list[tuple[int]] = []
        dictionaries = dictionaries_of(events)
        rows = "SELECT id, sender_id, timestamp, data FROM events WHERE id > ? ORDER BY id"
        for number, conversation, at, data in events.execute(rows, (known,)):
            told = unpacked(text_of(data, dictionaries), conversation, at)
            said = [event.get("message_id") for event in told if event["event"] == "user"]
            if not all(_is_accepted(accepted, conversation, message) for message in said):
                later.add(conversation)
            if conversation in later:
                gone.append((number,))
        events.executemany("DELETE FROM events WHERE id = ?", gone)
        events.commit()


def _is_accepted(store: sqlite3.Connection, conversation: str, message_id: object) -> bool:
    _, _, seq = str(message_id).rpartition(":")
    if not seq.isdecimal():
        return False
    found = store.execute("SELECT 1 FROM messages WHERE conversation_id = ? AND seq = ?", (conversation, int(seq)))
    return found.fetchone() is not None
