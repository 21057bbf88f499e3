"""Rasa's conversations as JSON: a tracker, a list of trackers or of events, or events line by line (file broker)."""

import json
import mmap
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tactful.bulk.documents import Document, Options, Reason, Withheld
from tactful.bulk.index import Entry, Index
from tactful.bulk.rasa_events import Event, conversation
from tactful.errors import SetupError

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\],]', re.DOTALL)
_PIECE = 1 << 20  # bytes


class RasaJson:
    """One file; `.jsonl` holds an event a line, `.json` anything that Rasa's HTTP API or an export gives."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._lines = path, path.suffix != ".json"

    def header(self) -> str:
        return ""

    def plan(self, index: Index) -> None:
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                index.read(piece)
            for number, (start, end) in enumerate(self._elements(), 1):
                file.seek(start)
                found = _parsed(file.read(end - start))
                index.add(Entry(number, start, end - start), None if isinstance(found, Reason) else _senders(found))

    def documents(self, entries: Sequence[Entry]) -> Iterator[Document | Withheld]:
        """Events are put together by conversation; each is numbered by its first event's or tracker's place."""
        together: dict[str, tuple[int, str, list[Event]]] = {}
        with self._path.open("rb") as file:
            for entry in entries:
                file.seek(entry.offset)
                found = _parsed(file.read(entry.length))
                if isinstance(found, Reason):
                    yield Withheld(entry.row, found)
                    continue
                for place, (sender, events) in enumerate(_conversations(found, entry.row)):
                    label = f"{entry.row}.{place}" if place else str(entry.row)
                    together.setdefault(sender, (entry.row, label, []))[2].extend(events)
        for row, label, events in together.values():
            yield conversation(row, events, label)

    def _elements(self) -> Iterator[tuple[int, int]]:
        if self._path.stat().st_size == 0:
            return
        with self._path.open("rb") as file:
            if self._lines:
                at = 0
                for line in file:
                    if line.strip():
                        yield at, at + len(line)
                    at += len(line)
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield from elements(content)


def elements(content: mmap.mmap | bytes) -> Iterator[tuple[int, int]]:
    """Where the elements of a JSON array begin and end; of what is no array, the whole."""
    depth, begins = 0, 0
    for token in _TOKEN.finditer(content):
        sign = token[0][:1]
        if depth == 0 and sign != b"[":
            yield 0, len(content)
            return
        if depth == 1 and sign in b",]":
            if content[begins : token.start()].strip():
                yield begins, token.start()
            begins = token.end()
        elif depth == 0:
            begins = token.end()
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(sign, 0)
        if depth == 0:
            return
    if depth or not begins:
        raise SetupError("A JSON archive is cut off, or not JSON: nothing was redacted.")


def _parsed(raw: bytes) -> dict[str, Any] | Reason:
    try:
        found = json.loads(raw.decode())
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError:
        return Reason.NOT_UTF8
    except (ValueError, RecursionError):
        return Reason.NOT_JSON
    return found if isinstance(found, dict) and list(_conversations(found, 0)) else Reason.NOT_RASA


def _senders(found: dict[str, Any]) -> str | None:
    return next((sender for sender, _ in _conversations(found, 0)), None)


def _conversations(found: dict[str, Any], row: int) -> Iterator[tuple[str, list[Event]]]:
    """(who, events) of an event, of a tracker, or of a mapping from conversations to either."""
    sender = str(found.get("sender_id", f"row {row}"))
    if isinstance(found.get("events"), list):
        yield sender, [event for event in found["events"] if isinstance(event, dict)]
    elif isinstance(found.get("event"), str):
        yield sender, [found]
    else:
        for name, value in found.items():
            events = value.get("events") if isinstance(value, dict) else value
            if isinstance(events, list) and all(isinstance(event, dict) and "event" in event for event in events):
                yield name, events
