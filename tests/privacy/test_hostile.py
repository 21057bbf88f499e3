"""No text makes a pattern slow: time grows with length, never with its square. A door without a price is no door."""

import importlib
import math
import pkgutil
import re
import time
from collections.abc import Callable, Iterator

import pytest
import regex

import tactful.privacy
from tactful.privacy.known import again
from tactful.privacy.normalise import normalised
from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.recognizers.person import names
from tactful.privacy.spans import Span
from tactful.privacy.tails import ADDRESS, whole_addresses

pytestmark = pytest.mark.asvs("1.3.12", "15.2.2")

LIMIT = 4_000  # characters, the door's limit
MOST_MS = 50
STEEPEST = 1.4  # of time over length; 1 is linear, 2 a square. A busy machine makes a linear one look like 1.2
FAINT_MS = 2  # what takes less says nothing about growth

HOSTILE = [
    "a", "1", " ", "-", ".", "@", "a@", "a.", "a-", "1 ", "1.", "1-", "A1", "A ", "a ", "\n", ":", "::", "f:",
    "/", "=", "(", "\"", "_", "é", "1:", "aA1 ", "a1b2", "(555) ", "555-", "Ann ", "12 Main Street ",
    "12 Main ", "rue de la ", "calle de los ", "9 a b c d ", "1 a ", "my name is ", "booking number is ",
    "passport no. ", "account ", "card 1", "password is ", "password: ", "token=", "Bearer ", "key_", "eyJa.",
    "-----BEGIN PRIVATE KEY-----", "://a:", "curl -u ", "cookie: a=", "one two ", "ana at ", "ana dot ",
    "at example dot ", "gmail ", "a gmail", "born on ", "address is 1 ", "corner of ", "corner of a and ",
    "PSC 1, Box 1\n", "lat: 1.23 ", "52.5200 ", "12° 1' ", "1, ", "A, ", "a, 1\n", "\n>1 A", "Apt. 1 ",
    "12 A St\nApt 1\n", "DE89 3704 ", "AB12", "X1234567 ", "78 05 1", "0000000000", "🙂", "a\u0301", "\u200b",
    "１",
]  # fmt: skip


def _patterns() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Every recognizer that reads texts, and every compiled pattern of the detector's modules."""
    for reader in RECOGNIZERS:
        yield (
            f"recognizer {getattr(reader, 'source', reader.__class__.__name__)}",
            lambda text, reader=reader: list(reader.read(text)),
        )  # type: ignore[misc]
    yield "names", lambda text: list(names(text))
    yield "edges of addresses", lambda text: list(whole_addresses(text, [Span(0, 9, ADDRESS, 1.0)]))
    yield "known values", lambda text: list(again(text, [("Ana Maria Lima", "PERSON"), (text[:40], "BOOKING_ID")]))
    yield "normalising", normalised
    for module in pkgutil.walk_packages(tactful.privacy.__path__, "tactful.privacy."):
        if not module.name.endswith("worker"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern | regex.Pattern):
                    yield f"{module.name}.{name}", lambda text, value=value: value.findall(text)  # type: ignore[misc]


def _ms(search: Callable[[str], object], text: str, times: int = 3) -> float:
    """The least of `times` processor times, in ms: what the machine does besides only adds."""
    best = math.inf
    for _ in range(times):
        started = time.process_time()
        search(text)
        best = min(best, (time.process_time() - started) * 1000)
    return best


@pytest.mark.parametrize(("name", "search"), [pytest.param(*each, id=each[0]) for each in _patterns()])
def test_no_pattern_is_slow_on_any_text(name: str, search: Callable[[str], object]) -> None:
    for hostile in HOSTILE:
        text = (hostile * LIMIT)[:LIMIT]
        took = _ms(search, text, 1)
        if took > FAINT_MS:
            took = _ms(search, text)
            assert took <= MOST_MS, f"{name} takes {took:.0f} ms on {hostile!r}"
        if took > FAINT_MS:
            steepness = min(_steepness(search, hostile) for _ in range(3))
            assert steepness <= STEEPEST, f"{name} grows by length to the {steepness:.2f} on {hostile!r}"


def _steepness(search: Callable[[str], object], hostile: str) -> float:
    """The exponent of time over length, from the limit to four times the limit."""
    once, longer = (_ms(search, (hostile * length)[:length]) for length in (LIMIT, 4 * LIMIT))
    return math.log(longer / once, 4)
