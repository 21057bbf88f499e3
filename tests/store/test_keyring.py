"""Where keys come from, and what happens when they change under a running door."""

import base64
import json
import os
from pathlib import Path

import pytest

from tactful.config import Settings
from tactful.errors import DecryptionFailed, SetupError
from tactful.store.crypto import KeyRing, WrappedKey
from tactful.store.keyring import KeyFile, source_of

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def text(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


def file_of(home: Path) -> KeyFile:
    source = source_of(Settings(home=home))
    assert isinstance(source, KeyFile)
    return source


def test_of_several_keys_the_first_wraps_and_the_last_is_the_root(tmp_path: Path) -> None:
    before = KeyRing.from_settings(Settings(home=tmp_path, master_key=text(OLD)))
    after = KeyRing.from_settings(Settings(home=tmp_path, master_key=text(NEW) + " , " + text(OLD)))
    assert after.current != before.current
    assert after.ids == [after.current, before.current]
    assert after.derive("x") == before.derive("x")
    assert after.blind_index("p", "v") == before.blind_index("p", "v")
    assert after.unwrap(before.new_data_key("s"), "s")


def test_a_new_key_in_the_mounted_file_is_learned_when_it_is_met(tmp_path: Path) -> None:
    mounted = tmp_path / "secret"
    mounted.write_text(text(OLD))
    settings = Settings(home=tmp_path, master_key_file=mounted)
    door = KeyRing.from_settings(settings)
    mounted.write_text(text(NEW, OLD))
    other = KeyRing.from_settings(settings)
    assert door.unwrap(other.new_data_key("s"), "s")
    assert door.current == other.current


def test_a_running_ring_learns_an_added_key_and_keeps_a_removed_one(tmp_path: Path) -> None:
    door, file = KeyRing.from_settings(Settings(home=tmp_path)), file_of(tmp_path)
    first = door.current
    early = door.new_data_key("s")
    added = file.add().current
    assert KeyRing.from_settings(Settings(home=tmp_path)).ids == [added, first]
    assert door.new_data_key("s").key_id == added
    file.remove(first)
    assert door.new_data_key("s").key_id == added
    assert door.unwrap(early, "s")
    with pytest.raises(DecryptionFailed, match=first):
        KeyRing.from_settings(Settings(home=tmp_path)).unwrap(early, "s")


def test_what_is_derived_stays_the_same_when_keys_come_and_go(tmp_path: Path) -> None:
    door, file = KeyRing.from_settings(Settings(home=tmp_path)), file_of(tmp_path)
    file.add()
    file.remove(door.current)
    assert KeyRing.from_settings(Settings(home=tmp_path)).derive("x") == door.derive("x")


def test_a_key_file_that_is_gone_or_anothers_is_an_error_not_a_new_ring(tmp_path: Path) -> None:
    door = KeyRing.from_settings(Settings(home=tmp_path))
    path = tmp_path / "keys.json"
    other = KeyRing.from_settings(Settings(home=tmp_path / "other"))
    os.replace(tmp_path / "other" / "keys.json", path)
    with pytest.raises(SetupError, match="another installation"):
        door.new_data_key("s")
    path.unlink()
    with pytest.raises(SetupError, match="gone"):
        door.new_data_key("s")
    assert not path.exists()
    assert other


def test_a_current_key_that_is_not_there_is_damage(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    file.read()
    content = json.loads(file.path.read_text())
    file.path.write_text(json.dumps(content | {"current": "00000000"}))
    with pytest.raises(SetupError, match="damaged"):
        file.read()


def test_removing_a_key_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = file.read()
    with pytest.raises(KeyError):
        file.remove("00000000")
    assert file.read() == before


@pytest.mark.parametrize("harm", [lambda b: b[:-1], lambda b: b[:9], lambda b: b"", lambda b: b[:-1] + b"\0"])
def test_a_wrapped_key_that_was_cut_or_changed_is_a_clear_error(ring: KeyRing, harm: object) -> None:
    key = ring.new_data_key("s")
    with pytest.raises(DecryptionFailed):
        ring.unwrap(WrappedKey(key.key_id, harm(key.blob)), "s")  # type: ignore[operator]


def test_a_wrapped_key_of_another_subject_is_a_clear_error(ring: KeyRing) -> None:
    with pytest.raises(DecryptionFailed):
        ring.unwrap(ring.new_data_key("s1"), "s2")
    with pytest.raises(DecryptionFailed):
        ring.rewrap(ring.new_data_key("s1"), "s2")


def test_no_key_stands_in_a_repr(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, master_key=text(OLD))
    shown = f"{source_of(settings)!r}{source_of(settings).read()!r}{settings!r}"
    assert text(OLD) not in shown
    assert repr(OLD) not in shown
