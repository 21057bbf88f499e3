"""When a model is trained again: when what it is made of has changed, and only then."""

import os
from pathlib import Path

import pytest

from tactful.cli.modelling import ensure_model, fingerprint, model_path
from tactful.errors import SetupError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "config.yml": "pipeline: []\n",
        "domain.yml": "intents: []\n",
        "domain/responses/a.yml": "responses: {}\n",
        "data/nlu/a.yml": "nlu: []\n",
        "engine/tactful_engine/part.py": "x = 1\n",
        "engine/uv.lock": "version = 1\n",
        "README.md": "read me\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def test_the_same_content_is_the_same_model_whenever_it_was_written(project: Path) -> None:
    before = fingerprint(project)
    os.utime(project / "data/nlu/a.yml", (1, 1))
    assert fingerprint(project) == before


@pytest.mark.parametrize(
    "file",
    ["config.yml", "domain.yml", "domain/responses/a.yml", "data/nlu/a.yml", "engine/tactful_engine/part.py",
     "engine/uv.lock"],
)  # fmt: skip
def test_a_changed_part_is_another_model(project: Path, file: str) -> None:
    before = model_path(project)
    (project / file).write_text("changed: yes\n")
    assert model_path(project) != before


def test_a_file_added_moved_or_taken_away_is_another_model(project: Path) -> None:
    before = fingerprint(project)
    (project / "data/nlu/a.yml").rename(project / "data/nlu/b.yml")
    assert fingerprint(project) != before


def test_what_no_model_is_made_of_does_not_matter(project: Path) -> None:
    before = fingerprint(project)
    (project / "README.md").write_text("read me again\n")
    (project / "engine/tactful_engine/__pycache__").mkdir()
    (project / "engine/tactful_engine/__pycache__/part.pyc").write_bytes(b"x")
    assert fingerprint(project) == before


def _rasa_that(project: Path, does: str) -> None:
    """Puts a program in the place of the engine's Python."""
    python = project / "engine/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{does}\n")
    python.chmod(0o755)


def test_what_rasa_says_while_it_trains_well_is_kept_from_the_screen(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = model_path(project)
    _rasa_that(project, f"echo a warning of Rasa >&2; mkdir -p models; touch {model}")
    assert ensure_model(project) == model
    seen = capfd.readouterr()
    assert "a warning of Rasa" not in seen.out + seen.err
    assert "Training a model" in seen.out


def test_what_rasa_says_is_shown_when_training_fails(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _rasa_that(project, "echo the domain is wrong in line 3; exit 1")
    with pytest.raises(SetupError):
        ensure_model(project)
    assert "the domain is wrong in line 3" in capfd.readouterr().err
