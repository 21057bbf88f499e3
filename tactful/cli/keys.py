"""`tactful keys …`: the keys that wrap every customer's own data key."""

import sys

import typer

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.store.audit import Actor, Role
from tactful.store.keyring import KeyFile, source_of
from tactful.store.rotation import KeyRotation

keys = typer.Typer(help="List, rotate and retire the installation's keys.", no_args_is_help=True)

OPERATOR = Actor(Role.OPERATOR)


@keys.command("list")
def list_keys() -> None:
    """Every key and how many data keys it wraps. Example: tactful keys list"""
    services, rotation = _parts()
    wrapped = rotation.wrapped()
    for key_id in services.ring.ids:
        current = "  current" if key_id == services.ring.current else ""
        typer.echo(f"{key_id}  wraps {wrapped.pop(key_id, 0)}{current}")
    for key_id, count in wrapped.items():
        typer.echo(f"{key_id}  wraps {count}  MISSING from the ring: these customers' values cannot be read", err=True)
    raise typer.Exit(1 if wrapped else 0)


@keys.command()
def rotate() -> None:
    """Add a key and wrap every data key by it, while doors serve. Example: tactful keys rotate

    Broken off, it is finished by running it again. The old key stays until it is retired.
    """
    _, rotation = _parts()
    done = rotation.rotate(OPERATOR, _progress)
    how = "is new and" if done.new else "finishes an earlier rotation and"
    typer.echo(f"Key {done.current} {how} wraps everything now; {done.rewrapped} data keys were wrapped again.")


@keys.command()
def retire(key_id: str) -> None:
    """Remove a key that wraps nothing any more. Example: tactful keys retire 1f0c5a2e"""
    _, rotation = _parts()
    rotation.retire(key_id, OPERATOR)
    typer.echo(f"Key {key_id} is gone from the ring. Backups of it can be destroyed.")


def _parts() -> tuple[Services, KeyRotation]:
    settings = Settings()
    services = build(settings)
    services.database.check_schema()
    source = source_of(settings)
    file = source if isinstance(source, KeyFile) else None
    return services, KeyRotation(services.database, services.ring, file, services.audit)


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} data keys wrapped again")
        sys.stderr.flush()
