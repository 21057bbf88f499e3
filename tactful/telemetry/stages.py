"""How long each stage of a message takes: for the metrics, the trace, and the turn's one line in the log."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from prometheus_client import Counter, Histogram

from tactful.logs import ids
from tactful.telemetry.traces import HEADER, NO_TRACES, Traces

log = logging.getLogger(__name__)

ACCEPTING = ("look", "detect", "keep")  # what the conversation knew; personal data; the transaction
ANSWERING = ("wait", "engine", "commit")  # accepted until taken up; Rasa; the transaction
MOST_HANDED_ON = 10_000  # messages accepted and not yet taken up

ANSWERED, GAVE_UP, PUT_OFF = "answered", "gave_up", "put_off"


@dataclass(slots=True)
class Course:
    """One message's way: milliseconds by stage, and how it ended."""

    times: dict[str, float] = field(default_factory=dict)
    trace: str = ""
    outcome: str = PUT_OFF


_COURSE: ContextVar[Course | None] = ContextVar("course", default=None)


class Stages:
    """Times what happens within `accepting` and `answering`."""

    def __init__(self, seconds: Histogram, turn_seconds: Histogram, turns: Counter) -> None:
        self.traces: Traces = NO_TRACES
        self._seconds = {name: seconds.labels(name) for name in (*ACCEPTING, *ANSWERING)}
        self._turn_seconds = turn_seconds
        self._turns = {outcome: turns.labels(outcome) for outcome in (ANSWERED, GAVE_UP, PUT_OFF)}
        self._handed: OrderedDict[tuple[str, int], Course] = OrderedDict()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage of what is under way here."""
        began = perf_counter()
        try:
            with self.traces.span(name):
                yield
        finally:
            self._note(name, perf_counter() - began)

    @contextmanager
    def accepting(self) -> Iterator[Course]:
        """A customer's message, from its arrival to the promise to answer it."""
        course = Course()
        token = _COURSE.set(course)
        try:
            with self.traces.span("accept"):
                course.trace = self.traces.headers().get(HEADER, "")
                yield course
        finally:
            _COURSE.reset(token)

    def hand_on(self, course: Course, conversation_id: str, seq: int) -> None:
        """The message has this number: its turn goes on where its acceptance ended, if this door answers it."""
        self._handed[conversation_id, seq] = course
        if len(self._handed) > MOST_HANDED_ON:
            self._handed.popitem(last=False)

    @contextmanager
    def answering(self, conversation_id: str, seq: int, waited_ms: int) -> Iterator[Course]:
        """A turn, from when its message was taken up. Whoever runs it sets `outcome`; else it was put off."""
        key = conversation_id, seq
        course = self._handed.get(key) or Course()
        token = _COURSE.set(course)
        began = perf_counter()
        course.outcome = PUT_OFF
        with ids.belonging(ids.TURN, f"{conversation_id}:{seq}"):
            try:
                with self.traces.span("answer", course.trace) as span:
                    course.times.pop("wait", None)  # since it was accepted, also if it was put off meanwhile
                    self._note("wait", max(0, waited_ms) / 1000)
                    try:
                        yield course
                    finally:
                        if span is not None:
                            span.set_attribute("tactful.outcome", course.outcome)  # type: ignore[attr-defined]
                    self._ended(course, waited_ms / 1000 + perf_counter() - began)
            finally:
                _COURSE.reset(token)
                if course.outcome != PUT_OFF:
                    self._handed.pop(key, None)

    def _ended(self, course: Course, seconds: float) -> None:
        self._turns[course.outcome].inc()
        if course.outcome == PUT_OFF:
            return
        self._turn_seconds.observe(seconds)
        if log.isEnabledFor(logging.INFO):
            fields = {f"{name}_ms": round(time, 1) for name, time in course.times.items()}
            fields["total_ms"] = round(seconds * 1000, 1)
            log.info("turn answered" if course.outcome == ANSWERED else "turn given up", extra={"fields": fields})

    def _note(self, name: str, seconds: float) -> None:
        self._seconds[name].observe(seconds)
        if course := _COURSE.get():
            course.times[name] = course.times.get(name, 0.0) + seconds * 1000
