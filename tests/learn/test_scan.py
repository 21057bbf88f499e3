"""What a model's archive is searched for: values of the vault, and shapes that are nobody's vocabulary."""

import gzip
import io
import json
import tarfile
from pathlib import Path

from tactful.learn.scan import scan


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "model.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def words(*words: str) -> bytes:
    return json.dumps({"word": words}).encode()


def test_a_clean_archive_is_clean(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.json": words("where", "is", "my invoice")})
    assert scan(path, ["Zofia Kowalczyk"], "").personal == []
    assert scan(path, [], "").parts >= 1


def test_a_value_of_the_vault_is_found_in_a_vocabulary_and_never_told(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.json": words("where", "zofia kowalczyk", "invoice")})
    assert scan(path, ["Zofia Kowalczyk"], "").personal == ["words.json (a value of the vault)"]


def test_it_is_found_where_it_lies_compressed_within(tmp_path: Path) -> None:
    path = archive(tmp_path, {"inner.gz": gzip.compress(b"kowalczyk was here")})
    assert scan(path, ["Kowalczyk"], "").personal


def test_a_customer_called_like_a_city_does_not_stop_every_model(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.json": words("paris", "zofia")})
    assert scan(path, ["Paris"], "- a week in Paris please").personal == []
    assert scan(path, ["Paris", "Zofia"], "- a week in Paris please").personal


def test_shapes_that_are_personal_are_found_without_the_vault(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.json": words("write to zofia.kowalczyk@example.org", "4111 1111 1111 1111")})
    found = scan(path, [], "").personal
    assert any("EMAIL_ADDRESS" in each for each in found)
    assert any("CREDIT_CARD" in each for each in found)
    assert "zofia" not in str(found)


def test_what_the_project_says_itself_is_not_held_against_it(tmp_path: Path) -> None:
    path = archive(tmp_path, {"domain.yml": b"text: write to help@wayfare.example\n"})
    assert scan(path, [], "write to help@wayfare.example").personal == []
    assert scan(path, [], "").personal


def test_what_cannot_be_opened_is_not_taken_for_clean(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.json": words("a") * 500})
    path.write_bytes(path.read_bytes()[:-20])
    assert scan(path, ["Zofia"], "").personal
