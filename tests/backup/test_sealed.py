"""A sealed file opens with its keys alone, and every change of it is noticed."""

import io

import pytest

from tactful.backup import sealed
from tactful.backup.sealed import SealedReader, SealedWriter
from tactful.errors import BackupDamaged, SetupError

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "PART", 100)


def seal(content: bytes) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, KEY)
    for start in range(0, len(content), 33):
        writer.write(content[start : start + 33])
    writer.finish()
    return file.getvalue()


def opened(content: bytes, key: bytes = KEY) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(content), key)).read()


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 200, 950])
def test_what_was_sealed_opens_as_it_was(length: int) -> None:
    content = bytes(number % 251 for number in range(length))
    assert opened(seal(content)) == content


def test_nothing_of_it_can_be_read_from_outside() -> None:
    assert b"Porto" not in seal(b"home: Porto")
    assert seal(b"same") != seal(b"same")


def test_another_installations_keys_are_told_apart_from_damage() -> None:
    with pytest.raises(SetupError, match=r"other keys.*keys\.json"):
        opened(seal(b"x"), bytes(32))


def test_every_byte_that_is_changed_is_noticed() -> None:
    whole = seal(b"a" * 250)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises((BackupDamaged, SetupError)):
            opened(bytes(changed))


def test_every_end_that_is_missing_or_added_is_noticed() -> None:
    whole = seal(b"a" * 250)
    for length in range(len(whole)):
        with pytest.raises(BackupDamaged):
            opened(whole[:length])
    with pytest.raises(BackupDamaged):
        opened(whole + b"x")


def test_parts_in_another_order_are_noticed() -> None:
    whole = seal(b"a" * 300)
    head = whole.index(b"\n") + 1
    one, two, rest = whole[head : head + 116], whole[head + 116 : head + 232], whole[head + 232 :]
    with pytest.raises(BackupDamaged):
        opened(whole[:head] + two + one + rest)
