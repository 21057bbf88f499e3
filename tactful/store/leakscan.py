"""Search every byte that an installation keeps for values that must not be there in clear.

Files are searched as they lie on disk, compressed ones decoded; SQLite files also cell by cell, PostgreSQL cell by
cell. The engine's turns are opened wherever one lies, in its journal and in pages that are free, too. Encrypted values
are not found: that is the point. Not searched: memory, what the system keeps outside the installation (swap, backups),
a PostgreSQL server's own files, base64.
"""

import io
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from tactful.config import Settings
from tactful.store.archives import DAMAGED, Unopened, is_compressed, leaves
from tactful.store.cells import Cell, postgresql_cells, sqlite_cells
from tactful.store.database import sqlite_file
from tactful.store.leak_turns import LONGEST, dictionaries_at, lying_in, opened
from tactful.store.leak_values import Matcher, Value
from tactful.store.places import is_sqlite

PROJECT_FOLDERS = ("models", ".rasa", "data", "results")
SQLITE_MAGIC = b"SQLite format 3\0"
BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")
WINDOW = 4 << 20
MARGIN = 64


@dataclass(frozen=True, slots=True)
class Finding:
    """A value found: the line of its file, its masked form, and where it lies (`file!member:offset` or a cell)."""

    line: int
    masked: str
    where: str
    part: str = field(compare=False)


@dataclass(slots=True)
class Report:
    """What was searched and what was found; `not_searched` says which part was not, and why."""

    findings: set[Finding] = field(default_factory=set)
    not_searched: list[str] = field(default_factory=list)
    files: int = 0
    streams: int = 0
    cells: int = 0
    bytes: int = 0

    def sorted(self) -> list[Finding]:
        return sorted(self.findings, key=lambda found: (found.part, found.line, len(found.where), found.where))

    def without(self, earlier: Iterable[tuple[int, str, str]]) -> int:
        """Forget what an earlier scan had found at the same place; how many."""
        known = set(earlier)
        new = {found for found in self.findings if (found.line, found.masked, found.where) not in known}
        gone = len(self.findings) - len(new)
        self.findings = new
        return gone

    def as_json(self) -> dict[str, Any]:
        counts = {"files": self.files, "streams": self.streams, "cells": self.cells, "bytes": self.bytes}
        found = [{k: v for k, v in asdict(finding).items() if k != "part"} for finding in self.sorted()]
        return {"searched": counts, "found": found, "not_searched": self.not_searched}


def kept_files(settings: Settings) -> list[Path]:
    """Every regular file of the installation, each once."""
    roots = [settings.home, *(settings.project / folder for folder in PROJECT_FOLDERS)]
    files: dict[Path, None] = {}
    if database := sqlite_file(settings.database):
        for ending in BESIDE_A_DATABASE:
            files[Path(f"{database}{ending}").resolve()] = None
    for root in roots:
        for folder, _, names in os.walk(root.resolve()):
            files.update(dict.fromkeys((Path(folder) / name).resolve() for name in sorted(names)))
    return [path for path in files if _is_regular(path)]


def servers(settings: Settings) -> dict[str, str]:
    """The installation's databases on servers, each once: name to tell → URL. Rasa's may be one of its own."""
    named = {"postgresql": settings.database, "postgresql (conversations)": settings.tracker_database}
    found: dict[tuple[object, ...], tuple[str, str]] = {}
    for name, url in named.items():
        if is_sqlite(url):
            continue
        parts = make_url(url)
        # Another login to the same database sees less of it, not more.
        place = (parts.host, parts.port, parts.database, parts.query.get("host"))
        found.setdefault(place, (name, url))
    return dict(found.values())


