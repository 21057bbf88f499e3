"""`tactful redact`: the contract of lines in and lines out, and what happens to a line that cannot be checked."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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


def test_explain_says_who_found_a_span_and_why_but_never_the_value() -> None:
    done = run(lines({"id": 1, "text": "mail ana@example.com"}), "--jsonl", "--explain")
    (span,) = json.loads(done.stdout)["spans"]
    assert set(span) == {"start", "end", "type", "score", "recognizer", "context"}
    assert span["recognizer"]
    plain = run(b"mail ana@example.com\nthanks\n", "--explain").stdout.decode().splitlines()
    assert plain[0] == "mail EMAIL_ADDRESS_1"
    assert "EMAIL_ADDRESS" in plain[1]
    assert span["recognizer"] in plain[1]
    assert "5–20" in plain[1]
    assert plain[2:] == ["thanks"]
    assert "ana@" not in "".join(plain)


def test_a_conversation_keeps_its_numbers_from_line_to_line() -> None:
    rows = [
        ("a", "ana@example.com"),
        ("b", "bo@example.com"),
        ("a", "cy@example.com or ana@example.com"),
        (None, "x@example.com"),
    ]
    given = [{"id": 0, "text": text} | ({"conversation": name} if name else {}) for name, text in rows]
    answers = [json.loads(line)["text"] for line in run(lines(*given), "--jsonl").stdout.splitlines()]
    assert answers == [
        "EMAIL_ADDRESS_1", "EMAIL_ADDRESS_1", "EMAIL_ADDRESS_2 or EMAIL_ADDRESS_1", "EMAIL_ADDRESS_1",
    ]  # fmt: skip


def test_surrogates_are_consistent_in_a_conversation_and_follow_from_the_salt(tmp_path: Path) -> None:
    salt = tmp_path / "salt"
    salt.write_bytes(b"sixteen bytes or more")
    given = lines(*({"id": n, "text": "mail ana.berg@acme.com", "conversation": name} for n, name in enumerate("aab")))
    runs = [run(given, "--jsonl", "--replace", "surrogate", "--salt-file", str(salt)) for _ in range(2)]
    first, again, other = [json.loads(line)["text"] for line in runs[0].stdout.splitlines()]
    assert first == again != other
    assert re.fullmatch(r"mail [a-z]+\.[a-z]+@example\.com", first)
    assert runs[0].stdout == runs[1].stdout


def test_a_salt_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    salt = tmp_path / "salt"
    salt.write_bytes(b"short")
    done = run(b"", "--replace", "surrogate", "--salt-file", str(salt))
    assert done.returncode == 1
    assert done.stderr.decode().startswith("tactful: ")


def test_what_redact_does_not_need_is_not_loaded() -> None:
    """Start-up is what a person waits for."""
    program = "import sys; from tactful.cli.main import commands; commands(['redact']); print(*sys.modules)"
    asked = [sys.executable, "-c", program]
    loaded = set(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60).stdout.split())
    assert "tactful.cli.redact" in loaded
    assert not loaded & {"sqlalchemy", "alembic", "fastapi", "dask", "distributed", "faker", "tactful.bootstrap"}
