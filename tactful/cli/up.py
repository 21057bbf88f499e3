"""`tactful up`: door and engine, supervised, until Ctrl-C."""

import asyncio
import fcntl
import logging
import math
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Annotated

import httpx
import typer

from tactful.cli.engine_files import fit_for_an_engine, write_endpoints
from tactful.cli.hanging import Health
from tactful.cli.modelling import ONE_THREAD, ensure_model, model_path, register, serving
from tactful.cli.supervisor import Program, Supervisor
from tactful.cli.swapping import Swapping
from tactful.cli.walled import health_of
from tactful.cli.warming import Serving
from tactful.config import Settings
from tactful.errors import SetupError
from tactful.installation import actions_secret, engine_secret, registry
from tactful.learn.asking import environment
from tactful.learn.exported import exported
from tactful.learn.model_files import name_of, verify
from tactful.learn.models import CHAMPION, Model
from tactful.logs import passing
from tactful.logs.formats import FORMATS, AsText
from tactful.logs.passing import Hearing
from tactful.logs.setup import writing
from tactful.logs.wall import Wall
from tactful.restarts import Restarts, file_of
from tactful.store.crypto import KeyRing
from tactful.store.places import is_sqlite

log = logging.getLogger("tactful.up")

STARTING_S = 180
LOG_BYTES, LOG_FILES = 5_000_000, 4


def up(
    port: Annotated[int | None, typer.Option(help="port of the door; the next two are used on loopback")] = None,
) -> None:
    """Start the door and the engine and keep them running. Example: tactful up --port 9000"""
    if port is not None:
        os.environ["TACTFUL_PORT"] = str(port)
    settings = Settings()
    os.umask(0o077)  # what is kept is for its owner only, Rasa's store included
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_ports(settings)
    if not is_sqlite(settings.tracker_database) and not settings.tracker_url:
        typer.echo(
            "The engine uses the door's login to PostgreSQL. Give it its own: TACTFUL_TRACKER_URL. See SECURITY.md"
        )
    model = served(settings)
    with alive(settings), writing(settings, _outputs(settings)) as wall:
        asyncio.run(_run(settings, model, wall))


@contextmanager
def alive(settings: Settings) -> Iterator[None]:
    """Hold the lock that says that a supervisor of this installation runs. Errors: `SetupError` when another does."""
    path = settings.home / "run" / "up.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError(
                f"Tactful runs already with {settings.home}. Another needs another TACTFUL_HOME."
            ) from None
        yield


def running(settings: Settings) -> bool:
    """Whether a supervisor of this installation runs."""
    try:
        with alive(settings):
            return False
    except SetupError:
        return True


def served(settings: Settings) -> Model:
    """The model that answers customers: the champion, or the one for the data as it is now where nobody promoted any.

    Errors: `ModelChanged` when its file is not the one that was registered; `NotFound`, `SetupError`.
    """
    models = registry(settings)
    if champion := models.state().alias(CHAMPION):
        verify(champion)
        if name_of(model_path(settings.project)) != champion.name:
            typer.echo(f"{champion.name} answers, which was promoted; the data is another now. See: tactful train")
        return champion
    if exported(settings.project):
        # Only here: it takes a door's parts to tell who may teach, and seconds to import them.
        lessons = import_module("tactful.cli.train").Lessons(settings, migrate=True)
        model: Model = lessons.learned(models, ensure_model(settings.project))
    else:
        model = register(models, settings.project, ensure_model(settings.project))
    models.serve(model.name)
    return model


