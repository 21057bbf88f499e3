"""Tools that know what they check, from the group `deploy`; without it these tests say why they are left out."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"


def tool(name: str) -> str:
    """The path of a program of the group."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed; scripts/install deploy brings it, which CI does")
    return found
