"""The systemd units: as systemd itself reads and rates them."""

import os
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.deploy.conftest import DEPLOY, tool

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXPOSED = 2.0  # of 10; what systemd calls OK ends at 4.9


@pytest.fixture(params=UNITS, ids=lambda unit: unit.stem)
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The unit, with this installation in the place of /opt/tactful: systemd looks whether the program is there."""
    placed = tmp_path / request.param.name
    placed.write_text(request.param.read_text(encoding="utf-8").replace("/opt/tactful", str(ROOT)), encoding="utf-8")
    return placed


def analyzed(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [tool("systemd-analyze"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})


def test_systemd_finds_nothing_wrong(unit: Path) -> None:
    done = analyzed("verify", "--man=no", str(unit))
    ours = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_rates_it_as_closed(unit: Path) -> None:
    threshold = str(int(EXPOSED * 10))
    done = analyzed("security", "--offline=true", f"--threshold={threshold}", "--no-pager", str(unit))
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("file", UNITS, ids=lambda unit: unit.stem)
def test_secrets_are_credentials_and_an_engine_gets_none_of_the_doors(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    given = {line.split("=")[1].split(":")[0] for line in text.splitlines() if line.startswith("LoadCredential=")}
    assert given
    if "engine" in file.stem:
        assert given == {"tracker_url", "engine_secret", "actions_secret"}
        parsed = ConfigParser(strict=False, interpolation=None)
        parsed.optionxform = str  # type: ignore[assignment,method-assign]
        parsed.read_string(text)
        assert parsed["Service"]["IPAddressDeny"] == "any"
