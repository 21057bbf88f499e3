"""When a model is trained again: when what it is made of has changed, and only then."""

import os
from pathlib import Path

import pytest

from tactful.cli.train import fingerprint, model_path


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
