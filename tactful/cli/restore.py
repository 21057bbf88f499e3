"""`tactful restore`: a backup back into an empty place."""

from pathlib import Path
from typing import Annotated

import typer

from tactful.backup import restoring
from tactful.bootstrap import build
from tactful.cli.up import running
from tactful.config import Settings
from tactful.errors import SetupError
from tactful.store.keyring import KeyFile, source_of
from tactful.store.refusals import NAME
from tactful.times import iso


def restore(
    backup: Annotated[Path, typer.Argument(help="file that tactful backup wrote")],
    tombstones: Annotated[
        Path | None, typer.Option(help="today's erased.tombstones, if it is not in its place already")
    ] = None,
    refusals: Annotated[
        Path | None, typer.Option(help="today's withdrawn.refusals; empty means the one beside --tombstones")
    ] = None,
    no_tombstones: Annotated[
        bool, typer.Option("--no-tombstones", help="it is lost, or there never was one: erasures since come undone")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="only read the backup to its end")] = False,
) -> None:
    """Put a backup into TACTFUL_HOME, which must be empty but for the keys. Example: tactful restore FILE --check

    Who was erased after the backup is erased again, by today's tombstones, and what was withdrawn stays withdrawn, by
    today's refusals; the audit log goes on with a new anchor.
    """
    settings = Settings()
    source = source_of(settings)
    if isinstance(source, KeyFile) and not source.path.exists():
        raise SetupError(f"The keys are not in {settings.home}. Put keys.json there first, readable by you only.")
    services = build(settings)
    if check:
        manifest = restoring.look(services, backup)
        typer.echo(f"Whole: made {iso(manifest.made_at)}, {manifest.store}, {', '.join(manifest.files)}")
        return
    if running(settings):
        raise SetupError("Tactful runs here. Stop it first.")
    if tombstones and not tombstones.exists():
        raise SetupError(f"There is no file {tombstones}.")
    if not (tombstones or services.tombstones.path.exists() or no_tombstones):
        raise SetupError(
            "Who was erased since the backup is not known. Give today's file: --tombstones FILE. "
            "If it is lost, or nobody was ever erased: --no-tombstones"
        )
    if refusals and not refusals.exists():
        raise SetupError(f"There is no file {refusals}.")
    refusals = refusals or (tombstones and tombstones.with_name(NAME))
    done = restoring.restore(services, backup, tombstones, refusals, told=typer.echo)
    typer.echo(f"Restored: what was at {iso(done.manifest.made_at)}.")
    if done.lost:
        typer.echo(f"The audit log lacks {done.lost} entries that were written after it; the old anchor was put aside.")
    if done.chain.bad is not None:
        typer.echo(f"The audit log in the backup was not whole: {done.chain.why}", err=True)
    if done.refused:
        typer.echo(f"What {len(done.refused)} customers withdrew, objected to or had paused since is in force again.")
    if done.unsure is not None:
        typer.echo(
            f"What customers withdrew since is not known, for want of today's {NAME}. So {done.unsure} customers "
            "allow nothing any more: no advice fitted to them, no reading, no training, until they say yes again. "
            "What they had paused is not known either.",
            err=True,
        )
    typer.echo("What customers corrected or allowed since is not in it. Start with: tactful up")
