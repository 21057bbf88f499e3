"""Exports over real Dask workers, with a detector's process that needs no models unless a test says otherwise."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from tactful.bulk import workers
from tactful.bulk.documents import Options
from tactful.bulk.export import Export
from tests.conftest import ROOT

STAND_IN = (sys.executable, str(ROOT / "tests/bulk/stand_in.py"))
BUDGET_MS = 100

Opened = Callable[[], AbstractContextManager[Client]]
Redact = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Client]:
    with workers.local(2) as client:
        yield client


@pytest.fixture
def opened(two_workers: Client) -> Opened:
    return lambda: nullcontext(two_workers)


@pytest.fixture
def redact(tmp_path: Path, opened: Opened) -> Redact:
    """Redact archives into `out`; the manifest."""

    def run(*sources: Path | str, out: Path = tmp_path / "out", **options: Any) -> dict[str, Any]:
        return export(*sources, out=out, **options).run(opened)

    return run


def export(*sources: Path | str, out: Path, salt_file: Path | None = None, **options: Any) -> Export:
    policy = options.pop("policy", ROOT / "privacy.yml")
    chosen = Options(**options)
    return Export([str(source) for source in sources], out, chosen, policy, BUDGET_MS, salt_file, STAND_IN)


@contextmanager
def nobody() -> Iterator[Client]:
    pytest.fail("nothing was left to do")
    yield


def json_lines(path: Path, *rows: object) -> Path:
    text = "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
