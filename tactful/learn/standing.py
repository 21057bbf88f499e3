"""Models that stand ready to be asked a sentence: loaded once, each in a process of its own, ended when nobody asks."""

import json
import select
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tactful.learn.asking import Engine, ModelSilent, prediction
from tactful.learn.prediction import Prediction

LOADING_S, ANSWERING_S = 180.0, 30.0
IDLE_S = 180.0  # two loaded models take over a gigabyte of memory


class Standing:
    """Any thread may ask; one question at a time. `engine`: in whose environment."""

    def __init__(self, engine: Engine, idle_s: float = IDLE_S) -> None:
        self._engine, self._idle_s = engine, idle_s
        self._lock = threading.Lock()
        self._processes: dict[Path, subprocess.Popen[str]] = {}
        self._timer: threading.Timer | None = None

    def ask(self, models: Sequence[Path], text: str) -> list[Prediction]:
        """What each model says to a text. Others that stood ready are ended. Errors: `ModelSilent`."""
        with self._lock:
            for gone in set(self._processes) - set(models):
                self._end(gone)
            loading = {path for path in models if path not in self._processes}
            for path in loading:
                self._processes[path] = self._start(path)
            try:
                return [self._answer(path, text, LOADING_S if path in loading else ANSWERING_S) for path in models]
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

    def _start(self, path: Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(self._engine.python), "-W", "ignore", "-m", "tactful_engine.predict", "--model", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self._engine.project,
            env=dict(self._engine.environment),
        )

    def _answer(self, path: Path, text: str, patience_s: float) -> Prediction:
        process = self._processes[path]
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"id": 0, "text": text}) + "\n")
        process.stdin.flush()
        deadline = time.monotonic() + patience_s
        while select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            line = process.stdout.readline()
            if not line:
                break
            if line.startswith("{"):
                return prediction(json.loads(line))
        raise ModelSilent

    def _wait(self) -> None:
        """Begin the time anew after which they are ended."""
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_s, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _end(self, path: Path) -> None:
        if process := self._processes.pop(path, None):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
