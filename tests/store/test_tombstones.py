"""Tombstones: who was erased is known outside the database, and named nowhere."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import update

from tactful.config import Settings
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import subjects as table
from tactful.store.tombstones import Tombstones
from tests.conftest import Clock


@pytest.fixture
def tombstones(tmp_path: Path, ring: KeyRing, clock: Clock) -> Tombstones:
    return Tombstones.of(Settings(home=tmp_path), ring, clock)


def two(database: Database, ring: KeyRing) -> tuple[str, str]:
    with database.begin() as tx:
        return subjects.create(tx, ring, now=1), subjects.create(tx, ring, now=1)


def test_only_an_erased_subject_who_is_here_again_has_returned(
    tombstones: Tombstones, database: Database, ring: KeyRing
) -> None:
    erased, other = two(database, ring)
    tombstones.add(erased)
    with database.begin() as tx:
        assert tombstones.named(subjects.there(tx)) == [erased]
        tx.execute(update(table).where(table.c.id == erased).values(erased_at=2))
        assert (subjects.there(tx), subjects.erased(tx)) == ([other], [erased])
        assert tombstones.named(subjects.there(tx)) == []


def test_the_file_tells_nobody_who_was_erased(
    tombstones: Tombstones, database: Database, ring: KeyRing, tmp_path: Path
) -> None:
    erased, _ = two(database, ring)
    tombstones.add(erased)
    file = tmp_path / "erased.tombstones"
    assert erased.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_another_key_knows_nobody(tombstones: Tombstones, database: Database, ring: KeyRing, tmp_path: Path) -> None:
    erased, _ = two(database, ring)
    tombstones.add(erased)
    stranger = Tombstones.of(Settings(home=tmp_path), KeyRing.of(os.urandom(32)), lambda: 1)
    assert stranger.named([erased]) == []


def test_a_line_torn_by_a_crash_costs_no_other(tombstones: Tombstones, tmp_path: Path) -> None:
    file = tmp_path / "erased.tombstones"
    tombstones.add("1" * 32)
    with file.open("ab") as torn:
        torn.write(b"0123456789")
    tombstones.add("2" * 32)
    assert len(tombstones) == 2


def test_many_at_once_lose_none(tombstones: Tombstones) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tombstones.add, (f"{number:032x}" for number in range(200))))
    assert len(tombstones) == 200


def test_a_tombstone_that_cannot_be_written_is_an_error(ring: KeyRing, tmp_path: Path) -> None:
    nowhere = Settings(home=tmp_path, tombstones=tmp_path / "nowhere" / "file")
    with pytest.raises(OSError):
        Tombstones.of(nowhere, ring, lambda: 1).add("1" * 32)
