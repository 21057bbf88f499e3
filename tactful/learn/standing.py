"""Models that stand ready to be asked a sentence: loaded once, each in a process of its own, ended when nobody asks."""

import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tactful.learn.asking import Engine, ModelSilent, prediction
from tactful.learn.prediction import Prediction

PATIENCE_S = 60.0  # somebody waits at a page
IDLE_S = 180.0  # two loaded models take over a gigabyte of memory


class StillLoading(ModelSilent):
    code, message = "still_loading", "The model is still being loaded. Try again in a moment."


class Standing:
    """Any thread may ask; one question at a time. `engine`: in whose environment."""

    def __init__(self, engine: Engine, patience_s: float = PATIENCE_S, idle_s: float = IDLE_S) -> None:
        self._engine, self._patience_s, self._idle_s = engine, patience_s, idle_s
        self._asked = 0
        self._rest: dict[Path, bytes] = {}  # of a line that has not come whole
        self._lock = threading.Lock()
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}
        self._timer: threading.Timer | None = None

    def ask(self, models: Sequence[Path], text: str) -> list[Prediction]:
        """What each model says to a text. Others that stood ready are ended.

        Errors: `StillLoading`, after which it can be asked again; `ModelSilent`.
        """
        with self._lock:
            for gone in set(self._processes) - set(models):
                self._end(gone)
            for path in models:
                self._processes[path] = self._processes.get(path) or self._start(path)
            self._asked += 1
            try:
                for path in models:
                    self._put(path, text)
                deadline = time.monotonic() + self._patience_s
                return [self._answer(path, deadline) for path in models]
            except StillLoading:
                raise
            except (OSError, ValueError, KeyError, ModelSilent) as error:
                for path in models:
                    self._end(path)
                raise ModelSilent("A model could not be loaded or did not answer.") from error
            finally:
                self._wait()

    def close(self) -> None:
        """End them all."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            for path in list(self._processes):
                self._end(path)

    def _start(self, path: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(self._engine.python), "-W", "ignore", "-m", "tactful_engine.predict", "--model", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=self._engine.project,
            env=dict(self._engine.environment),
        )

    def _put(self, path: Path, text: str) -> None:
        pipe = self._processes[path].stdin
        assert pipe
        pipe.write(json.dumps({"id": self._asked, "text": text}).encode() + b"\n")

    def _answer(self, path: Path, deadline: float) -> Prediction:
        """The answer to the newest question; those to older ones, for which nobody waits any more, are passed over."""
        process = self._processes[path]
        assert process.stdout
        while select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            # Not by lines: what a reader keeps of several is not seen by `select`.
            if not (more := os.read(process.stdout.fileno(), 65536)):
                raise ModelSilent
            *lines, self._rest[path] = (self._rest.get(path, b"") + more).split(b"\n")
            for line in lines:
                if line.startswith(b"{") and (answer := json.loads(line))["id"] == self._asked:
                    return prediction(answer)
        raise StillLoading

    def _wait(self) -> None:
        """Begin the time anew after which they are ended."""
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_s, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _end(self, path: Path) -> None:
        self._rest.pop(path, None)
        if process := self._processes.pop(path, None):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
