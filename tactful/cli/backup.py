"""`tactful backup`: everything that this installation keeps in one sealed file, while it serves."""

from pathlib import Path
from typing import Annotated

import typer

from tactful.backup import making
from tactful.bootstrap import build
from tactful.config import Settings
from tactful.errors import SetupError


def backup(
    folder: Annotated[Path, typer.Argument(help="where to write it, best on another machine's disk")],
    keep: Annotated[float | None, typer.Option(help="then delete backups there that are older, in days")] = None,
) -> None:
    """Back everything up while doors serve; the keys are not in it. Example: tactful backup /mnt/backups --keep 30

    It is sealed with the installation's keys: without keys.json (or the master key) nobody can open it, you included.
    """
    settings = Settings()
    if not folder.is_dir():
        raise SetupError(f"{folder} is no folder. Make it first.")
    services = build(settings)
    services.database.check_schema()
    try:
        made = making.make(services, folder)
    except OSError as error:
        raise SetupError(f"The backup could not be written ({error.strerror}).") from None
    size = made.path.stat().st_size / 1_000_000
    typer.echo(f"{made.path}  {size:.1f} MB\nsha256 {made.sha256}\nin it: {', '.join(made.manifest.files)}")
    typer.echo("The keys are not in it. Keep them apart from it: " + _keys(settings))
    if keep is not None:
        for gone in making.prune(folder, keep, services.clock()):
            typer.echo(f"deleted {gone.name}, which is older than {keep:g} days")


def _keys(settings: Settings) -> str:
    given = settings.master_key or settings.master_key_file
    return "the master key that you hand in" if given else str(settings.home / "keys.json")
