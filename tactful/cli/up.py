"""`tactful up`: door and engine, supervised, until Ctrl-C."""

import asyncio
import logging
import os
import signal
import socket
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Annotated

import httpx
import typer

from tactful.bootstrap import build
from tactful.cli.engine_files import write_endpoints
from tactful.cli.supervisor import Program, Supervisor
from tactful.cli.train import ensure_model, environment, rasa
from tactful.config import Settings
from tactful.console.links import PATH
from tactful.errors import SetupError
from tactful.store.crypto import KeyRing

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
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_ports(settings)
    model = ensure_model(settings.project)
    _log_to(log_file(settings), settings.log_level)
    asyncio.run(_run(settings, model))


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


def programs(settings: Settings, model: Path) -> list[Program]:
    """The engine and the door, with the secrets that only they share."""
    ring = KeyRing.from_settings(settings)
    secrets = {
        "TACTFUL_ENGINE_SECRET": ring.derive("engine-channel").hex(),
        "TACTFUL_ACTIONS_SECRET": ring.derive("actions").hex(),
    }
    endpoints = write_endpoints(settings, secrets["TACTFUL_ACTIONS_SECRET"])
    engine = [
        *rasa(settings.project),
        "run",
        *("--interface", "127.0.0.1", "--port", str(settings.engine_port)),
        *("--model", str(model), "--endpoints", str(endpoints)),
        *("--credentials", str(settings.project / "credentials.yml")),
    ]
    door = [sys.executable, "-m", "tactful.cli.door"]
    shared = environment(PYTHONUNBUFFERED="1", TACTFUL_HOME=str(settings.home))
    # The engine needs neither the master key nor the customers' database.
    engine_environment = {
        name: value
        for name, value in shared.items()
        if name not in {"TACTFUL_MASTER_KEY", "TACTFUL_MASTER_KEY_FILE", "TACTFUL_CUSTOMER_JWT_KEY", "DATABASE_URL"}
    }
    return [
        Program("engine", engine, settings.project, {**engine_environment, **secrets}),
        Program("door", door, settings.project, shared),
    ]


async def _run(settings: Settings, model: Path) -> None:
    supervisor = Supervisor(programs(settings, model))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    announcing = asyncio.create_task(_announce(settings))
    await supervisor.run()
    announcing.cancel()
    typer.echo("Stopped.")


async def _announce(settings: Settings) -> None:
    """Say where everything is, once it works."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    inside, address = f"http://{host}:{settings.port}", settings.address
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
    services = build(settings)
    try:
        token = services.accounts.first_link()
    finally:
        services.database.close()
    return settings.address + PATH + token if token else None


def log_file(settings: Settings) -> Path:
    """What supervisor, engine and door say; older files lie beside it."""
    return settings.home / "logs" / "tactful.log"


def _log_to(path: Path, level: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    console = logging.StreamHandler()
    if sys.stderr.isatty():  # who watches wants to know what runs and what fell; a collector of logs wants it all
        console.addFilter(lambda record: record.name not in {"tactful.engine", "tactful.door"})
    logging.basicConfig(
        level=level,
        format="%(asctime)s %(levelname)-7s %(name)s  %(message)s",
        handlers=[console, file],
    )
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
