"""A detector for the log, in a process of its own that is there only while there is something to read."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tactful.errors import DetectorUnavailable
from tactful.privacy.spans import Span

STARTING_S = 180.0
BUDGET_S = 10.0  # a line may wait: nobody else does
PAUSE_S = 30.0  # before another try, after one that did not start
KINDNESS = 15  # less urgent than anything that serves customers


class Reader:
    """Asked by one thread. Takes no memory until it is first asked, and none after `end`."""

    def __init__(self, policy: Path, command: Sequence[str] | None = None) -> None:
        self._command = command or (sys.executable, "-m", "tactful.privacy.worker", str(policy))
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    @property
    def running(self) -> bool:
        return self._process is not None

    def find(self, text: str) -> list[Span]:
        """Spans of personal data. Errors: `DetectorUnavailable` when it cannot be told; then nothing of it is shown."""
        if self._process is None:
            self._start()
        return self._ask(text, BUDGET_S)

    def end(self) -> None:
        if process := self._process:
            self._process = None
            with contextlib.suppress(OSError):
                process.kill()
            process.communicate()

    def _start(self) -> None:
        if time.monotonic() < self._not_before:
            raise DetectorUnavailable
        self._not_before = time.monotonic() + PAUSE_S
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a stack trace could quote a line
                env={**os.environ, "PYTHONWARNINGS": "ignore"},
            )
        except OSError:
            raise DetectorUnavailable from None
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, KINDNESS)
        self._ask("ready?", STARTING_S)
        self._not_before = 0.0

    def _ask(self, text: str, seconds: float) -> list[Span]:
        process = self._process
        assert process
        assert process.stdin
        question: dict[str, object] = {"text": text, "question": None, "known": [], "whose": ""}
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            return [Span(*span) for span in json.loads(self._answer(process, seconds))["spans"]]
        except (OSError, ValueError, TypeError, KeyError):
            self.end()
            raise DetectorUnavailable from None

    @staticmethod
    def _answer(process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        """One line. Errors: `OSError` when it does not come in time, or the process ended."""
        assert process.stdout
        pipe, deadline, answer = process.stdout.fileno(), time.monotonic() + seconds, b""
        while not answer.endswith(b"\n"):
            if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            part = os.read(pipe, 65536)
            if not part:
                raise BrokenPipeError
            answer += part
        return answer
