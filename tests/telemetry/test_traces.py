"""Traces reach a real OTLP receiver on loopback: a span for each stage, one trace a message, and nothing personal."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.testclient import TestClient

from tactful.chat.engine import RasaEngine
from tactful.chat.engines import Engines
from tactful.errors import SetupError
from tactful.telemetry.traces import NO_TRACES, from_environment
from tactful.web.actions import SHOWN, actions_app
from tests.chat.conftest import Chat, run
from tests.chat.conftest import chat as chat
from tests.wires import Wired

RECEIVER = Path(__file__).with_name("receiver.py")


class Receiver:
    """A process that takes OTLP over HTTP and writes down what came."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "received"
        self._process = subprocess.Popen(
            [sys.executable, str(RECEIVER), str(self._file)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def spans(self) -> list[Any]:
        """All spans that came until now."""
        sent = [bytes.fromhex(line) for line in self._file.read_text().split()]
        requests = [ExportTraceServiceRequest.FromString(each) for each in sent]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def everything(self) -> bytes:
        return b"".join(bytes.fromhex(line) for line in self._file.read_text().split())

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
    yield receiver
    receiver.close()


def message(chat: Chat) -> None:
    """A message with a name and an address, answered."""

    async def story() -> None:
        async with chat.running() as runner:
            with chat.metrics.stages.accepting() as course:
                accepted = await chat.intake.text(chat.session, "m1", "I am Ana, ana@example.com")
            chat.metrics.stages.hand_on(course, chat.session.conversation_id, accepted.seq)
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: chat.answered() == 2)  # the greeting and the message

    run(story())


def test_a_message_is_one_trace_with_a_span_for_each_stage(receiver: Receiver, chat: Chat) -> None:
    chat.metrics.stages.traces = from_environment()
    message(chat)
    chat.metrics.stages.traces.close()
    spans = receiver.spans()
    by_id = {span.span_id: span for span in spans}
    accept = next(span for span in spans if span.name == "accept")
    trace = [span for span in spans if span.trace_id == accept.trace_id]
    above = {span.name: by_id[span.parent_span_id].name for span in trace if span.parent_span_id}
    assert above == {
        "look": "accept",
        "detect": "accept",
        "keep": "accept",
        "answer": "accept",
        "engine": "answer",
        "commit": "answer",
    }
    said = {attribute.key: attribute.value.string_value for span in spans for attribute in span.attributes}
    assert said == {"tactful.outcome": "answered"}
    assert not [span for span in spans if span.events or span.status.message]
    known = ("Ana", "ana@example.com", chat.session.conversation_id, chat.session.subject_id)
    assert not [value for value in known if value.encode() in receiver.everything()]


def test_an_error_leaves_its_type_in_the_span_and_nothing_else(receiver: Receiver) -> None:
    traces = from_environment()
    with pytest.raises(ValueError), traces.span("engine"):
        raise ValueError("ana@example.com")
    traces.close()
    (span,) = receiver.spans()
    assert [(each.key, each.value.string_value) for each in span.attributes] == [("error.type", "ValueError")]
    assert b"ana@" not in receiver.everything()


def test_the_engine_is_told_and_its_actions_are_part_of_the_trace(receiver: Receiver) -> None:
    traces = from_environment()
    told: list[str] = []

    def engine(request: httpx.Request) -> httpx.Response:
        told.append(request.headers["traceparent"])
        return httpx.Response(200, json={"messages": []})

    async def turn() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(engine)) as client:
            with traces.span("engine"):
                await RasaEngine(client, Wired(engine), "s", 5, Engines("http://engine"), traces).turn(
                    "c", "c:1", "hi", forced=False
                )

    asyncio.run(turn())
    actions = TestClient(actions_app("s", {}, traces=traces))
    actions.post("/actions", json={"next_action": "none", "tracker": {}}, headers={SHOWN: "s", "traceparent": told[0]})
    traces.close()
    spans = {span.name: span for span in receiver.spans()}
    assert spans["action"].trace_id == spans["engine"].trace_id
    assert spans["action"].parent_span_id == spans["engine"].span_id


def test_a_receiver_that_is_away_harms_no_message(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    chat.metrics.stages.traces = from_environment()
    message(chat)
    chat.metrics.stages.traces.close()


def test_without_an_endpoint_or_switched_off_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert from_environment() is NO_TRACES
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert from_environment() is NO_TRACES


def test_another_protocol_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(SetupError, match="http/protobuf"):
        from_environment()
