"""Encrypted values open only where they belong, and nothing tells them by accident."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tactful.config import Settings
from tactful.errors import DecryptionFailed, SetupError
from tactful.store.crypto import KeyRing, SubjectCipher, WrappedKey

PLACE = {"table": "vault", "column": "value", "row": "c/PERSON_1", "subject": "s1"}


def sealed(ring: KeyRing, cipher: SubjectCipher) -> tuple[bytes, WrappedKey]:
    key = ring.new_data_key("s1")
    return cipher.encrypt("Ana Lima", key, **PLACE), key


def test_a_value_comes_back_where_it_was_put(ring: KeyRing, cipher: SubjectCipher) -> None:
    blob, key = sealed(ring, cipher)
    assert cipher.decrypt(blob, key, **PLACE) == "Ana Lima"
    assert b"Ana" not in blob


def test_the_same_value_never_looks_the_same_twice(ring: KeyRing, cipher: SubjectCipher) -> None:
    key = ring.new_data_key("s1")
    assert cipher.encrypt("Ana", key, **PLACE) != cipher.encrypt("Ana", key, **PLACE)


@pytest.mark.parametrize("part", ["table", "column", "row"])
def test_a_value_moved_elsewhere_does_not_open(ring: KeyRing, cipher: SubjectCipher, part: str) -> None:
    blob, key = sealed(ring, cipher)
    with pytest.raises(DecryptionFailed):
        cipher.decrypt(blob, key, **{**PLACE, part: "elsewhere"})


def test_a_value_of_another_subject_does_not_open(ring: KeyRing, cipher: SubjectCipher) -> None:
    blob, _ = sealed(ring, cipher)
    other = {**PLACE, "subject": "s2"}
    with pytest.raises(DecryptionFailed):
        cipher.decrypt(blob, ring.new_data_key("s2"), **other)


def test_a_key_wrapped_for_one_subject_does_not_serve_another(ring: KeyRing, cipher: SubjectCipher) -> None:
    with pytest.raises(DecryptionFailed):
        cipher.encrypt("Ana", ring.new_data_key("s1"), **{**PLACE, "subject": "s2"})


@pytest.mark.parametrize("harm", [lambda b: b[:-1], lambda b: b[:5], lambda b: b"", lambda b: b"\x07" + b[1:]])
def test_a_cut_or_foreign_ciphertext_is_a_clear_error(ring: KeyRing, cipher: SubjectCipher, harm: Any) -> None:
    blob, key = sealed(ring, cipher)
    with pytest.raises(DecryptionFailed) as failure:
        cipher.decrypt(harm(blob), key, **PLACE)
    assert "Ana" not in str(failure.value)


def test_another_installations_ring_opens_nothing(ring: KeyRing, cipher: SubjectCipher) -> None:
    blob, key = sealed(ring, cipher)
    stranger = SubjectCipher(KeyRing.of(os.urandom(32)))
    with pytest.raises(DecryptionFailed):
        stranger.decrypt(blob, key, **PLACE)


def test_blind_indexes_find_equal_values_and_keep_purposes_apart(ring: KeyRing) -> None:
    assert ring.blind_index("a", "x") == ring.blind_index("a", "x")
    assert len({ring.blind_index("a", "x"), ring.blind_index("b", "x"), ring.blind_index("a", "y")}) == 3
    assert ring.blind_index("ab", "c") != ring.blind_index("a", "bc")


def test_nothing_secret_in_a_repr(ring: KeyRing) -> None:
    assert repr(ring) == "KeyRing(1 keys)"
    assert "blob" not in repr(ring.new_data_key("s1"))


def test_the_first_start_makes_a_key_file_only_its_owner_can_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = KeyRing.from_settings(settings)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert KeyRing.from_settings(settings).derive("x") == first.derive("x")


def test_two_first_starts_at_once_agree_on_one_ring(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with ThreadPoolExecutor(2) as pool:
        rings = list(pool.map(lambda _: KeyRing.from_settings(settings).derive("x"), range(2)))
    assert rings[0] == rings[1]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    KeyRing.from_settings(Settings(home=tmp_path))
    (tmp_path / "keys.json").chmod(0o644)
    with pytest.raises(SetupError, match="chmod 600"):
        KeyRing.from_settings(Settings(home=tmp_path))


def test_a_damaged_key_file_is_refused_not_replaced(tmp_path: Path) -> None:
    KeyRing.from_settings(Settings(home=tmp_path))
    (tmp_path / "keys.json").write_text('{"keys": {}}')
    with pytest.raises(SetupError, match="damaged"):
        KeyRing.from_settings(Settings(home=tmp_path))


def test_a_master_key_that_is_not_32_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="32 bytes"):
        KeyRing.from_settings(Settings(home=tmp_path, master_key="c2hvcnQ="))
