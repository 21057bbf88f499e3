"""Long work on models, one at a time on this installation: training, evaluating, choosing, exporting, promoting.

Whoever does it (a command, or the console's process) holds a lock that the kernel takes back when its process ends,
however it ends. What is under way stands in a file beside it: stages and times, nothing of what is worked on.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from tactful.errors import Conflict, NotFound, TactfulError
from tactful.store.files import exchange

RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
TRIES, BETWEEN_S = 10, 0.05
VANISHED = "Its process ended without a word: it was killed, or the machine went down."


class Busy(Conflict):
    code, message = "busy", "Something else is being done with models."


class Cancelled(BaseException):
    """Somebody asked this process to stop; no `Exception`, so that nothing on the way takes it for a failure."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is done, or was done last. Times are epoch ms; `by`: a login of the machine, or a member of staff's id."""

    kind: str
    by: str
    pid: int
    began: int
    stages: tuple[tuple[str, int], ...] = ()  # (what, since when)
    ended: int = 0
    outcome: str = RUNNING
    why: str = ""  # of a failure, in words
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.outcome == RUNNING

    @property
    def stage(self) -> str:
        return self.stages[-1][0] if self.stages else "starting"


@dataclass
class Work:
    """What a job's own code holds: it says where it is, and at the end what came of it."""

    told: Callable[[str], None]
    result: dict[str, Any] = field(default_factory=dict)


class Jobs:
    """The jobs of one installation. `folder` is its `run` folder; another `name` is another lock."""

    def __init__(self, folder: Path, clock: Callable[[], int], name: str = "job") -> None:
        self._lock, self._file, self._clock = folder / f"{name}.lock", folder / f"{name}.json", clock

    def last(self) -> Job | None:
        """The job under way, or the last one; one whose process vanished is told as failed."""
        job = self._read()
        if job and job.running and not self._held():
            job = self._read()  # it may have ended between the two looks
            if job and job.running:
                return replace(job, outcome=FAILED, why=VANISHED, ended=job.stages[-1][1] if job.stages else job.began)
        return job

    def done(self, kind: str) -> Job | None:
        """The last one of a kind that came to a good end."""
        return _read(self._done(kind))

    @contextmanager
    def doing(self, kind: str, by: str, told: Callable[[str], None] = lambda stage: None) -> Iterator[Work]:
        """Do it alone. Errors: `Busy`. What is raised within is noted as the job's failure, and goes on.

        Only the sentence of a `TactfulError` is kept; of any other error its kind, since its words may quote data.
        """
        with self._alone():
            job = Job(kind, by, os.getpid(), self._clock())
            self._write(job)

            def stage(what: str) -> None:
                nonlocal job
                job = replace(job, stages=(*job.stages, (what, self._clock())))
                self._write(job)
                told(what)

            work = Work(stage)
            try:
                with _stoppable():
                    yield work
            except (Cancelled, KeyboardInterrupt):
                self._write(replace(job, outcome=CANCELLED, ended=self._clock()))
                raise
            except TactfulError as error:
                self._write(replace(job, outcome=FAILED, why=str(error), ended=self._clock(), result=work.result))
                raise
            except Exception as error:
                self._write(replace(job, outcome=FAILED, why=f"{type(error).__name__}.", ended=self._clock()))
                raise
            job = replace(job, outcome=DONE, ended=self._clock(), result=work.result)
            self._write(job, self._done(kind))
            self._write(job)

    def cancel(self) -> Job:
        """Ask the job under way to stop. Errors: `NotFound` when there is none."""
        job = self.last()
        if job is None or not job.running:
            raise NotFound("Nothing is under way any more.")
        try:
            os.kill(job.pid, signal.SIGTERM)
        except ProcessLookupError:
            raise NotFound("Nothing is under way any more.") from None
        return job

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock.open("w") as lock:
            if not _taken(lock):
                job = self._read()
                what = f" ({job.kind}: {job.stage})" if job else ""
                raise Busy(f"Something else is being done with models{what}. Wait for it, or cancel it.") from None
            yield

    def _held(self) -> bool:
        try:
            with self._lock.open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def _done(self, kind: str) -> Path:
        return self._file.with_name(f"{self._file.stem}-{kind}.json")

    def _read(self) -> Job | None:
        return _read(self._file)

    def _write(self, job: Job, path: Path | None = None) -> None:
        exchange(path or self._file, json.dumps(asdict(job), ensure_ascii=False))


def _taken(lock: IO[str]) -> bool:
    """Take the lock. Who only looks holds it for a moment, so it is asked for more than once."""
    for _ in range(TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            time.sleep(BETWEEN_S)
    return False


def _read(path: Path) -> Job | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Job(**content | {"stages": tuple((what, since) for what, since in content["stages"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM becomes `Cancelled`, so that what was started is ended and what was begun is tidied away."""

    def stop(number: int, frame: object) -> None:
        raise Cancelled

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread: nobody can be told there
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
