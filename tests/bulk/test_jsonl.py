"""JSON lines: the named fields are redacted, what is not named is dropped, what cannot be read is withheld."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tactful.bulk import documents, jsonl
from tactful.bulk.documents import Options, Reason, Withheld
from tactful.bulk.index import Index, entries_of
from tactful.bulk.jsonl import JsonLines
from tests.bulk.conftest import Redact, json_lines, rows_of


def test_fields_that_nobody_named_are_dropped(tmp_path: Path, redact: Redact) -> None:
    given = json_lines(tmp_path / "a.jsonl", {"id": 7, "text": "I am «Ana»", "email": "ana@example.com", "lang": "en"})
    redact(given, keep=("lang",))
    assert rows_of(tmp_path / "out/a.jsonl") == [
        {"id": 7, "lang": "en", "text": "I am «PERSON_1»", "spans": [{"start": 6, "end": 9, "type": "PERSON"}]}
    ]


def test_several_fields_of_a_row_share_its_numbers(tmp_path: Path, redact: Redact) -> None:
    given = json_lines(tmp_path / "a.jsonl", {"title": "«Ana» and «Bo»", "body": "Bo, «Cy»", "n": 5})
    redact(given, fields=("title", "body", "n"), explain=True)
    (row,) = rows_of(tmp_path / "out/a.jsonl")
    assert (row["title"], row["body"], row["n"]) == ("«PERSON_1» and «PERSON_2»", "PERSON_2, «PERSON_3»", 5)
    assert [span["field"] for span in row["spans"]] == ["title", "title", "body", "body"]
    assert row["spans"][0]["recognizer"] == "stand-in"


def test_a_conversation_is_consistent_wherever_its_rows_stand(tmp_path: Path, redact: Redact) -> None:
    """Over many parts: each conversation is all in one, and the order of the archive comes back."""
    given = [
        {"id": n, "conversation": f"c{n % 7}", "text": f"«P{n % 7}» and «Q{n}» {'.' * 300}"} for n in range(700)
    ]  # fmt: skip
    redact(json_lines(tmp_path / "a.jsonl", *given))
    rows = rows_of(tmp_path / "out/a.jsonl")
    assert [row["id"] for row in rows] == list(range(700))
    for n, row in enumerate(rows):
        assert row["text"].startswith(f"«PERSON_1» and «PERSON_{n // 7 + 2}»")


def test_what_is_known_in_a_conversation_is_found_again(tmp_path: Path, redact: Redact) -> None:
    rows = [{"conversation": name, "text": text} for name, text in [(1, "«Ana»"), (1, "Ana said"), (2, "Ana said")]]
    redact(json_lines(tmp_path / "a.jsonl", *rows))
    texts = [row["text"] for row in rows_of(tmp_path / "out/a.jsonl")]
    assert texts == ["«PERSON_1»", "PERSON_1 said", "Ana said"]


def test_what_cannot_be_read_is_reported_by_its_line_and_never_quoted(tmp_path: Path, redact: Redact) -> None:
    given = tmp_path / "a.jsonl"
    not_json = ["not json", "[1]", '{"text": "\udcff\udcfe"}', '{"text": "\\ud800"}']
    no_text = ['{"text": ["x"]}', '{"id": "n", "other": "hush"}', '{"id": 9, "text": "[refuse] hush"}']
    json_lines(given, {"id": 1, "text": "fine"}, *not_json, "", *no_text, {"id": 2, "text": "fine"})
    told = redact(given)
    assert [row["id"] for row in rows_of(tmp_path / "out/a.jsonl")] == [1, 2]
    assert [(each["row"], each.get("id")) for each in told["withheld"]] == [
        (2, None), (3, None), (4, None), (5, None), (7, None), (8, "n"), (9, 9),
    ]  # fmt: skip
    assert told["documents"] == 9
    assert "hush" not in (tmp_path / "out/manifest.json").read_text()


def test_surrogates_are_the_same_with_the_same_salt(tmp_path: Path, redact: Redact) -> None:
    salt = tmp_path / "salt"
    salt.write_bytes(b"sixteen bytes or more")
    given = json_lines(tmp_path / "a.jsonl", *({"conversation": n % 2, "text": "«Ana Berg»"} for n in range(4)))
    for out in ("one", "two"):
        redact(given, out=tmp_path / out, replacement="surrogate", salt_file=salt)
    first = (tmp_path / "one/a.jsonl").read_text()
    assert first == (tmp_path / "two/a.jsonl").read_text()
    texts = [row["text"] for row in rows_of(tmp_path / "one/a.jsonl")]
    assert texts[0] == texts[2] != texts[1] == texts[3]
    assert "Ana" not in first
    manifest = (tmp_path / "one/manifest.json").read_text()
    assert "sixteen" not in manifest
    assert json.loads(manifest)["options"]["replacement"] == "surrogate"


def test_a_line_without_end_is_withheld_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (documents, jsonl):
        monkeypatch.setattr(module, "LARGEST_ROW", 1_000)
    given = json_lines(tmp_path / "a.jsonl", {"text": "a"}, {"text": "x" * 5_000}, {"text": "b" * 900}, {"text": "c"})
    index = Index(tmp_path / "index", given.stat().st_size)
    archive = JsonLines(given, Options())
    archive.plan(index)
    assert index.close() == sha256(given.read_bytes()).hexdigest()
    found = list(archive.documents(list(entries_of(tmp_path / "index", 0))))
    assert [each.reason if isinstance(each, Withheld) else each.row for each in found] == [1, Reason.TOO_LONG, 3, 4]
