"""`tactful redact`: the contract of lines in and lines out, and what happens to a line that cannot be checked."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from tactful.cli import redact
from tactful.privacy.detector import Detector
from tactful.privacy.spans import Span
from tests.conftest import ROOT

COMMAND = [sys.executable, "-m", "tactful.cli.main", "redact"]


def run(given: bytes, *options: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*COMMAND, *options], cwd=ROOT, input=given, capture_output=True, timeout=120)


def lines(*rows: Any) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@pytest.fixture(scope="module")
def answered() -> "subprocess.CompletedProcess[bytes]":
    """Good lines and bad ones in one run: starting the detector is what takes time."""
    return run(
        lines({"id": "a", "text": "😀😀 write to ana@example.com, or ana@example.com"}, {"id": 7, "text": ""})
        + b"\n"
        + b"not json\n"
        + b'{"id": "broken", "text": "\xff\xfe"}\n'
        + b'{"id": "half", "text": "\\ud800"}\n'
        + lines({"id": "no text"}, {"id": "list", "text": ["x"]}, ["a list"])
        + lines({"id": "z", "text": "thanks, that\u2028 works 👩‍👩‍👧", "more": "is ignored"}),
        "--jsonl",
    )


@pytest.fixture(scope="module")
def rows(answered: "subprocess.CompletedProcess[bytes]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in answered.stdout.decode().split("\n") if line]


def test_the_rows_come_in_order_with_their_ids_as_they_were(rows: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in rows] == ["a", 7, "z"]


def test_offsets_count_code_points_of_the_original(rows: list[dict[str, Any]]) -> None:
    original = "😀😀 write to ana@example.com, or ana@example.com"
    assert [original[span["start"] : span["end"]] for span in rows[0]["spans"]] == ["ana@example.com"] * 2
    assert {span["type"] for span in rows[0]["spans"]} == {"EMAIL_ADDRESS"}


def test_the_same_value_is_the_same_placeholder(rows: list[dict[str, Any]]) -> None:
    assert rows[0]["text"] == "😀😀 write to EMAIL_ADDRESS_1, or EMAIL_ADDRESS_1"


def test_what_holds_nothing_personal_comes_back_as_it_was(rows: list[dict[str, Any]]) -> None:
    assert rows[1] == {"id": 7, "text": "", "spans": []}
    assert rows[2] == {"id": "z", "text": "thanks, that\u2028 works 👩‍👩‍👧", "spans": []}


def test_unreadable_lines_are_named_without_being_quoted(answered: "subprocess.CompletedProcess[bytes]") -> None:
    assert answered.returncode == 1
    said = answered.stderr.decode()
    for number in (4, 5, 6, 7, 8, 9):
        assert f"line {number} is not" in said
    assert "not json" not in said
    assert "Traceback" not in said


def test_answers_stream_before_the_input_ends() -> None:
    process = subprocess.Popen([*COMMAND, "--jsonl"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        for number in range(2):
            process.stdin.write(lines({"id": number, "text": "hello"}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()


def test_plain_lines_stay_lines_and_a_broken_one_is_withheld() -> None:
    done = run(b"mail ana@example.com\r\n\xff\xfe\nthanks\n")
    assert done.stdout.decode() == "mail EMAIL_ADDRESS_1\n[withheld]\nthanks\n"
    assert done.returncode == 1
    assert "line 2" in done.stderr.decode()


class Failing(Detector):
    """A detector that breaks on one text."""

    def __init__(self) -> None:
        """Without models: it looks for nothing."""

    def detect(self, text: str, **_: Any) -> list[Span]:
        if "break" in text:
            raise RuntimeError(text)
        return []


def test_a_text_that_the_detector_fails_on_comes_out_empty_and_marked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = io.StringIO()
    source = io.BytesIO(lines({"id": 1, "text": "break me"}, {"id": 2, "text": "fine"}))
    assert redact._jsonl(Failing(), source, out) == 1
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first == {"id": 1, "text": "", "spans": [], "withheld": True}
    assert second["text"] == "fine"
    assert "break me" not in capsys.readouterr().err
