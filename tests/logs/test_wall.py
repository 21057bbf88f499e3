"""The last wall before the log: planted values never reach it, whoever logs them and however, and it fails closed."""

import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn.server

from tactful.config import Settings
from tactful.errors import DetectorUnavailable, EngineUnavailable
from tactful.logs import ids, wall
from tactful.logs.formats import AsText
from tactful.logs.reader import Reader
from tactful.logs.setup import writing
from tactful.logs.wall import WITHHELD, Wall
from tactful.privacy.spans import Span
from tests.conftest import ROOT

EMAIL, CARD, NAME = "ana.berg@example.com", "4242 4242 4242 4242", "Ana Berg"
PLANTED = (EMAIL, CARD, NAME, "4242")
ours = logging.getLogger("tactful.chat.turns")
theirs = logging.getLogger("urllib3.connectionpool")


class Written(logging.Handler):
    """What reached the log, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(AsText())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Down:
    """A reader that cannot tell."""

    running = True

    def find(self, text: str) -> list[Span]:
        raise DetectorUnavailable

    def end(self) -> None: ...


class Counting:
    """Finds one word, and counts how often it was asked."""

    running = True

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, text: str) -> list[Span]:
        self.asked.append(text)
        start = text.find(NAME)
        return [Span(start, start + len(NAME), "PERSON", 1.0)] if start >= 0 else []

    def end(self) -> None: ...


def logged(reader: object, course: Callable[[], None]) -> list[str]:
    """What is written of what `course` logs."""
    written = Written()
    standing = Wall(reader, [written])  # type: ignore[arg-type]
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers[:] = [standing]
    root.setLevel(logging.INFO)
    try:
        course()
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        standing.close()
    return written.lines


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is nobody's favourite: on a busy machine fourteen lines take it longer than a door would wait."""
    monkeypatch.setattr(wall, "CLOSING_S", 120.0)


@pytest.fixture(scope="module")
def real() -> Iterator[Reader]:
    """The real detector, started once."""
    reader = Reader(ROOT / "privacy.yml")
    reader.find("hello")
    reader.end, end = lambda: None, reader.end  # type: ignore[method-assign]
    yield reader
    end()


def raising() -> None:
    try:
        try:
            raise KeyError(f"no customer {EMAIL}")
        except KeyError as error:
            raise ValueError(f"card {CARD} of Mr {NAME} was refused") from error
    except ValueError:
        ours.exception("turn failed")


class Telling:
    def __str__(self) -> str:
        return f"customer {NAME}, {EMAIL}"


class Broken:
    def __str__(self) -> str:
        raise ValueError(EMAIL)


def plant() -> None:
    """Every way in that we know of."""
    ours.error("could not write to %s", EMAIL)
    ours.error(f"could not write to {EMAIL}")  # a text put together at run time is no code
    ours.error("card %(card)s", {"card": CARD})
    ours.error("card %d", 4242424242424242)
    theirs.warning("Retrying: https://api.example.com/?email=%s", EMAIL)
    theirs.warning("customer: %s", Telling())
    theirs.warning("customer: %s", Broken())
    theirs.warning("too few: %s %s", EMAIL)
    theirs.warning({"customer": NAME, "email": EMAIL})  # a message that is no text
    logging.getLogger(f"customer.{EMAIL}").warning("a logger's name")
    ours.info("turn answered", extra={"fields": {"text": EMAIL, "card": 4242424242424242}, "customer": NAME})
    ours.warning("somewhere", stack_info=True)
    raising()
    warnings.warn(f"{NAME} <{EMAIL}> is deprecated", stacklevel=1)


def test_planted_values_never_reach_the_log(real: Reader) -> None:
    logging.captureWarnings(True)
    try:
        lines = logged(real, plant)
    finally:
        logging.captureWarnings(False)
    assert len(lines) == 14
    assert not [line for line in lines for value in PLANTED if value in line]
    assert lines[0].endswith("could not write to [EMAIL_ADDRESS]")


def test_when_the_detector_cannot_tell_then_nothing_of_what_was_said_is_written() -> None:
    lines = logged(Down(), plant)
    assert not [line for line in lines for value in (*PLANTED, "Retrying", "refused", "customer") if value in line]
    assert f"tactful.chat.turns  {WITHHELD} (test_wall.py:" in lines[0]
    assert [line for line in lines if f"?  {WITHHELD} (test_wall.py:" in line]  # a name that was put together
    told = next(line for line in lines if "ValueError in test_wall.py" in line)
    assert "KeyError in test_wall.py" in told
    assert "raising" in told


def test_an_exception_keeps_its_type_and_its_way_and_loses_its_values(real: Reader) -> None:
    (line,) = logged(real, raising)
    assert "turn failed | ValueError in test_wall.py" in line
    assert "[CREDIT_CARD]" in line
    assert "[EMAIL_ADDRESS]" in line
    assert 'f"card' not in line  # no line of source


