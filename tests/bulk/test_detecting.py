"""A detector's process that dies or hangs costs the text that did it, and no other."""

import sys
import time
from pathlib import Path

import pytest

from tactful.bulk.detecting import DetectorProcess
from tactful.errors import SetupError
from tests.bulk.conftest import BUDGET_MS, STAND_IN, json_lines, rows_of
from tests.bulk.conftest import Redact as Redact
from tests.conftest import ROOT


@pytest.fixture
def process() -> DetectorProcess:
    return DetectorProcess(ROOT / "privacy.yml", BUDGET_MS, STAND_IN)


@pytest.mark.parametrize("harm", ["[die]", "[hang]"])
def test_the_culprit_of_a_batch_is_found_and_the_others_are_read(process: DetectorProcess, harm: str) -> None:
    texts = [f"«{'a' * n}»" for n in range(1, 100)]
    texts[30] = harm
    began = time.monotonic()
    found = list(process.detect_all(texts))
    process.close()
    assert time.monotonic() - began < 60
    assert [n for n, spans in enumerate(found) if spans is None] == [30]
    assert all(spans and spans[0].end == len(text) - 1 for text, spans in zip(texts, found, strict=True) if spans)


def test_it_is_asked_with_the_question_and_what_is_known(process: DetectorProcess) -> None:
    assert [span.end for span in process.detect("Bo", "your name?") or []] == [2]
    assert [span.start for span in process.detect("hi Bo", None, [("Bo", "PERSON")]) or []] == [3]
    assert process.detect("[die]", "your name?") is None
    assert process.detect("fine") == []
    process.close()


def test_a_detector_that_never_starts_withholds_nothing_but_says_so() -> None:
    broken = DetectorProcess(ROOT / "privacy.yml", BUDGET_MS, (sys.executable, "-c", "raise SystemExit(1)"))
    with pytest.raises(SetupError):
        list(broken.detect_all(["a"]))


def test_the_real_one_finds_what_the_detector_finds() -> None:
    process = DetectorProcess(ROOT / "privacy.yml", 20_000)
    first, second = process.detect_all(["mail ana@example.com", "thanks"])
    process.close()
    assert [(span.start, span.end, span.type) for span in first or []] == [(5, 20, "EMAIL_ADDRESS")]
    assert second == []


def test_an_export_outlives_documents_that_hang_or_kill(tmp_path: Path, redact: Redact) -> None:
    texts = ["fine", "[die]", "«Ana»", "[hang]", "fine"]
    given = json_lines(tmp_path / "a.jsonl", *({"id": n, "text": text} for n, text in enumerate(texts)))
    told = redact(given)
    assert [row["id"] for row in rows_of(tmp_path / "out/a.jsonl")] == [0, 2, 4]
    assert [each["id"] for each in told["withheld"]] == [1, 3]
    assert told["finished"] is True
