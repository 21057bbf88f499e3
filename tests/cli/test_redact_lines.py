"""Lines in, lines out: batches of what is readable, a place for every line, what fails is withheld."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.cli.redact_lines import JsonLines, LineRedactor, PlainLines, readable
from tactful.privacy.budgeted import BudgetedDetector
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import Redactor
from tactful.privacy.scopes import Placeholders, Scopes
from tactful.privacy.spans import Span


class Failing(Detector):
    """A detector that breaks on one text and finds nothing in the others."""

    def __init__(self) -> None:
        """Without models."""

    def detect(self, text: str, **_: Any) -> list[Span]:
        if "break" in text:
            raise RuntimeError(text)
        return []

    def detect_batch(self, texts: Sequence[str]) -> list[list[Span]]:
        return [self.detect(text) for text in texts]


def redacted(policy: Policy, given: bytes, lines: JsonLines | PlainLines) -> tuple[str, int]:
    redactor = Redactor(BudgetedDetector(Failing(), 5_000), policy)
    out = io.StringIO()
    run = LineRedactor(redactor, Scopes(lambda _: Placeholders()), lines, conversation="conversation", explain=False)
    run.run(io.BytesIO(given), out)
    return out.getvalue(), run.failed


def test_a_text_that_the_detector_fails_on_comes_out_empty_and_marked(
    policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": 0, "text": "good"}, {"id": 1, "text": "break me"}, {"id": 2, "text": "fine"}]
    answer, failed = redacted(policy, "\n".join(map(json.dumps, rows)).encode(), JsonLines())
    good, broken, fine = map(json.loads, answer.splitlines())
    assert failed == 1
    assert broken == {"id": 1, "text": "", "spans": [], "withheld": True}
    assert (good["text"], fine["text"]) == ("good", "fine")
    assert "break me" not in capsys.readouterr().err


def test_every_plain_line_has_its_line_in_the_answer(policy: Policy) -> None:
    answer, failed = redacted(policy, b"one\r\n\n\xff\nbreak me\nlast", PlainLines())
    assert answer == "one\n\n[withheld]\n[withheld]\nlast\n"
    assert failed == 2


def test_a_type_that_the_policy_refuses_withholds_the_line(policy: Policy) -> None:
    strict = policy.model_copy(
        update={
            "entities": {
                **policy.entities,
                "SECRET": policy.entities["SECRET"].model_copy(update={"treatment": "withhold"}),
            }
        }
    )

    class Finding(Failing):
        def detect(self, text: str, **_: Any) -> list[Span]:
            return [Span(0, len(text), "SECRET", 1.0)]

    redactor = Redactor(BudgetedDetector(Finding(), 5_000), strict)
    out = io.StringIO()
    run = LineRedactor(redactor, Scopes(lambda _: Placeholders()), JsonLines(), conversation="", explain=False)
    assert run.run(io.BytesIO(b'{"id": 1, "text": "hunter2"}\n'), out) == 1
    assert json.loads(out.getvalue())["withheld"] is True


@given(st.lists(st.binary().map(lambda line: line.replace(b"\n", b"")), max_size=8), st.integers(1, 7), st.booleans())
def test_lines_come_whole_and_numbered_however_they_are_read(lines: list[bytes], at_once: int, ended: bool) -> None:
    given = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    found = [line for batch in readable(io.BytesIO(given), at_once) for line in batch]
    expected = given.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    assert found == list(enumerate(expected, 1))
