"""What a door counts. Labels are words of closed lists, never anything about a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from tactful.telemetry.stages import Stages

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 15, 60)


class Metrics:
    """One door's metrics, in a registry of their own. `stages` times a message's way."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        turns = self._counter("turns", "turns by how they ended: answered, gave_up, put_off", "outcome")
        turn_seconds = Histogram(
            "tactful_turn_seconds", "accepted to answered", registry=self.registry, buckets=SECONDS
        )
        stage_seconds = Histogram(
            "tactful_stage_seconds", "a stage of a message", ["stage"], registry=self.registry, buckets=SECONDS
        )
        self.stages = Stages(stage_seconds, turn_seconds, turns)
        self.stage = self.stages.stage
        self.redactions = self._counter("redactions", "values replaced by placeholders, by kind", "kind")
        self.withheld = self._counter("withheld", "messages withheld: unchecked, refused, restricted", "reason")
        self.responses = self._counter("responses", "answers over HTTP, by the first digit of their status", "status")
        self.log_lines = self._counter("log_lines", "lines of the log: passed, redacted, withheld", "outcome")
        self.detector_replaced = self._counter(
            "detector_replaced", "detector processes replaced: slow, failed, recycled", "reason"
        )
        self.engine_up = self._gauge("engine_up", "1 while the engine answers")
        self.ready = self._gauge("ready", "1 while this part can do its work, as /readyz says", "part")
        self.queue_messages = self._gauge("queue_messages", "messages accepted and not answered, of all doors")
        self.queue_age = self._gauge("queue_age_seconds", "how long the oldest of them waits")
        self.retention_done = self._gauge("retention_timestamp_seconds", "when retention last ran to its end here")
        self.backup_made = self._gauge("backup_timestamp_seconds", "when the last backup was made, 0 for never")
        self.restarts = self._gauge(
            "restarts",
            "times that tactful up started a program again, by why: ended, hung",
            "program",
            "why",
        )
        self.disk_free = self._gauge("disk_free_bytes", "free on the disk of TACTFUL_HOME")

    def log_line(self, outcome: str) -> None:
        """A line of the log was passed, redacted or withheld."""
        self.log_lines.labels(outcome).inc()

    def _counter(self, name: str, what: str, label: str) -> Counter:
        return Counter(f"tactful_{name}_total", what, [label], registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"tactful_{name}", what, labels, registry=self.registry)
