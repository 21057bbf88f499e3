"""The golden set only grows."""

from pathlib import Path

import pytest

from tactful.cli.evaluating import tone_of
from tactful.learn.golden import LOCK, GoldenUnusable, digest, golden, grown, locked, read
from tests.conftest import ROOT

FILE = """
nlu:
- intent: greet
  examples: |
    - hello there
    - hi
- intent: auth_error
  metadata: {language: en}
  examples:
  - text: |
      - 401 from the api
  - text: bonjour
    metadata: {language: fr, tone: plain}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "golden.yml").write_text(FILE)
    _lock(tmp_path)
    return tmp_path


def _lock(folder: Path, let_go: dict[str, str] | None = None) -> int:
    content, new = grown(folder, tone_of, let_go)
    (folder / LOCK).write_text(content)
    return new


def test_both_ways_of_writing_examples_are_read_with_their_groups(folder: Path) -> None:
    read_back = [(e.text, e.intent, e.tone, e.language) for e in golden(folder, tone_of).examples]
    assert read_back == [
        ("hello there", "greet", "plain", "en"),
        ("hi", "greet", "plain", "en"),
        ("401 from the api", "auth_error", "developer", "en"),
        ("bonjour", "auth_error", "plain", "fr"),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("    - hi\n", ""), ("- intent: greet", "- intent: goodbye"), ("hi\n", "hey\n")]
)
def test_a_sentence_that_is_gone_or_changed_stops_everything(folder: Path, old: str, new: str) -> None:
    (folder / "golden.yml").write_text(FILE.replace(old, new))
    with pytest.raises(GoldenUnusable, match="gone or changed"):
        golden(folder, tone_of)


def test_new_sentences_are_welcome_and_change_the_hash(folder: Path) -> None:
    before = golden(folder, tone_of).sha256
    (folder / "more.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - good day\n")
    assert golden(folder, tone_of).sha256 != before
    assert _lock(folder) == 1
    assert _lock(folder) == 0


def test_the_hash_does_not_depend_on_how_sentences_lie_in_files(folder: Path) -> None:
    before = golden(folder, tone_of).sha256
    (folder / "golden.yml").rename(folder / "another.yml")
    assert golden(folder, tone_of).sha256 == before


def test_a_sentence_whose_customer_was_erased_can_go_and_the_reason_stays(folder: Path) -> None:
    gone = digest(next(e for e in read(folder, tone_of) if e.text == "hi"))
    (folder / "golden.yml").write_text(FILE.replace("    - hi\n", ""))
    _lock(folder, {gone: "its customer\nwas erased"})
    assert len(golden(folder, tone_of).examples) == 3
    assert locked(folder)[gone] == "its customer was erased"


def test_what_the_lock_does_not_know_cannot_be_let_go(folder: Path) -> None:
    with pytest.raises(GoldenUnusable):
        grown(folder, tone_of, {"0" * 16: "why"})


def test_a_sentence_with_two_intents_is_refused(folder: Path) -> None:
    (folder / "more.yml").write_text("nlu:\n- intent: goodbye\n  examples: |\n    - hi\n")
    with pytest.raises(GoldenUnusable, match="two intents"):
        golden(folder, tone_of)


@pytest.mark.parametrize("content", ["nlu: [", "- a list", "", "nlu: []"])
def test_what_is_no_golden_set_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "golden.yml").write_text(content)
    with pytest.raises(GoldenUnusable):
        golden(tmp_path, tone_of)


def test_the_golden_set_of_this_project_is_whole_and_wholly_locked() -> None:
    held = golden(ROOT / "tests/nlu", tone_of)
    assert {digest(example) for example in held.examples} <= set(locked(ROOT / "tests/nlu"))
    assert len(held.examples) >= 470
