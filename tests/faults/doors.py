"""Doors that start in a moment: one process imports everything, and forks a door whenever it is asked for one.

Run as a script: a line of JSON in ({"environment", "log", "fault"}), a process id out. What is
forked runs `tactful.cli.door` as `tactful up` does, with `finder.py` for a detector: the real one loads for seconds.
"""

import asyncio
import faulthandler
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import points  # a neighbour: this runs as a script
import yaml

from tactful.bootstrap import Services, build
from tactful.cli import door
from tactful.config import Settings
from tactful.privacy.isolated import IsolatedDetector
from tactful.processes import die_with_parent
from tactful.web.actions import rasa_domain
from tactful.web.app import door_app

FINDER = (sys.executable, "-S", "-E", str(Path(__file__).parent / "finder.py"))


def with_a_quick_detector(settings: Settings) -> Services:
    """The door's services as they are, and the detector that starts at once."""
    services = build(settings)
    policy = settings.project / "privacy.yml"
    services.detector = IsolatedDetector(policy, settings.detector_budget_ms, settings.detector_workers, command=FINDER)
    return services


def follow_clock(file: Path) -> None:
    """This process's clock is as many seconds ahead of the true one as the file says, from one call to the next."""
    true = time.time

    def now() -> float:
        return true() + (float(file.read_text()) if file.exists() else 0.0)

    time.time = now
    Services.clock = staticmethod(lambda: int(now() * 1000))


def serve(asked: dict[str, Any]) -> None:
    """Be a door until killed."""
    die_with_parent()
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(asked["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    faulthandler.register(signal.SIGUSR1)  # for `stalls.py`
    signal.signal(signal.SIGUSR2, _print_tasks)
    if ahead := os.environ.get("CLOCK"):
        follow_clock(Path(ahead))
    if asked["fault"]:
        points.install(**asked["fault"])
    door.build = with_a_quick_detector
    door.main()


def _print_tasks(*_: object) -> None:
    """What each task waits for: places in the code, no values."""
    for task in asyncio.all_tasks():
        task.print_stack(limit=4, file=sys.stderr)


def prepare() -> None:
    """Load what is loaded when it is first needed, so that no door has to."""
    yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc,assignment]
    with tempfile.TemporaryDirectory() as folder:
        services = build(Settings(home=Path(folder)))
        services.database.migrate()
        door_app(services)
        rasa_domain(services.settings.project)
        services.database.close()


def main() -> None:
    prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                serve(asked)
            finally:
                sys.stdout.flush()
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
