"""The command line as a whole: help, errors, and what the README promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tactful.cli.main import commands
from tests.conftest import ROOT

app = commands()
GROUPS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = sorted(GROUPS)


def tactful(*arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "TACTFUL_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "tactful.cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    text = " ".join(shown.output.split())
    assert "Example: tactful" in text or "Commands" in text


@pytest.mark.parametrize("group", [name for name in COMMANDS if hasattr(GROUPS[name], "commands")])
def test_subcommands_explain_themselves_too(group: str) -> None:
    for command in GROUPS[group].commands:
        shown = CliRunner().invoke(app, [group, command, "--help"])
        assert f"Example: tactful {group} {command}" in " ".join(shown.output.split()), command


def test_every_command_in_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:\.venv/bin/)?tactful (\w+)", text))
    assert named
    assert named <= set(COMMANDS)


def test_every_make_target_in_the_readme_exists() -> None:
    named = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^):]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_a_failure_is_one_line_and_an_exit_status(tmp_path: Path) -> None:
    failed = tactful("subject", "export", "--customer", "nobody", home=tmp_path)
    assert failed.returncode != 0
    assert len(failed.stderr.strip().splitlines()) == 1
    assert failed.stderr.startswith("tactful: ")


def test_settings_never_print_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACTFUL_MASTER_KEY", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYyE=")
    shown = tactful("settings", home=tmp_path)
    assert shown.returncode == 0
    assert "TACTFUL_MASTER_KEY=(set)" in shown.stdout
    assert "c2VjcmV0" not in shown.stdout


def test_doctor_says_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    told = tactful("doctor", home=tmp_path)
    assert told.returncode == 1
    assert re.search(r"FAIL  keys: .*make run", told.stdout)
    assert re.search(r"ok    privacy.yml", told.stdout)