def check_ports(settings: Settings) -> None:
    """Errors: `SetupError` that names the port which is taken and how to choose another."""
    for variable, host, port in (
        ("TACTFUL_PORT", settings.host, settings.port),
        ("TACTFUL_ENGINE_PORT", "127.0.0.1", settings.engine_port),
        ("TACTFUL_ACTIONS_PORT", "127.0.0.1", settings.actions_port),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise SetupError(
                    f"Port {port} is taken. Choose another, for example: make run PORT={settings.port + 10}"
                    if variable == "TACTFUL_PORT"
                    else f"Port {port} is taken. Choose another, for example: {variable}={port + 10} make run"
                ) from None


def programs(settings: Settings, model: Model, mark: str = "") -> list[Program]:
    """The engine and the door, with the secrets that only they share. `mark`: of the lines that the door has read."""
    door = [sys.executable, "-m", "tactful.cli.door"]
    pointer = {"TACTFUL_ENGINE_POINTER": str(pointer_file(settings)), passing.VARIABLE: mark}
    return [
        engine(settings, model, "engine", settings.engine_port),
        Program("door", door, settings.project, {**_shared(settings), **pointer}, health=_health_of_door(settings)),
    ]


def _health_of_door(settings: Settings) -> Health:
    """Asked where only engines ask, on the same event loop: a crowd at the front must not pass for a hang.

    Before its first answer it may migrate the database, which takes as long as it takes.
    """
    return Health(f"http://{_reached(settings.actions_host)}:{settings.actions_port}/", loading_s=math.inf)


def _reached(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def engine(settings: Settings, model: Model, name: str, port: int) -> Program:
    """An engine with a model, on a loopback port. Before each start the model's file is verified."""
    ring = KeyRing.from_settings(settings)
    secrets = {
        "TACTFUL_ENGINE_SECRET": engine_secret(settings, ring),
        "TACTFUL_ACTIONS_SECRET": actions_secret(settings, ring),
    }
    endpoints = write_endpoints(settings, secrets["TACTFUL_ACTIONS_SECRET"])
    command = [
        *serving(settings.project),
        *("--interface", "127.0.0.1", "--port", str(port)),
        *("--model", model.file, "--endpoints", str(endpoints)),
        *("--credentials", str(settings.project / "credentials.yml")),
    ]
    own = {**fit_for_an_engine(_shared(settings)), **ONE_THREAD, **secrets}
    health = health_of(f"http://127.0.0.1:{port}", secrets["TACTFUL_ENGINE_SECRET"], settings.turn_deadline_s)
    return Program(name, command, settings.project, own, partial(verify, model), health=health)


def pointer_file(settings: Settings) -> Path:
    """Where the supervisor says which engine answers."""
    return settings.home / "run" / "engine.json"


def _shared(settings: Settings) -> dict[str, str]:
    # Each thread would get a heap of its own, which is never given back.
    return environment(PYTHONUNBUFFERED="1", MALLOC_ARENA_MAX="2", TACTFUL_HOME=str(settings.home))


async def _run(settings: Settings, model: Model, wall: Wall) -> None:
    mark = passing.new_mark()
    hearing = Hearing(mark)

    def heard(program: str, printed: str) -> None:
        if line := hearing.line(program, printed):
            wall.take(line)

    restarts = Restarts(file_of(settings.home))
    supervisor = Supervisor(programs(settings, model, mark), heard, restarts.add)
    swapping = Swapping(
        supervisor,
        registry(settings),
        pointer_file(settings),
        lambda new, name, port: engine(settings, new, name, port),
        Serving(model, "engine", settings.engine_port),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    others = [asyncio.create_task(_announce(settings)), asyncio.create_task(swapping.watch())]
    await supervisor.run()
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    typer.echo("Stopped.")


async def _announce(settings: Settings) -> None:
    """Say where everything is, once it works."""
    inside, address = f"http://{_reached(settings.host)}:{settings.port}", settings.address
    typer.echo(f"Starting … (what engine and door say: {log_file(settings)})")
    async with httpx.AsyncClient(base_url=inside, timeout=15) as client:
        for _ in range(STARTING_S * 2):
            await asyncio.sleep(0.5)
            try:
                if (await client.get("/readyz")).status_code == httpx.codes.OK:
                    break
            except httpx.HTTPError:
                continue
        else:
            typer.echo(f"Not ready after {STARTING_S} s. See {log_file(settings).parent} and: tactful doctor", err=True)
            return
    typer.echo(
        f"\nTactful is ready.\n"
        f"  demo page and widget   {address}/\n"
        f"  the agents' console    {address}/console\n"
        f"  what is kept and why   {address}/privacy\n"
        f"  the API                {address}/api/docs\n"
        f"  health                 {address}/readyz\n"
        f"  data and logs          {settings.home}\n"
        f"Stop with Ctrl-C.\n"
    )
    if link := await asyncio.to_thread(_first_link, settings):
        typer.echo(
            f"The console has no account yet. This link makes the first administrator. It works once, for "
            f"{settings.console_link_hours} hours:\n  {link}\n"
        )


def _first_link(settings: Settings) -> str | None:
    """The first administrator's link, for this terminal only; None once there is an account."""
    asking = [sys.executable, "-m", "tactful.cli.first_link"]
    made = subprocess.run(
        asking, cwd=settings.project, env=_shared(settings), stdout=subprocess.PIPE, text=True, check=False
    )
    path = made.stdout.strip()
    return settings.address + path if made.returncode == 0 and path else None


def log_file(settings: Settings) -> Path:
    """What supervisor, engine and door say; older files lie beside it."""
    return settings.home / "logs" / "tactful.log"


def _outputs(settings: Settings) -> list[logging.Handler]:
    """The log's file, and standard error."""
    path = log_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    console = logging.StreamHandler()
    for output in (file, console):
        output.setFormatter(FORMATS[settings.log_format]())
    if sys.stderr.isatty():  # who watches wants to know what runs and what fell; a collector of logs wants it all
        console.setFormatter(AsText())
        console.addFilter(lambda record: record.name.startswith(("tactful.cli", "tactful.up")))
    return [console, file]