def test_the_names_of_errors_are_no_names_of_persons(real: Reader) -> None:
    def course() -> None:
        theirs.warning("%s", "ValueError: bad thing")
        theirs.warning("%s", "sqlalchemy.exc.OperationalError: database is locked")
        theirs.warning("%s", f"Traceback: ValueError, said {NAME}")
        theirs.warning("%s", "berg.ana@example.comError")

    said = [line.split("  ")[-1] for line in logged(real, course)]
    assert said[:2] == ["ValueError: bad thing", "sqlalchemy.exc.OperationalError: database is locked"]
    assert said[2] == "Traceback: ValueError, said [PERSON]"
    assert "berg" not in said[3]


def test_what_is_code_and_numbers_is_written_without_asking_anybody() -> None:
    def course() -> None:
        ours.warning("turn put off: %s", EngineUnavailable.code)
        ours.info("turn answered", extra={"fields": {"engine_ms": 21.5}})
        ours.error("request failed: %s", "OperationalError")  # not a word of ours
        with ids.belonging(ids.TURN, f"{'0a' * 16}:7"):
            ours.info("turn answered")

    asking = Counting()
    lines = logged(asking, course)
    assert lines[0].endswith("WARNING tactful.chat.turns  turn put off: engine_unavailable")
    assert lines[1].endswith("turn answered engine_ms=21.5")
    assert lines[3].endswith("turn=0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a:7")
    assert asking.asked == ["request failed: OperationalError"]


def test_what_was_found_clean_is_not_asked_again() -> None:
    asking = Counting()
    logged(asking, lambda: [theirs.warning("again %s", "and again") for _ in range(50)] and None)
    assert asking.asked == ["again and again"]


def test_a_line_stays_one_line(real: Reader) -> None:
    (line,) = logged(Counting(), lambda: ours.error("x %s", "first\n2026-11-28 INFO forged\x1b[31m"))
    assert "\n" not in line
    assert "\x1b" not in line


def test_lines_keep_their_order_and_nobody_waits_for_the_reading() -> None:
    class Slow(Counting):
        def find(self, text: str) -> list[Span]:
            time.sleep(0.3)
            return super().find(text)

    began = time.monotonic()
    took: list[float] = []

    def course() -> None:
        theirs.warning("first %s", NAME)
        ours.warning("second")
        took.append(time.monotonic() - began)

    lines = logged(Slow(), course)
    assert took[0] < 0.3
    assert [line.rsplit("  ", 1)[1] for line in lines] == ["first [PERSON]", "second"]


def test_a_queue_that_is_full_loses_lines_and_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "MOST_WAITING", 5)
    holding = threading.Event()

    class Held(Counting):
        def find(self, text: str) -> list[Span]:
            holding.wait(20)
            return super().find(text)

    def course() -> None:
        for number in range(30):
            theirs.warning("line %s", f"number {number}")
        holding.set()

    lines = logged(Held(), course)
    assert 5 <= len(lines) <= 8
    assert any("lines before it were lost" in line for line in lines)


def test_a_line_that_is_too_long_to_read_is_withheld(real: Reader) -> None:
    (line,) = logged(real, lambda: ours.error("x %s", "a" * 30_000))
    assert WITHHELD in line


def test_a_reader_that_hangs_or_cannot_start_withholds(tmp_path: Path) -> None:
    silent = Reader(ROOT / "privacy.yml", ("cat",))  # says what it is asked: no spans
    (line,) = logged(silent, lambda: ours.error("x %s", EMAIL))
    assert WITHHELD in line
    nowhere = Reader(ROOT / "privacy.yml", (str(tmp_path / "nowhere"),))
    (line,) = logged(nowhere, lambda: ours.error("x %s", EMAIL))
    assert WITHHELD in line


def test_an_error_that_nobody_took_ends_the_process_through_the_wall(tmp_path: Path) -> None:
    written = Written()
    with pytest.raises(SystemExit), writing(Settings(home=tmp_path), [written]):
        raise ValueError(f"card {CARD}")
    assert "the process ends" in written.lines[-1] or WITHHELD in written.lines[-1]
    assert CARD not in written.lines[-1]


def test_a_loggers_name_that_stands_in_code_is_written_as_it_is(real: Reader) -> None:
    """A detector that is made for messages takes "uvicorn" for somebody."""

    def speak() -> None:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, uvicorn.server.__file__, 1, "%s", ("oh dear",), None)
        logging.getLogger().handle(record)
        logging.getLogger("uvicorn.server").warning("%s", "oh dear")

    lines = logged(real, speak)
    assert ["uvicorn.error" in lines[0], "uvicorn.server" in lines[1]] == [True, True]
