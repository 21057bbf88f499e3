"""The detector as a whole: it asks nobody, and no message makes it slow."""

import json
import re
import socket
import time

import pytest

from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import redact
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import span_row
from tests.conftest import ROOT

LIMIT = 4_000  # characters, the door's limit


def test_it_calls_nobody_over_the_network(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio's e-mail check loads a list of domain endings from the internet unless told otherwise."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the detector opened a connection")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fresh = Detector(policy)
    found = fresh.detect("ana@example.travel, https://x.example.co.uk/a?b=c, 10.0.0.1, +44 20 7946 0958")
    assert {"EMAIL_ADDRESS", "IP_ADDRESS", "PHONE_NUMBER"} <= {span.type for span in found}


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "1",
        "-",
        "a@",
        "1 ",
        "1.",
        "a.b-",
        "@.",
        "A1",
        "(555) ",
        "Ann ",
        "my name is ",
        "12 Main Street ",
        "🙂",
        "a\u0301",
        "\u200b",
        "=/+",
        ":f",
        '"',
    ],
)
def test_no_repetition_of_anything_makes_it_slow(detector: Detector, text: str) -> None:
    """A regular expression that backtracks takes minutes here; a text that long costs about .2 s of plain reading."""
    started = time.process_time()
    detector.detect((text * LIMIT)[:LIMIT])
    assert time.process_time() - started < 5


def test_the_example_in_the_documentation_is_true(detector: Detector) -> None:
    page = (ROOT / "docs/redaction.md").read_text(encoding="utf-8")
    asked, answered = (json.loads(cell) for cell in re.findall(r'\| `(\{"id".*?\})` ', page))
    spans = detector.detect(asked["text"])
    text = redact(asked["text"], spans, {}).text
    assert {"id": asked["id"], "text": text, "spans": [span_row(span) for span in spans]} == answered
