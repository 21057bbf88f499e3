"""Counters and histograms. Labels are kinds and states, never anything about a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 15)


class Metrics:
    """One door's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "tactful_turns_total",
            "turns by how they ended: answered, gave_up, put_off",
            ["outcome"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "tactful_turn_seconds", "accepted to answered", registry=self.registry, buckets=SECONDS
        )
        self.engine_seconds = Histogram(
            "tactful_engine_seconds", "one call of the engine", registry=self.registry, buckets=SECONDS
        )
        self.detect_seconds = Histogram(
            "tactful_detect_seconds", "looking for personal data", registry=self.registry, buckets=SECONDS
        )
        self.redactions = Counter(
            "tactful_redactions_total", "values replaced by placeholders", ["kind"], registry=self.registry
        )
        self.withheld = Counter("tactful_withheld_total", "messages withheld", ["reason"], registry=self.registry)
        self.engine_up = Gauge("tactful_engine_up", "1 while the engine answers", registry=self.registry)
