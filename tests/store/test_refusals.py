"""Refusals: what customers withdrew is known outside the database, names nobody, and holds again after a restore."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tactful.config import Settings
from tactful.store.crypto import KeyRing
from tactful.store.refusals import NAME, Refusal, Refusals, What
from tests.conftest import Clock

SUBJECT = "1" * 32


@pytest.fixture
def refusals(tmp_path: Path, ring: KeyRing, clock: Clock) -> Refusals:
    return Refusals.of(Settings(home=tmp_path), ring, clock)


def test_what_was_noted_is_read_in_the_order_of_its_time_and_names_nobody(refusals: Refusals, tmp_path: Path) -> None:
    later, before = Refusal(2, What.RESTRICTION), Refusal(1, What.OBJECTION, "training")
    for each in (later, before):
        refusals.note(SUBJECT, each)
    assert refusals.by_pseudonym() == {refusals.pseudonym(SUBJECT): [before, later]}
    file = tmp_path / NAME
    assert SUBJECT.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_a_torn_line_costs_no_other(refusals: Refusals, tmp_path: Path) -> None:
    refusals.note(SUBJECT, Refusal(1, What.RESTRICTION))
    with (tmp_path / NAME).open("ab") as torn:
        torn.write(b'{"who":"12","at":')
    refusals.note(SUBJECT, Refusal(2, What.RESTRICTION))
    assert len(refusals.by_pseudonym()[refusals.pseudonym(SUBJECT)]) == 2


def test_it_knows_of_all_refusals_only_since_it_was_begun(refusals: Refusals, clock: Clock) -> None:
    assert not refusals.knows_since(clock())
    refusals.begin()
    begun = clock()
    clock.forward(seconds=5)
    refusals.begin()  # it was, already
    assert refusals.knows_since(begun)
    assert not refusals.knows_since(begun - 1)


def test_a_backups_copy_adds_lines_and_no_knowledge(refusals: Refusals, tmp_path: Path, ring: KeyRing) -> None:
    (tmp_path / "old").mkdir()
    old = Refusals.of(Settings(home=tmp_path / "old"), ring, lambda: 5)
    old.begin()
    old.note(SUBJECT, Refusal(6, What.RESTRICTION))
    assert old.path
    refusals.take_in(old.path, whole=False)
    assert len(refusals.by_pseudonym()) == 1
    assert not refusals.knows_since(10)
    refusals.take_in(old.path, whole=True)
    assert refusals.knows_since(10)
    assert len(refusals.by_pseudonym()[refusals.pseudonym(SUBJECT)]) == 1


def test_a_shortened_file_knows_only_since_then(refusals: Refusals, tmp_path: Path) -> None:
    old, erased, kept = "1" * 32, "2" * 32, "3" * 32
    refusals.begin()
    begun = refusals._begun()[0]
    for subject, at in ((old, begun + 1), (erased, begun + 9), (kept, begun + 5), (kept, begun + 6)):
        refusals.note(subject, Refusal(at, What.CONSENT, "training", {"text": "é"}))
    gone = {refusals.pseudonym(erased)}
    assert refusals.shorten((), 0) == 0
    assert refusals.knows_since(begun)
    assert refusals.shorten(gone, 0) == 1
    assert refusals.knows_since(begun), "who was erased has a tombstone"
    assert refusals.shorten(gone, begun + 5) == 1
    assert list(refusals.by_pseudonym()) == [refusals.pseudonym(kept)]
    assert [each.at for each in refusals.by_pseudonym()[refusals.pseudonym(kept)]] == [begun + 5, begun + 6]
    assert not refusals.knows_since(begun + 4)
    assert refusals.knows_since(begun + 5)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_what_is_noted_while_the_file_is_shortened_stays(refusals: Refusals, tmp_path: Path, ring: KeyRing) -> None:
    old, new = "1" * 32, "2" * 32
    refusals.begin()

    def note(number: int) -> None:
        mine = Refusals.of(Settings(home=tmp_path), ring, lambda: 1)
        for each in range(100):
            mine.note(new, Refusal(1000 * number + each + 10, What.OBJECTION, "training"))
            mine.note(old, Refusal(1, What.RESTRICTION))

    with ThreadPoolExecutor(4) as pool:
        noting = [pool.submit(note, number) for number in range(4)]
        forgotten = 0
        while not all(each.done() for each in noting):
            forgotten += refusals.shorten((), 5)
        for each in noting:
            each.result()
    forgotten += refusals.shorten((), 5)
    assert forgotten == 400
    assert len(refusals.by_pseudonym()[refusals.pseudonym(new)]) == 400


def test_without_locks_all_may_note_and_nobody_shortens(refusals: Refusals, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr("fcntl.flock", unknown)
    refusals.note(SUBJECT, Refusal(1, What.RESTRICTION))
    with pytest.raises(OSError, match="not supported"):
        refusals.shorten((), 5)
    assert len(refusals.by_pseudonym()) == 1


def test_one_that_cannot_be_written_is_an_error(ring: KeyRing, tmp_path: Path) -> None:
    nowhere = Refusals.of(Settings(home=tmp_path / "nowhere"), ring, lambda: 1)
    with pytest.raises(OSError):
        nowhere.note(SUBJECT, Refusal(1, What.RESTRICTION))
