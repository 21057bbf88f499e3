"""`tactful doctor`: what is in place, what is not, and what to do about it."""

import stat
from collections.abc import Callable

import httpx
import typer

from tactful.cli.train import model_path, rasa
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.privacy.policy import Policy
from tactful.store.database import Database, sqlite_file


def doctor() -> None:
    """Check this installation. Example: tactful doctor"""
    settings = Settings()
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("engine installed", lambda s: rasa(s.project)[0]),
        ("model for this data", _model),
        ("privacy.yml", lambda s: f"version {Policy.load(s.project / 'privacy.yml').version}"),
        ("database", _database),
        ("keys readable by their owner only", _keys),
        ("running", _running),
    ]
    failed = 0
    for title, check in checks:
        try:
            typer.echo(f"ok    {title}: {check(settings)}")
        except (TactfulError, OSError, httpx.HTTPError) as error:
            failed += 1
            sentence = str(error) if isinstance(error, TactfulError) else type(error).__name__
            typer.echo(f"FAIL  {title}: {sentence}")
    raise typer.Exit(1 if failed else 0)


def _model(settings: Settings) -> str:
    model = model_path(settings.project)
    if not model.exists():
        raise TactfulError("There is none. Run: tactful train")
    return model.name


def _database(settings: Settings) -> str:
    file = sqlite_file(settings.database)
    if file and not file.exists():
        raise TactfulError("There is none yet. It is made at the first start: make run")
    database = Database(settings.database)
    try:
        return f"schema {database.schema_version()}"
    finally:
        database.close()


def _keys(settings: Settings) -> str:
    if settings.master_key or settings.master_key_file:
        return "handed in"
    path = settings.home / "keys.json"
    if not path.exists():
        raise TactfulError("There are none yet. They are made at the first start: make run")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise TactfulError(f"Others can read {path}. Run: chmod 600 {path}")
    return str(path)


def _running(settings: Settings) -> str:
    address = f"http://127.0.0.1:{settings.port}"
    try:
        answer = httpx.get(f"{address}/readyz", timeout=15)
    except httpx.HTTPError:
        raise TactfulError(f"Nothing answers at {address}. Start it with: make run") from None
    if answer.status_code != httpx.codes.OK:
        away = [part for part, well in answer.json().items() if not well and part != "ready"]
        raise TactfulError(f"Not ready: {', '.join(away)}.")
    return address
