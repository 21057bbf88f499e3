"""What a turn's metrics and its line in the log cost, and what tracing adds: microseconds of the door's time a turn.

.venv/bin/python benchmarks/telemetry.py
"""

import logging
import os
import time
from pathlib import Path

from tactful.logs.formats import AsJson
from tactful.logs.reader import Reader
from tactful.logs.wall import Wall
from tactful.metrics import Metrics
from tactful.telemetry.stages import ACCEPTING, ANSWERED
from tactful.telemetry.traces import NO_TRACES, from_environment

TURNS = 5_000
CONVERSATION = "0a" * 16
BOUND_US = 200


def turn(metrics: Metrics, seq: int) -> None:
    """A message's way, with nothing in its stages."""
    with metrics.stages.accepting() as course:
        for name in ACCEPTING:
            with metrics.stage(name):
                pass
    metrics.stages.hand_on(course, CONVERSATION, seq)
    with metrics.stages.answering(CONVERSATION, seq, 1) as ended:
        with metrics.stage("engine"):
            pass
        with metrics.stage("commit"):
            pass
        ended.outcome = ANSWERED


def microseconds(metrics: Metrics) -> float:
    """A turn's, all threads of the process together: the wall's and the exporter's hold the interpreter, too."""
    began = time.process_time()
    for seq in range(TURNS):
        turn(metrics, seq)
    time.sleep(1)  # what waits in queues is part of the cost
    return (time.process_time() - began) / TURNS * 1e6


def main() -> None:
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    print(f"metrics alone            {microseconds(Metrics()):6.0f} µs")
    with open(os.devnull, "w") as nowhere:
        output = logging.StreamHandler(nowhere)
        output.setFormatter(AsJson())
        wall = Wall(Reader(Path("privacy.yml")), [output])
        root.handlers[:] = [wall]
        root.setLevel(logging.INFO)
        logged = microseconds(Metrics())
        print(f"and the line in the log  {logged:6.0f} µs   (bound: {BOUND_US})")
        os.environ.setdefault("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
        metrics = Metrics()
        metrics.stages.traces = from_environment()
        root.setLevel(logging.ERROR)
        print(f"metrics and traces       {microseconds(metrics):6.0f} µs")
        if metrics.stages.traces is not NO_TRACES:
            os._exit(0)  # its receiver does not exist: nobody waits for the last try


if __name__ == "__main__":
    main()