class Scan:
    """One search; `report` grows while it runs."""

    def __init__(self, values: Sequence[Value], *, case_sensitive: bool = False) -> None:
        self.report = Report()
        self._matcher = Matcher(values, case_sensitive=case_sensitive)
        self._known: Mapping[int, bytes] = {}  # dictionaries of the turns in the file that is searched

    def installation(self, settings: Settings, progress: Callable[[Path], None] = lambda path: None) -> Report:
        """Everything that `settings` names."""
        for path in kept_files(settings):
            progress(path)
            self.file(path, _short(path, settings))
        for name, url in servers(settings).items():
            self.server(url, name)
        return self.report

    def file(self, path: Path, name: str) -> None:
        """One file: its name, its bytes, what is inside it."""
        try:
            with path.open("rb") as stream:
                self.report.files += 1
                shown = self._name(name)
                is_database = stream.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
                stream.seek(0)
                raw_table = is_database or name.endswith(BESIDE_A_DATABASE[1:])
                self._known = dictionaries_at(_database_of(path)) if raw_table else {}
                self._stream(shown, stream, raw_table=raw_table)
        except FileNotFoundError:
            return  # gone since it was listed, so not kept
        except OSError as error:
            self._not_searched(self._name(name), error.strerror or "cannot be read")
            return
        if is_database:
            self._sqlite(path, shown)

    def server(self, url: str, name: str = "postgresql") -> None:
        """Every cell of every table of a PostgreSQL database, told under a name."""
        try:
            for cell in postgresql_cells(url):
                self._cell(name, cell)
        except SQLAlchemyError as error:
            self._not_searched(name, type(error).__name__)

    def _sqlite(self, path: Path, shown: str) -> None:
        try:
            for cell in sqlite_cells(path):
                self._cell(shown, cell)
        except sqlite3.Error as error:
            # Its bytes were searched all the same.
            self._not_searched(f"{shown} (cell by cell)", type(error).__name__)

    def _cell(self, database: str, cell: Cell) -> None:
        self.report.cells += 1
        column = f"{database}!{cell.table}.{cell.column}"
        place = f"{column} row {cell.row}"
        if (words := opened(cell.data, self._known)) is not None:
            self._found_in_cell(words, place, column)
            return
        if not is_compressed(cell.data):
            self._found_in_cell(cell.data, place, column)
            return
        for inner, leaf in leaves(place, io.BytesIO(cell.data)):
            try:
                # A ciphertext may begin like an archive: then its bytes are all there is.
                data = cell.data if isinstance(leaf, Unopened) else leaf.read()
            except DAMAGED:
                data = cell.data
            self._found_in_cell(data, inner, column)

    def _found_in_cell(self, data: bytes, place: str, column: str) -> None:
        for hit in self._matcher.hits(data, text=_is_text(data)):
            self.report.findings.add(Finding(hit.value.line, hit.value.masked, place, column))

    def _stream(self, name: str, stream: IO[bytes], *, raw_table: bool) -> None:
        for place, leaf in leaves(name, stream):
            shown = self._name(place)
            if isinstance(leaf, Unopened):
                self._not_searched(shown, str(leaf))
                continue
            self.report.streams += 1
            try:
                self._windows(shown, leaf, raw_table)
            except DAMAGED as error:
                self._not_searched(shown, f"damaged from some point on ({type(error).__name__})")

    def _windows(self, place: str, stream: IO[bytes], raw_table: bool) -> None:
        """Search piece by piece; the pieces overlap, and each hit counts in the piece where it begins."""
        edge = MARGIN + self._matcher.longest
        before, base = b"", 0
        piece = stream.read(WINDOW)
        while piece:
            self.report.bytes += len(piece)
            following = stream.read(WINDOW)
            data = before + piece + following[:edge]
            first, last = len(before), len(before) + len(piece)
            for hit in self._matcher.hits(data, text=_is_text(data), raw_table=raw_table):
                if first <= hit.start < last:
                    where = f"{place}:{base + hit.start - first}"
                    self.report.findings.add(Finding(hit.value.line, hit.value.masked, where, place))
            for at, words in lying_in(piece + following[:LONGEST], len(piece), self._known):
                for hit in self._matcher.hits(words, text=True):
                    where = f"{place}:{base + at} (in a turn)"
                    self.report.findings.add(Finding(hit.value.line, hit.value.masked, where, place))
            before, base, piece = data[:last][-edge:], base + len(piece), following

    def _name(self, name: str) -> str:
        """A name to print. A value in a name is a finding too, and must not be printed for it."""
        data = name.encode("utf-8", "surrogateescape")
        shown, last, found = "", 0, []
        for hit in sorted(self._matcher.hits(data, text=True), key=lambda hit: (hit.start, -hit.end)):
            found.append(hit.value)
            if hit.start >= last:
                shown += data[last : hit.start].decode("utf-8", "replace") + hit.value.masked
                last = hit.end
        shown += data[last:].decode("utf-8", "replace")
        for value in found:
            self.report.findings.add(Finding(value.line, value.masked, f"{shown} (its name)", shown))
        return shown

    def _not_searched(self, place: str, why: str) -> None:
        self.report.not_searched.append(f"{place}: {why}")


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return path.is_symlink()


def _database_of(path: Path) -> Path:
    """The database to which a file belongs: its journal, or the file itself."""
    ending = next((ending for ending in BESIDE_A_DATABASE[1:] if path.name.endswith(ending)), "")
    return path.with_name(path.name.removesuffix(ending)).absolute()


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        _without_cut_letters(data).decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_cut_letters(data: bytes) -> bytes:
    """Without what a window's edges left of letters: up to three bytes at either end."""
    first = next((i for i in range(min(4, len(data))) if data[i] & 0xC0 != 0x80), 0)
    lead = next((i for i in range(1, min(4, len(data)) + 1) if data[-i] & 0xC0 != 0x80), 0)
    return data[first:-lead] if lead and data[-lead] >= 0x80 else data[first:]


def _short(path: Path, settings: Settings) -> str:
    for root, name in ((settings.home, settings.home.name), (settings.project, "")):
        if path.is_relative_to(root.resolve()):
            return str(Path(name) / path.relative_to(root.resolve()))
    return str(path)


def earlier_findings(report: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """The places in the JSON of an earlier scan. Errors: `KeyError`, `TypeError` when it is none."""
    for found in report["found"]:
        yield int(found["line"]), str(found["masked"]), str(found["where"])
