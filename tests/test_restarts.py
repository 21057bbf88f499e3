"""What a supervisor counts is what its door shows."""

from pathlib import Path

from tactful import restarts
from tactful.restarts import Restarts


def test_several_engines_are_one_kind_and_a_new_supervisor_begins_at_nothing(tmp_path: Path) -> None:
    file = restarts.file_of(tmp_path)
    assert list(restarts.read(file)) == []
    file.parent.mkdir()
    counts = Restarts(file)
    for program, why in (("engine", "hung"), ("engine-2", "hung"), ("door", "ended")):
        counts.add(program, why)
    assert set(restarts.read(file)) == {
        ("door", "ended", 1), ("door", "hung", 0), ("engine", "ended", 0), ("engine", "hung", 2),
    }  # fmt: skip
    Restarts(file)
    assert {count for _, _, count in restarts.read(file)} == {0}


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "restarts.json"
    file.write_text("[[1]]")
    assert list(restarts.read(file)) == []
