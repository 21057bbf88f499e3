"""A Tactful of its own for a benchmark: started as anybody starts it, measured from outside, always ended."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from measure import ROOT, free_port, running

UNHURRIED = {f"TACTFUL_RATE_{what}": "1000000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}
ROLES = {
    "tactful.cli.door": "door",
    "tactful.privacy.worker": "detector",
    "tactful_engine.serve": "engine",
    "rasa": "engine",
    "up": "supervisor",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """A Tactful that runs: its address, its folder, how long it took until it was ready (s), its processes."""

    url: str
    home: Path
    ready_s: float
    pid: int

    def processes(self) -> dict[str, psutil.Process]:
        """Role → process: supervisor, door, detector, engine."""
        supervisor = psutil.Process(self.pid)
        found = {"supervisor": supervisor}
        for process in supervisor.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                found.setdefault(role_of(process.cmdline()), process)
        return found

    def memory_mb(self) -> dict[str, float]:
        """Role → proportional set size in MB: what is shared counts once, in shares."""
        return {role: process.memory_full_info().pss / 1e6 for role, process in self.processes().items()}

    def cpu_ms(self) -> dict[str, float]:
        """Role → milliseconds of processor time until now, in user's code and in the kernel."""
        times = {role: process.cpu_times() for role, process in self.processes().items()}
        return {role: (each.user + each.system) * 1000 for role, each in times.items()}

    def bytes_kept(self) -> dict[str, int]:
        """File name → bytes, of the databases and their journals."""
        return {path.name: path.stat().st_size for path in self.home.rglob("*.db*")}


def role_of(command: list[str]) -> str:
    return next((role for word, role in ROLES.items() if word in command), " ".join(command[-2:]))


@contextlib.contextmanager
def installation(home: Path, **settings: str) -> Iterator[Installation]:
    """Tactful as `tactful up` starts it, with this home, until the block is left. `settings`: environment."""
    port = free_port()
    environment = {**UNHURRIED, "TACTFUL_HOME": str(home), "TACTFUL_PORT": str(port), "DATABASE_URL": "", **settings}
    url, began = f"http://127.0.0.1:{port}", time.monotonic()
    with running([str(ROOT / ".venv/bin/tactful"), "up"], ROOT, environment, f"{url}/readyz", home / "up.log") as pid:
        yield Installation(url, home, time.monotonic() - began, pid)
