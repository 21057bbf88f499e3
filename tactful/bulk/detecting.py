"""A detector in a process of its own, so that a worker lives on: what hangs or kills it is found, and withheld."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

from tactful.bulk.serving import READY
from tactful.errors import DetectorUnavailable, SetupError
from tactful.privacy.alarm import PATIENCE
from tactful.privacy.budgeted import LARGEST_BATCH, Known
from tactful.privacy.spans import Span

CHILD = (sys.executable, "-m", "tactful.bulk.child")
STARTING_S = 120.0
SLACK_S = 2.0
RECYCLE_AFTER = 50_000  # texts: spaCy's string store only ever grows


class DetectorProcess:
    """A `Reader`. The process ends its own long work; when even that fails, it is killed and another started.

    Errors: `SetupError` when none can be started. Then nothing was read, and nothing must be taken for withheld.
    """

    def __init__(self, policy: Path, budget_ms: int, command: Sequence[str] = CHILD) -> None:
        self._command = (*command, "{connection}", str(policy), str(budget_ms))
        # Twice: a batch may use up its budget before the first text of it is read alone.
        self._longest_s = 2 * PATIENCE * budget_ms / 1000 + SLACK_S
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._asked = 0

    def detect(self, text: str, question: str | None = None, known: Known = ()) -> list[Span] | None:
        try:
            (spans,) = self._ask({"texts": [text], "question": question, "known": list(known)})
        except DetectorUnavailable:
            return None
        return spans

    def detect_all(self, texts: Sequence[str]) -> Iterator[list[Span] | None]:
        for at in range(0, len(texts), LARGEST_BATCH):
            batch = texts[at : at + LARGEST_BATCH]
            try:
                yield from list(self._ask({"texts": batch}))
            except DetectorUnavailable:
                yield from map(self.detect, batch)  # one by one: who was it?

    def close(self) -> None:
        """Kill the process, if there is one."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None

    def _ask(self, question: dict[str, object]) -> Iterator[list[Span] | None]:
        texts = question["texts"]
        assert isinstance(texts, Sequence)
        try:
            connection = self._connected()
            connection.send_bytes(json.dumps(question).encode())
            answers = [self._answer(connection) for _ in texts]
        except (OSError, EOFError, ValueError, TypeError):
            self.close()
            raise DetectorUnavailable from None
        except BaseException:
            self.close()  # an answer may still be on its way, to somebody else's question
            raise
        self._asked += len(texts)
        if self._asked >= RECYCLE_AFTER:
            self.close()
        return iter(answers)

    def _answer(self, connection: Connection) -> list[Span] | None:
        if not connection.poll(self._longest_s):
            raise TimeoutError
        spans = json.loads(connection.recv_bytes())
        return None if spans is None else [Span(*span) for span in spans]

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._start()
        return self._connection

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        with theirs:
            command = [str(theirs.fileno()) if part == "{connection}" else part for part in self._command]
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a stack trace could quote a text
                env={**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        self._asked = 0
        try:
            ready = ours.poll(STARTING_S) and ours.recv_bytes() == READY
        except (OSError, EOFError):
            ready = False
        if not ready:
            ours.close()
            raise SetupError("The detector did not start: tactful doctor checks the installation.")
        return ours
