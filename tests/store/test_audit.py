"""The audit chain: what is done to it shows, and no personal value gets into it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update

from tactful.privacy.placeholders import Redaction
from tactful.privacy.policy import Policy
from tactful.store.anchor import Anchors
from tactful.store.audit import SYSTEM, Act, Actor, AuditLog, Reason, Role
from tactful.store.audit_check import Verdict, verify
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import audit, audit_head
from tests.conftest import Clock

SUBJECT = "5" * 32
CUSTOMER = Actor(Role.CUSTOMER, SUBJECT)


class Book:
    """An audit log on a database of its own, with its anchor."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self.database, self.log = database, log

    def write(self, count: int = 1) -> None:
        for _ in range(count):
            with self.database.begin() as tx:
                self.log.record(tx, Act.PROFILE_CHANGED, actor=CUSTOMER, subject_id=SUBJECT, fields=["home"])

    def verify(self) -> Verdict:
        with self.database.read() as tx:
            return verify(tx, self.log.key, self.log.anchors)

    def run(self, *statements: object) -> None:
        """What somebody with the database in hand may do."""
        with self.database.begin() as tx:
            for statement in statements:
                tx.execute(text(statement) if isinstance(statement, str) else statement)  # type: ignore[call-overload]


@pytest.fixture
def book(database: Database, ring: KeyRing, policy: Policy, clock: Clock, tmp_path: Path) -> Book:
    return Book(database, AuditLog(ring, policy, clock, Anchors([tmp_path / "audit.anchor"])))


def test_an_untouched_chain_is_good_from_the_first_entry_on(book: Book) -> None:
    assert book.verify() == Verdict(0)
    book.write(5)
    assert book.verify() == Verdict(5)


def test_an_entry_says_who_what_whose_when_and_why_and_no_value(book: Book, clock: Clock) -> None:
    agent = Actor(Role.AGENT, "quimbleton@example.com")
    with book.database.begin() as tx:
        book.log.record(
            tx, Act.REVEAL_USED, actor=agent, subject_id=SUBJECT, fields=["PERSON"], reason=Reason.SUPPORT,
            note=Redaction("asked by PERSON_1", [], []), object_id="c0" * 16,
        )  # fmt: skip
        (entry,) = book.log.entries(tx, subject_id=SUBJECT)
    assert (entry["act"], entry["role"], entry["at"]) == ("reveal.used", "agent", clock.now)
    assert (entry["fields"], entry["reason"], entry["note"]) == ("PERSON", "support", "asked by PERSON_1")
    assert entry["actor"] == book.log.pseudonym(agent) != book.log.pseudonym(Actor(Role.OPERATOR, agent.identity))
    assert "quimbleton" not in f"{dict(entry)}{agent}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": ["Ana Lima"]},
        {"fields": "home"},
        {"subject_id": "ana@example.com"},
        {"object_id": "ana lima"},
        {"note": "Ana asked"},
        {"reason": "because Ana asked"},
        {"act": "read Ana's profile"},
        {"actor": Actor("Ana")},  # type: ignore[arg-type]
    ],
)
def test_what_could_be_a_value_is_refused_and_not_quoted(book: Book, wrong: dict[str, object]) -> None:
    entry = {"act": Act.PROFILE_READ, "actor": CUSTOMER, "subject_id": SUBJECT} | wrong
    with pytest.raises(ValueError) as refused, book.database.begin() as tx:
        book.log.record(tx, entry.pop("act"), **entry)  # type: ignore[arg-type]
    if {"fields", "subject_id", "object_id", "note"} & {*wrong}:
        assert not {"Ana", "ana"} & set(str(refused.value).replace("'", " ").split())
    assert book.verify() == Verdict(0)


def test_an_entry_of_a_transaction_that_fails_is_neither_kept_nor_anchored(book: Book) -> None:
    book.write()
    with pytest.raises(KeyError), book.database.begin() as tx:
        book.log.record(tx, Act.EXPORTED, actor=CUSTOMER, subject_id=SUBJECT)
        raise KeyError
    book.write()
    assert book.verify() == Verdict(2)


def test_recording_where_nothing_would_be_kept_is_refused(book: Book) -> None:
    with pytest.raises(RuntimeError), book.database.read() as tx:
        book.log.record(tx, Act.PROFILE_READ, actor=CUSTOMER)


def _swap(book: Book) -> None:
    with book.database.begin() as tx:
        one, other = tx.execute(select(audit).where(audit.c.seq.in_((2, 4))).order_by(audit.c.seq)).mappings().all()
        for here, there in ((2, other), (4, one)):
            content = {name: value for name, value in there.items() if name != "seq"}
            tx.execute(update(audit).where(audit.c.seq == here).values(content))


def _renumbered(book: Book) -> None:
    book.run("DELETE FROM audit WHERE seq = 2", *(f"UPDATE audit SET seq = {n - 1} WHERE seq = {n}" for n in (3, 4, 5)))


