"""A door and an engine that a test starts and kills, each a process of its own over one home."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tactful.config import Settings
from tactful.installation import engine_secret
from tactful.store.crypto import KeyRing
from tests.conftest import ROOT, free_port

READY_S = 120
HERE = Path(__file__).parent
STAND_IN = HERE / "stand_in.py"
GENEROUS = {f"TACTFUL_RATE_{what}": "1000000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}


class Doors:
    """The process that forks doors (`doors.py`)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "doors.py")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def start(self, environment: dict[str, str], log: Path, fault: dict[str, Any] | None = None) -> int:
        """The process id of a new door."""
        assert self._process.stdin
        asked = {"environment": environment, "log": str(log), "fault": fault}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@dataclass
class Pair:
    """Door and engine of one home. `engine_command`: another engine than the stand-in, with its environment."""

    home: Path
    doors: Doors
    port: int = field(default_factory=free_port)
    engine_port: int = 0
    extra: dict[str, str] = field(default_factory=dict)
    engine_command: tuple[list[str], dict[str, str]] | None = None
    door: int = 0
    engine: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.engine_port = self.engine_port or self.port + 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, port=self.port, engine_port=self.engine_port)

    @property
    def log(self) -> Path:
        return self.home / "logs" / "door.log"

    def mode(self, how: str) -> None:
        """How the stand-in misbehaves from now on."""
        (self.home / "mode").write_text(how)

    def clock(self, ahead_s: float) -> None:
        """How far ahead the door's clock is from now on."""
        file = self.home / f"clock-{self.port}"
        file.with_suffix(".new").write_text(str(ahead_s))
        file.with_suffix(".new").replace(file)

    def finding(self, how: str) -> None:
        """How the detector misbehaves from now on."""
        (self.home / "finder").write_text(how)

    def start_door(self, point: str = "", nth: int = 1) -> None:
        """Start it; with a point, to be killed there."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        environment = {
            **GENEROUS,
            "TACTFUL_HOME": str(self.home),
            "TACTFUL_PORT": str(self.port),
            "TACTFUL_DETECTOR_BUDGET_MS": "5000",
            "TACTFUL_ENGINE_PORT": str(self.engine_port),
            "FINDER": str(self.home / "finder"),
            "CLOCK": str(self.home / f"clock-{self.port}"),
            **self.extra,
        }
        self.door = self.doors.start(environment, self.log, {"point": point, "nth": nth} if point else None)

    def start_engine(self, point: str = "", nth: int = 1) -> None:
        command, environment = self.engine_command or (
            [sys.executable, "-S", "-E", str(STAND_IN), str(self.engine_port), str(self.home)],
            {
                "PATH": os.environ["PATH"],
                "TACTFUL_ENGINE_SECRET": engine_secret(self.settings, KeyRing.from_settings(self.settings)),
            },
        )
        fault = {"FAULT": json.dumps({"point": point, "nth": nth})} if point else {}
        with (self.home / "engine.log").open("ab") as log:
            self.engine = subprocess.Popen(command, cwd=ROOT, env={**environment, **fault}, stdout=log, stderr=log)

    def kill_door(self) -> None:
        if self.door:
            try:
                os.kill(self.door, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def kill_engine(self) -> None:
        if self.engine:
            self.engine.kill()
            self.engine.wait()

    @property
    def door_lives(self) -> bool:
        return bool(self.door) and Path(f"/proc/{self.door}").exists()

    @property
    def engine_lives(self) -> bool:
        return self.engine is not None and self.engine.poll() is None

    async def gone(self, *, door: bool = False, engine: bool = False, seconds: float = 60) -> None:
        """Wait until the named ones have ended."""
        async with asyncio.timeout(seconds):
            while (door and self.door_lives) or (engine and self.engine_lives):
                await asyncio.sleep(0.01)

    async def ready(self, path: str = "/readyz", *, or_gone: bool = False) -> None:
        """Wait until both work, or, with `/healthz`, the door alone. `or_gone`: it may die before it is seen alive."""
        async with asyncio.timeout(READY_S), httpx.AsyncClient() as http:
            while True:
                try:
                    if (await http.get(self.url + path, timeout=15)).status_code == httpx.codes.OK:
                        return
                except httpx.HTTPError:
                    if or_gone and not self.door_lives:
                        return
                    assert self.door_lives, "the door ended: " + self.log.read_text()[-2000:]
                await asyncio.sleep(0.02)

    def end(self) -> None:
        self.kill_door()
        self.kill_engine()
