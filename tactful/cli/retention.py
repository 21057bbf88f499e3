"""`tactful retention …`: what is past its end date goes."""

import sys
from typing import Annotated

import typer

from tactful.bootstrap import build
from tactful.config import Settings
from tactful.store.audit import Actor, Role

retention = typer.Typer(help="Delete what is past its end date; the door does so by itself, too.", no_args_is_help=True)


@retention.callback()
def _group() -> None:
    """A single command stays a command with a name."""


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count, change nothing")] = False,
) -> None:
    """Delete everything that is past its end date, and count it. Example: tactful retention run --dry-run

    Can be broken off and run again at any time, also while doors serve.
    """
    services = build(Settings())
    services.database.check_schema()
    if not dry_run:
        for subject_id in services.housekeeping.erase_returned():
            typer.echo(f"erased again: {subject_id}, whom a restored backup had brought back")
    counts = dict(services.retention.run(Actor(Role.OPERATOR), dry_run=dry_run, told=_progress))
    if not dry_run:
        counts["refusals"] = services.housekeeping.forget_refusals()
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
    for table, count in sorted(counts.items()):
        typer.echo(f"{table}: {count} {'due' if dry_run else 'deleted'}")


def _progress(table: str, count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2K{table}: {count}")
        sys.stderr.flush()
