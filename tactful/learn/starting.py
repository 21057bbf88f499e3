"""Long work beside the door: started as a process of its own, which goes on when the door ends."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from tactful.config import Settings
from tactful.errors import Unavailable
from tactful.learn.jobs import Busy, Job, Jobs

MODULE = "tactful.cli.background"
STARTING_S = 60.0
LOOK_S = 0.1


def start(settings: Settings, jobs: Jobs, kind: str, given: Mapping[str, Any]) -> Job:
    """Begin a job and wait until it stands in the file. `given` goes through a pipe: no other process can read it.

    Errors: `Busy` while another one is under way; `Unavailable` when it did not come up.
    """
    if (job := jobs.last()) and job.running:
        raise Busy(f"Something else is being done with models ({job.kind}: {job.stage}). Wait for it, or cancel it.")
    settled = {"TACTFUL_HOME": str(settings.home), "TACTFUL_PROJECT": str(settings.project)}
    settled |= {"DATABASE_URL": settings.database_url} if settings.database_url else {}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", MODULE, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, **settled},
        cwd=settings.project,
    )
    assert process.stdin
    with process.stdin as pipe:
        pipe.write(json.dumps(dict(given)).encode())
    threading.Thread(target=process.wait, daemon=True).start()  # so that nothing is left of it once it has ended
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        job = jobs.last()
        if job and job.pid == process.pid:
            return job
        if process.poll() is not None and (job is None or job.pid != process.pid):
            break
        time.sleep(LOOK_S)
    raise Unavailable("It could not be started. On the machine, tactful doctor says what is missing.")
