"""`tactful redact ARCHIVE… --out DIR`: an export, with its progress on the terminal and its outcome in a line."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tactful.bulk import manifest, workers
from tactful.bulk.export import Export
from tactful.bulk.export import Progress as Told
from tactful.errors import SetupError


def redact_archives(export: Export, count: int | None, scheduler: str | None, *, restart: bool) -> int:
    """Run the export; 1 when a document was withheld, else 0."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    opened = partial(workers.cluster, scheduler) if scheduler else partial(workers.local, count or cores)
    try:
        with _bar() as told:
            finished = export.run(opened, restart=restart, progress=told)
    except OSError as error:
        raise SetupError(f"{export.out}: {error.strerror or 'cannot be written'}; start again to go on.") from None
    withheld = finished["withheld"]
    spans = sum(finished["spans"].values())
    typer.echo(f"{finished['documents']} documents, {spans} spans replaced: {export.out}")
    if withheld:
        typer.echo(f"tactful: {_places(withheld)} withheld; why: {export.out / manifest.NAME}", err=True)
    return 1 if withheld else 0


def _places(withheld: list[dict[str, Any]]) -> str:
    rows = ", ".join(f"{each['archive']}:{each['row']}" for each in withheld[:3])
    more = f" and {len(withheld) - 3} more" if len(withheld) > 3 else ""
    return f"{rows}{more} {'was' if len(withheld) == 1 else 'were'}"


@contextmanager
def _bar() -> Iterator[Told]:
    """A bar on standard error, if somebody watches it."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    columns = (
        TextColumn("redacting"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("redacting", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
