"""`tactful engine`: one engine as a process, for doors on this machine or on others."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tactful.cli.engine_files import fit_for_an_engine, write_endpoints
from tactful.cli.modelling import model_path, serving
from tactful.cli.walled import command as behind_the_wall
from tactful.config import Settings
from tactful.errors import SetupError
from tactful.installation import actions_secret, engine_secret
from tactful.learn.asking import environment
from tactful.learn.model_files import hash_of
from tactful.store.crypto import KeyRing


def engine(
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
    model: Annotated[Path | None, typer.Option(help="model to serve; empty means the one for the data here")] = None,
    sha256: Annotated[str, typer.Option(help="what the model's file must hash to; without it, it is not checked")] = "",
) -> None:
    """Start an engine alone (docs/many_machines.md). Example: tactful engine --port 8381 --model models/m.tar.gz

    What it prints is read for personal data before it is written; one that ends or hangs is started again.
    Stopped by SIGTERM, it ends the turns under way first.
    """
    settings = Settings()
    listening = port or settings.engine_port
    shown_by_doors, shown_to_doors = shared_secrets(settings)
    command = arguments(settings, checked(settings, model, sha256), listening, shown_to_doors)
    typer.echo(f"Engine on {settings.engine_host}:{listening}, custom actions from {', '.join(settings.actions)}")
    own = {**fit_for_an_engine(environment(PYTHONUNBUFFERED="1")), "TACTFUL_ENGINE_SECRET": shown_by_doors}
    os.chdir(settings.project)
    os.environ.clear()  # no secret of the door's stays
    os.environ.update(own)
    # What led here imports more than what stays.
    walled = behind_the_wall("engine", address(settings, listening), command)
    os.execv(walled[0], walled)  # noqa: S606


def address(settings: Settings, port: int) -> str:
    """Where an engine is reached from its own machine."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
    return f"http://{everywhere.get(settings.engine_host, settings.engine_host)}:{port}"


def arguments(settings: Settings, model: Path, port: int, actions: str) -> list[str]:
    """The engine's command line for this model and port."""
    return [
        *serving(settings.project),
        *("--interface", settings.engine_host, "--port", str(port)),
        *("--model", str(model), "--endpoints", str(write_endpoints(settings, actions))),
        *("--credentials", str(settings.project / "credentials.yml")),
    ]


def shared_secrets(settings: Settings) -> tuple[str, str]:
    """What doors show engines, and engines doors: set, or made from the installation's master key.

    Errors: `SetupError` when neither is here; a key made now would be another than the doors'.
    """
    if settings.engine_secret and settings.actions_secret:
        return settings.engine_secret, settings.actions_secret
    if not (settings.master_key or settings.master_key_file or (settings.home / "keys.json").exists()):
        raise SetupError("Set TACTFUL_ENGINE_SECRET and TACTFUL_ACTIONS_SECRET to the same values as at the doors.")
    ring = KeyRing.from_settings(settings)
    return engine_secret(settings, ring), actions_secret(settings, ring)


def checked(settings: Settings, model: Path | None, sha256: str) -> Path:
    """The model to serve. Errors: `SetupError` when it is not there or not the one that was meant."""
    path = model.resolve() if model else model_path(settings.project)
    if not path.exists():
        raise SetupError(f"There is no model {path.name}. Run: tactful train")
    if sha256 and hash_of(path) != sha256.lower():
        raise SetupError(f"{path.name} is not the file that was meant: its SHA-256 is another.")
    return path
