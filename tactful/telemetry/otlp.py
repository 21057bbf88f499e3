"""Spans to an OpenTelemetry receiver over OTLP/HTTP. Imported only where traces are asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tactful.logs import ids
from tactful.telemetry.traces import HEADER


class OtlpTraces:
    """In batches, from a thread of its own. Receiver, sampling and so on are the environment's (OTEL_…)."""

    def __init__(self) -> None:
        self._provider = TracerProvider(resource=Resource.create())
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("tactful")
        self._context = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, parent: str = "", **attributes: str | int) -> Iterator[object]:
        above = self._context.extract({HEADER: parent}) if parent else None
        given: dict[str, Any] = {f"tactful.{key}": value for key, value in attributes.items()}
        # An exception's text could quote a message: its type is all that is kept.
        with (
            self._tracer.start_as_current_span(
                name, above, attributes=given, record_exception=False, set_status_on_exception=False
            ) as span,
            ids.belonging(ids.TRACE, f"{span.get_span_context().trace_id:032x}"),
        ):
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def headers(self) -> Mapping[str, str]:
        carrier: dict[str, str] = {}
        self._context.inject(carrier)
        return carrier

    def close(self) -> None:
        self._provider.shutdown()
