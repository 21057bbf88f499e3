"""Traces by OpenTelemetry, if it is installed and the environment names a receiver (OTEL_EXPORTER_OTLP_ENDPOINT …).

A span tells what was done, how long it took and how it ended, by words of a closed list: no text, no id of anybody's.
A caller's own `traceparent` is not taken: customers would decide what is traced.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Protocol

from tactful.errors import SetupError

SERVICE = "tactful-door"
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
HEADER = "traceparent"  # W3C Trace Context


class Traces(Protocol):
    """Spans around what is done."""

    def span(self, name: str, parent: str = "", **attributes: str | int) -> AbstractContextManager[object]:
        """A span below the one under way, or below `parent`, a traceparent."""

    def headers(self) -> Mapping[str, str]:
        """What tells whoever is called of the span under way."""

    def close(self) -> None:
        """Send what is waiting; bounded in time."""


class NoTraces:
    """Where nobody receives any."""

    _nothing = nullcontext()

    def span(self, name: str, parent: str = "", **attributes: str | int) -> AbstractContextManager[object]:
        return self._nothing

    def headers(self) -> Mapping[str, str]:
        return {}

    def close(self) -> None: ...


NO_TRACES = NoTraces()


def from_environment() -> Traces:
    """Traces as the environment asks for them, in OpenTelemetry's own names.

    Errors: `SetupError` when they are asked for and OpenTelemetry is not installed, or for another protocol.
    """
    wanted = any(os.environ.get(name) for name in ENDPOINTS)
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    if off or not wanted:
        return NO_TRACES
    protocol = next((os.environ[name] for name in PROTOCOLS if os.environ.get(name)), "http/protobuf")
    if protocol != "http/protobuf":
        raise SetupError(f"Traces go out as http/protobuf only, not as {protocol}. Set OTEL_EXPORTER_OTLP_PROTOCOL so.")
    os.environ.setdefault("OTEL_SERVICE_NAME", SERVICE)
    try:
        traces: Traces = import_module("tactful.telemetry.otlp").OtlpTraces()
    except ImportError:
        raise SetupError(
            "Traces are asked for (OTEL_EXPORTER_OTLP_ENDPOINT), but OpenTelemetry is not installed. "
            "Run: uv sync --extra traces"
        ) from None
    return traces
