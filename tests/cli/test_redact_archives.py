"""`tactful redact ARCHIVE… --out DIR` as a user runs it: what it says, its exit status, what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMMAND = [sys.executable, "-m", "tactful.cli.main", "redact"]


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_archives_of_two_kinds_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_text('{"id": 1, "text": "mail ana@example.com"}\nbroken ana@example.com\n')
    (tmp_path / "tickets.csv").write_text("body,mail\nwrite to bo@example.com,bo@example.com\n")
    out = tmp_path / "out"
    done = run(tmp_path / "chats.jsonl", tmp_path / "tickets.csv", "--column", "body", "--out", out, "--workers", "1")
    assert (out / "tickets.csv").read_text() == "body\nwrite to EMAIL_ADDRESS_1\n"
    assert json.loads((out / "chats.jsonl").read_text())["text"] == "mail EMAIL_ADDRESS_1"
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"tactful: chats.jsonl:2 was withheld; why: {out}/manifest.json"]
    assert done.stdout == f"3 documents, 2 spans replaced: {out}\n"
    manifest = (out / "manifest.json").read_text()
    assert json.loads(manifest)["withheld"] == [{"archive": "chats.jsonl", "row": 2, "reason": "not a JSON object"}]
    assert "ana@" not in manifest
    assert sorted(path.name for path in out.iterdir()) == ["chats.jsonl", "manifest.json", "tickets.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.jsonl", "--out", "{out}"], "missing.jsonl is not a file"),
        ([str(ROOT / "README.md"), "--out", "{out}"], "archives are"),
        (["sqlite:////nowhere/at/all.db", "--out", "{out}"], "tracker store cannot be read"),
    ],
)
def test_what_is_no_archive_is_refused_in_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(*(each.format(out=tmp_path / "out") for each in arguments))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_archives_need_a_folder() -> None:
    done = run("chats.jsonl")
    assert done.returncode == 2
    assert "--out" in done.stderr
