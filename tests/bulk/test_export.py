"""An export goes on where it was, whatever ended it, and never with something else than it was begun with."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tactful.bulk import manifest
from tactful.bulk.export import WORK
from tactful.errors import SetupError
from tests.bulk.conftest import BUDGET_MS, STAND_IN, Opened, Redact, export, json_lines, nobody, rows_of
from tests.conftest import ROOT

# An export over two real workers, in a process group of its own that a test can kill.
PROGRAM = f"""
    import sys
    from functools import partial
    from pathlib import Path
    from tactful.bulk import workers
    from tactful.bulk.documents import Options
    from tactful.bulk.export import Export
    if __name__ == "__main__":
        source, out, salt = sys.argv[1:]
        options = Options(replacement="surrogate")
        policy = Path({str(ROOT / "privacy.yml")!r})
        export = Export([source], Path(out), options, policy, {BUDGET_MS}, Path(salt), {STAND_IN!r})
        export.run(partial(workers.local, 2))
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Twelve parts; a third of its rows belong to conversations, and every tenth takes its time."""
    rows = [
        {"id": n, "text": f"«P{n % 50}» {'[slow]' if n % 10 == 0 else ''} {'.' * 250}"}
        | ({"conversation": n % 6} if n % 3 == 0 else {})
        for n in range(1_200)
    ]
    return json_lines(tmp_path / "a.jsonl", *rows)


def begin(tmp_path: Path, archive: Path, out: Path) -> "subprocess.Popen[bytes]":
    (tmp_path / "salt").write_bytes(b"sixteen bytes or more")
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, str(program), str(archive), str(out), str(tmp_path / "salt")]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)


def kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_at_any_point_it_ends_with_the_same_bytes(tmp_path: Path, archive: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert begin(tmp_path, archive, whole).wait(120) == 0
    kept: set[Path] = set()
    for done_before in (0, 1, 5):
        process = begin(tmp_path, archive, broken)
        try:
            deadline = time.monotonic() + 60
            while len(list(broken.glob(f"{WORK}/*/*.part"))) < done_before or not (broken / WORK).exists():
                assert process.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline
                time.sleep(0.01)
        finally:
            kill(process)
        parts = set(broken.glob(f"{WORK}/*/*.part"))
        assert kept <= parts
        kept = parts
        assert not (broken / "a.jsonl").exists()
        assert (manifest.read(broken) or {"finished": False})["finished"] is False
    times = {path: path.stat().st_mtime_ns for path in kept}
    process = begin(tmp_path, archive, broken)
    assert process.wait(120) == 0
    assert times, "the last kill left parts, and they were not done again"
    for name in ("a.jsonl", "manifest.json"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes()
    assert [row["id"] for row in rows_of(broken / "a.jsonl")] == list(range(1_200))
    assert sorted(path.name for path in broken.iterdir()) == ["a.jsonl", "manifest.json"]


def test_parts_that_are_done_are_not_done_again(tmp_path: Path, redact: Redact, opened: Opened) -> None:
    """Killed after the last part, before the end: nothing is left to do for any worker."""
    given = json_lines(tmp_path / "a.jsonl", {"text": "«Ana»"})
    unfinished = export(given, out=tmp_path / "out")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("tactful.bulk.export.assemble", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        unfinished.run(opened)
    assert not (tmp_path / "out/a.jsonl").exists()
    assert unfinished.run(nobody)["finished"] is True
    assert rows_of(tmp_path / "out/a.jsonl")[0]["text"] == "«PERSON_1»"


def test_a_finished_export_is_told_again_and_not_made_again(tmp_path: Path, redact: Redact) -> None:
    given = json_lines(tmp_path / "a.jsonl", {"text": "«Ana»"})
    told = redact(given)
    assert export(given, out=tmp_path / "out").run(nobody) == told


@pytest.mark.parametrize("what", ["archive", "option", "policy", "salt"])
def test_it_does_not_go_on_with_something_else(tmp_path: Path, opened: Opened, what: str) -> None:
    given, policy, salt = tmp_path / "a.jsonl", tmp_path / "privacy.yml", tmp_path / "salt"
    policy.write_bytes((ROOT / "privacy.yml").read_bytes())
    salt.write_bytes(b"sixteen bytes or more")
    json_lines(given, {"text": "«Ana»", "title": "x"})
    chosen = {"policy": policy, "salt_file": salt, "replacement": "surrogate"}
    export(given, out=tmp_path / "out", **chosen).run(opened)
    before = (tmp_path / "out/a.jsonl").read_bytes()
    if what == "archive":
        json_lines(given, {"text": "«Bo»", "title": "x"})
    elif what == "option":
        chosen["fields"] = ("text", "title")
    elif what == "policy":
        policy.write_bytes(policy.read_bytes() + b"\n# changed\n")
    else:
        salt.write_bytes(b"another sixteen bytes")
    again = export(given, out=tmp_path / "out", **chosen)
    with pytest.raises(SetupError, match="--restart"):
        again.run(nobody)
    assert (tmp_path / "out/a.jsonl").read_bytes() == before
    assert again.run(opened, restart=True)["finished"] is True


def test_files_that_it_did_not_write_are_not_written_over(tmp_path: Path, opened: Opened) -> None:
    given = json_lines(tmp_path / "a.jsonl", {"text": "«Ana»"})
    with pytest.raises(SetupError, match="--out"):
        export(given, out=tmp_path).run(opened)
    assert "«Ana»" in given.read_text()


def test_two_archives_of_one_name_are_refused(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "b").mkdir()
    given = [json_lines(folder / "a.jsonl", {"text": "x"}) for folder in (tmp_path, tmp_path / "b")]
    with pytest.raises(SetupError, match="two folders"):
        export(*given, out=tmp_path / "out").run(opened)


def test_two_runs_at_once_are_refused(tmp_path: Path, opened: Opened) -> None:
    given = json_lines(tmp_path / "a.jsonl", {"text": "x"})
    one = export(given, out=tmp_path / "out")
    (tmp_path / "out").mkdir()
    with one._alone(), pytest.raises(SetupError, match="another"):
        export(given, out=tmp_path / "out").run(opened)


def test_the_manifest_counts_what_came_out_and_names_the_policy(tmp_path: Path, redact: Redact) -> None:
    first = json_lines(tmp_path / "a.jsonl", {"text": "«Ana» «Bo»"}, {"text": "fine"})
    second = json_lines(tmp_path / "b.jsonl", {"text": "«Ana»"}, "no")
    told = redact(first, second)
    assert json.loads((tmp_path / "out/manifest.json").read_text()) == told
    assert (told["documents"], told["spans"]) == (4, {"PERSON": 3})
    assert [(each["archive"], each["row"]) for each in told["withheld"]] == [("b.jsonl", 2)]
    assert len(told["policy"]) == 12
    assert [len(each["sha256"]) for each in told["inputs"]] == [64, 64]


def test_the_folder_of_an_unfinished_export_is_only_its_owners(tmp_path: Path, opened: Opened) -> None:
    """It holds where the archive is (a URL with a password, maybe) and the salt."""
    given = json_lines(tmp_path / "a.jsonl", {"text": "x"})
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("tactful.bulk.export.assemble", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        export(given, out=tmp_path / "out").run(opened)
    work = tmp_path / "out" / WORK
    assert work.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in work.rglob("sal*")} == {0o600}
