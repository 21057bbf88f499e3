"""When a model is trained again: when what it is made of has changed, and only then."""

import ast
import os
import re
from pathlib import Path

import pytest

from tactful.cli.modelling import NOT_MODEL, ensure_model, fingerprint, model_path
from tactful.errors import SetupError
from tests.conftest import ROOT

ENGINE = ROOT / "engine"


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
     "engine/uv.lock", "engine/tactful_engine/new.py", "engine/tactful_engine/travel/gazetteer.tsv.gz"],
)  # fmt: skip
def test_a_changed_part_is_another_model(project: Path, file: str) -> None:
    before = model_path(project)
    (project / file).parent.mkdir(exist_ok=True)
    (project / file).write_text("changed: yes\n")
    assert model_path(project) != before


@pytest.mark.parametrize("file", sorted(NOT_MODEL))
def test_what_serves_a_model_is_no_part_of_it(project: Path, file: str) -> None:
    before = model_path(project)
    (project / file).write_text("changed: yes\n")
    assert model_path(project) == before


def test_all_that_a_pipeline_is_made_of_counts() -> None:
    """No component of the config, and nothing that one imports, is taken for something that only serves."""
    used = set(re.findall(r"name: (tactful_engine(?:\.\w+)+)\.\w+", (ROOT / "config.yml").read_text()))
    seen: set[Path] = set()
    while used:
        file = ENGINE / f"{used.pop().replace('.', '/')}.py"
        if file.is_file() and file not in seen:
            seen.add(file)
            used |= _imported(file)
    assert {"kernel_ridge.py", "lean_trackers.py", "recent_states.py", "importer.py"} <= {file.name for file in seen}
    assert NOT_MODEL.isdisjoint(file.relative_to(ROOT).as_posix() for file in seen)
    assert all((ROOT / file).is_file() for file in NOT_MODEL)


def _imported(file: Path) -> set[str]:
    """Modules, and names that may be modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


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


MADE = '"$9/$7.tar.gz"'  # of: -W ignore -m rasa train --fixed-model-name NAME --out FOLDER


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
    _rasa_that(project, f"echo a warning of Rasa >&2; touch {MADE}")
    assert ensure_model(project) == model
    seen = capfd.readouterr()
    assert "a warning of Rasa" not in seen.out + seen.err
    assert "Training a model" in seen.out


def test_of_two_trainings_of_the_same_data_the_first_ones_file_stays(project: Path) -> None:
    model = model_path(project)
    _rasa_that(project, f"echo theirs > {model}; echo ours > {MADE}")
    assert ensure_model(project) == model
    assert model.read_text() == "theirs\n"
    assert [each.name for each in model.parent.iterdir()] == [model.name]


def test_what_rasa_says_is_shown_when_training_fails(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _rasa_that(project, "printf '\\033[91mYamlException: the domain is wrong in line 3\\033[0m in domain.yml'; exit 1")
    with pytest.raises(SetupError, match=r"^Training failed with YamlException, in domain\.yml"):
        ensure_model(project)
    assert "the domain is wrong in line 3" in capfd.readouterr().err