def _cut(book: Book) -> None:
    """The last two entries, and the head set back, as if they had never been."""
    with book.database.begin() as tx:
        tx.execute(delete(audit).where(audit.c.seq > 3))
        mac = tx.execute(select(audit.c.mac).where(audit.c.seq == 3)).scalar_one()
        tx.execute(update(audit_head).values(seq=3, mac=mac))


def _false_checkpoint(book: Book) -> None:
    """The first two entries, as if their time had come."""
    with book.database.begin() as tx:
        mac = tx.execute(select(audit.c.mac).where(audit.c.seq == 2)).scalar_one()
        tx.execute(delete(audit).where(audit.c.seq <= 2))
        tx.execute(update(audit_head).values(base_seq=2, base_mac=mac))


def _emptied(book: Book) -> None:
    zero = bytes(32)
    book.run(delete(audit), update(audit_head).values(seq=0, mac=zero))


@pytest.mark.parametrize(
    ("tamper", "bad", "said"),
    [
        (lambda book: book.run("UPDATE audit SET reason = 'legal' WHERE seq = 3"), 3, "changed"),
        (lambda book: book.run("UPDATE audit SET at = at + 1 WHERE seq = 1"), 1, "changed"),
        (lambda book: book.run("UPDATE audit SET subject_id = NULL WHERE seq = 5"), 5, "changed"),
        (lambda book: book.run("DELETE FROM audit WHERE seq = 2"), 2, "missing"),
        (lambda book: book.run("DELETE FROM audit WHERE seq = 1"), 1, "missing"),
        (_renumbered, 2, "changed, replaced"),
        (_swap, 2, "another place"),
        (lambda book: book.run("DELETE FROM audit WHERE seq > 3"), 4, "missing"),
        (_cut, 4, "anchor knows"),
        (_emptied, 1, "anchor knows"),
        (_false_checkpoint, 2, "checkpoint"),
        (lambda book: book.run("DELETE FROM audit_head"), 0, "head is missing"),
        (lambda book: book.run("UPDATE audit_head SET seq = 4"), 5, "head does not fit"),
        (lambda book: book.log.anchors.paths[0].unlink(), 5, "anchor is missing"),
        (lambda book: book.log.anchors.paths[0].write_text("quimbleton\n"), 0, "anchor is damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_first_bad_entry_is_named(book: Book, tamper: Callable[[Book], None], bad: int, said: str) -> None:
    book.write(5)
    tamper(book)
    verdict = book.verify()
    assert verdict.bad == bad
    assert said in verdict.why


def test_a_chain_that_replaces_another_is_found_even_when_it_was_made_with_the_key(
    book: Book, clock: Clock, tmp_path: Path
) -> None:
    book.write(5)
    anchors = book.log.anchors
    _emptied(book)
    book.log.anchors = Anchors([tmp_path / "elsewhere"])
    clock.forward(days=1)
    book.write(5)
    book.log.anchors = anchors
    assert book.verify().bad == 1
    assert "replaced" in book.verify().why


def test_a_chain_under_another_key_is_false(book: Book, policy: Policy, clock: Clock) -> None:
    book.write(2)
    stranger = AuditLog(KeyRing.of(b"\x07" * 32), policy, clock, book.log.anchors)
    assert Book(book.database, stranger).verify().bad == 1


def test_a_crash_while_anchoring_or_before_it_raises_no_alarm(book: Book) -> None:
    book.write(3)
    path = book.log.anchors.paths[0]
    whole = path.read_bytes()
    for kept in (whole[:-10], whole[: -len(whole) // 3], whole + b"4 ab"):
        path.write_bytes(kept)
        assert book.verify() == Verdict(3)
    book.write()
    assert book.verify() == Verdict(4)
    assert path.read_bytes().endswith(b"\n")


def test_a_second_anchor_tells_what_the_first_was_made_to_forget(book: Book, tmp_path: Path) -> None:
    here, there = book.log.anchors.paths[0], tmp_path / "mount" / "audit.anchor"
    there.parent.mkdir()
    book.log.anchors = Anchors([here, there])
    book.write(5)
    _cut(book)
    here.write_bytes(b"".join(here.read_bytes().splitlines(keepends=True)[:3]))
    assert book.verify().bad == 4


def test_an_anchor_that_cannot_be_written_stops_nobody_and_is_logged(
    book: Book, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book.log.anchors = Anchors([tmp_path / "nowhere" / "audit.anchor"])
    book.write()
    assert "anchor could not be written" in caplog.text
    assert "missing" in book.verify().why


def test_many_at_once_make_one_chain(url: str, book: Book) -> None:
    books = [book, Book(Database(url), book.log)]  # two doors

    def busy(book: Book) -> None:
        for _ in range(10):
            with book.database.begin() as tx:
                book.log.record(tx, Act.PROFILE_READ, actor=SYSTEM)
                book.log.record(tx, Act.PROFILE_READ, actor=SYSTEM)

    threads = [threading.Thread(target=busy, args=(books[number % 2],)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.verify() == Verdict(120)
    with book.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(audit)).scalar_one() == 120
    books[1].database.close()
