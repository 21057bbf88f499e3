"""An installation of several machines, on ports of this one: doors and engines over one PostgreSQL, behind nginx."""

import base64
import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import create_engine, make_url, text

ROOT = Path(__file__).resolve().parent.parent.parent
STARTING_S = 240
STOPPING_S = 30
# Starts every machine: for Linux the parent is the thread that started it, and a test's own thread ends too soon.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="machines")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
GENEROUS = {f"TACTFUL_RATE_{what}": "1000000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}
MAIN = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/tactful.conf;
}}
"""


@dataclass
class Machine:
    """A process that stands for a machine: with a home, an environment and a port of its own."""

    name: str
    command: Sequence[str]
    home: Path
    port: int
    environment: Mapping[str, str] = field(repr=False)
    ready: str  # path that answers 200 once it can work
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    folder: Path = ROOT
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as output:
            self.process = _STARTER.submit(
                subprocess.Popen,
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment, "TACTFUL_HOME": str(self.home)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            ).result()

    def kill(self) -> None:
        """As a machine that loses power: the process and what it started are gone."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOPPING_S)

    def stop(self) -> int:
        """As who takes it out of service: asked to stop, it ends by itself; its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPPING_S)

    def wait(self) -> None:
        """Until it is ready. Errors: `AssertionError` with the end of its log."""
        deadline = time.monotonic() + STARTING_S
        while time.monotonic() < deadline:
            assert self.process
            assert self.process.poll() is None, f"{self.name} ended:\n{self.log.read_text(errors='replace')[-3000:]}"
            try:
                if httpx.get(self.url + self.ready, headers=self.headers, timeout=15).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"{self.name} did not come up:\n{self.log.read_text(errors='replace')[-3000:]}")

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOPPING_S)
            except subprocess.TimeoutExpired:
                pass
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait(STOPPING_S)


@dataclass
class Installation:
    """Machines, and where customers come in."""

    doors: list[Machine]
    engines: list[Machine]
    proxy: Machine
    database: str
    trackers: str
    shared: Mapping[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        return self.proxy.url


@contextmanager
def installation(
    server: str, folder: Path, ports: Sequence[int], *, pairs: int = 2, more: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """Start `pairs` doors and engines, and nginx before them; ended with the block. `ports`: three a pair and one."""
    with databases(server) as (database, trackers):
        made = _made(folder, ports, pairs, database, trackers, more or {})
        machines = [*made.engines, *made.doors, made.proxy]
        try:
            for machine in machines:
                machine.start()
            for machine in machines:
                machine.wait()
            yield made
        finally:
            for machine in reversed(machines):
                machine.end()


@contextmanager
def databases(server: str) -> Iterator[tuple[str, str]]:
    """Two fresh databases of a PostgreSQL server: the doors', and one for Rasa's conversations with its own user."""
    name = f"many{time.time_ns()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        connection.execute(text(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC"))
        connection.execute(text(f"CREATE ROLE {name}_engine LOGIN"))
        connection.execute(text(f"CREATE DATABASE {name}_trackers OWNER {name}_engine"))
    here = make_url(server)
    try:
        yield (
            _libpq(here.set(database=name).render_as_string(hide_password=False)),
            _libpq(
                here.set(database=f"{name}_trackers", username=f"{name}_engine").render_as_string(hide_password=False)
            ),
        )
    finally:
        with admin.connect() as connection:
            for each in (name, f"{name}_trackers"):
                connection.execute(text(f"DROP DATABASE {each} WITH (FORCE)"))
            connection.execute(text(f"DROP ROLE {name}_engine"))
        admin.dispose()


def _end_with_parent() -> None:
    """A test run that is killed outright leaves no machine behind (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _made(
    folder: Path, ports: Sequence[int], pairs: int, database: str, trackers: str, more: Mapping[str, str]
) -> Installation:
    door_ports, engine_ports, action_ports = (ports[i * pairs : (i + 1) * pairs] for i in range(3))
    between = {"TACTFUL_ENGINE_SECRET": secrets.token_hex(32), "TACTFUL_ACTIONS_SECRET": secrets.token_hex(32)}
    shared = {
        **GENEROUS,
        **between,
        "TACTFUL_DETECTOR_BUDGET_MS": "5000",
        "TACTFUL_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "TACTFUL_TOMBSTONES": str(folder / "tombstones"),
        "TACTFUL_ENGINE_URLS": ",".join(f"http://127.0.0.1:{port}" for port in engine_ports),
        "TACTFUL_TRACKER_URL": trackers,
        "DATABASE_URL": database,
        **more,
    }
    # No master key, and of the databases only Rasa's.
    engines = {
        **between,
        "TACTFUL_TRACKER_URL": trackers,
        "TACTFUL_ACTIONS_URLS": ",".join(f"http://127.0.0.1:{port}" for port in action_ports),
    }
    tactful = [sys.executable, "-m", "tactful.cli.main"]
    return Installation(
        [
            Machine(
                f"door-{number}",
                [*tactful, "door", "--port", str(port)],
                folder / f"door-{number}",
                port,
                {**shared, "TACTFUL_ACTIONS_PORT": str(actions)},
                "/readyz",
            )
            for number, (port, actions) in enumerate(zip(door_ports, action_ports, strict=True), 1)
        ],
        [
            Machine(
                f"engine-{number}",
                [*tactful, "engine", "--port", str(port)],
                folder / f"engine-{number}",
                port,
                engines,
                "/webhooks/door/ready",
                {"Authorization": f"Bearer {between['TACTFUL_ENGINE_SECRET']}"},
            )
            for number, port in enumerate(engine_ports, 1)
        ],
        proxy(folder / "proxy", ports[3 * pairs], door_ports),
        database,
        trackers,
        shared,
    )


def proxy(folder: Path, port: int, doors: Sequence[int]) -> Machine:
    """nginx with the configuration that we ship, for these ports."""
    folder.mkdir(parents=True)
    shipped = (ROOT / "deploy/nginx/tactful.conf").read_text(encoding="utf-8")
    server = next(line for line in shipped.splitlines() if "door-1.internal" in line)
    other = next(line for line in shipped.splitlines() if "door-2.internal" in line)
    lines = "\n".join(server.replace("door-1.internal:8380", f"127.0.0.1:{door}") for door in doors)
    conf = shipped.replace(other + "\n", "").replace(server, lines).replace("listen 8080;", f"listen 127.0.0.1:{port};")
    (folder / "tactful.conf").write_text(conf, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    command = [NGINX or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return Machine("nginx", command, folder, port, {}, "/healthz")
