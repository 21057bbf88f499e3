"""Models' files: told at a glance whether they are as registered, and verified in earnest before one is loaded."""

import os
import time
from pathlib import Path

import pytest

from tactful.learn import model_files
from tactful.learn.model_files import AS_REGISTERED, CHANGED, MISSING, Conditions, ModelChanged, hash_of, verify
from tactful.learn.models import Model


@pytest.fixture
def model(tmp_path: Path) -> Model:
    file = tmp_path / "m.tar.gz"
    file.write_bytes(b"weights")
    return Model("m", str(file), hash_of(file), "", "", None, 0, "ana")


def test_a_file_is_hashed_once_however_often_it_is_shown(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []

    def counted(path: Path) -> str:
        hashed.append(path)
        return hash_of(path)

    monkeypatch.setattr(model_files, "hash_of", counted)
    conditions = Conditions()
    assert [conditions.of(model) for _ in range(3)] == [AS_REGISTERED] * 3
    assert hashed == [model.path]


def test_a_file_of_the_same_size_and_time_but_other_content_is_seen_and_never_loaded(model: Model) -> None:
    conditions = Conditions()
    assert conditions.of(model) == AS_REGISTERED
    before = model.path.stat()
    time.sleep(0.05)  # the clock of the kernel that stamps files ticks every few milliseconds
    model.path.write_bytes(b"weightz")
    os.utime(model.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert conditions.of(model) == CHANGED
    with pytest.raises(ModelChanged):
        verify(model)
    model.path.unlink()
    assert conditions.of(model) == MISSING
