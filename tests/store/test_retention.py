"""Retention: each thing goes on its end date, not a second before, and is counted."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, insert, select, text, update

from tactful.config import Settings
from tactful.errors import AuditBroken
from tactful.privacy.placeholders import Replacement
from tactful.privacy.policy import Policy
from tactful.profile import facts, subjects
from tactful.profile.facts import Writing
from tactful.store import audit_retention
from tactful.store import retention as module
from tactful.store.anchor import Anchors
from tactful.store.audit import SYSTEM, Act, AuditLog
from tactful.store.audit_check import Verdict, verify
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.retention import Periods, Retention
from tactful.store.tables import audit, conversations, messages, metadata, outbox, requests, used_tokens
from tactful.store.tables import vault as vault_table
from tactful.store.trackers import Trackers
from tactful.store.vault import Vault
from tests.conftest import Clock

DAY_MS = 86_400_000


class Kept:
    """An installation in which one of everything is kept, with retention over it."""

    def __init__(
        self, database: Database, settings: Settings, ring: KeyRing, vault: Vault, policy: Policy, clock: Clock
    ) -> None:
        self.database, self.settings, self.ring = database, settings, ring
        self.vault, self.policy, self.clock = vault, policy, clock
        self.log = AuditLog(ring, policy, clock, Anchors([settings.home / "audit.anchor"]))
        self.trackers = Trackers(settings)
        # Rasa's store, as its stock SQL store makes it.
        url = settings.database if not database.is_sqlite else f"sqlite:///{settings.home / 'engine.db'}"
        self.engine = create_engine(url)
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE events (sender_id VARCHAR(255), data TEXT)"))

    @property
    def retention(self) -> Retention:
        periods = Periods.of(self.policy, outbox_days=30, audit_days=1095)
        return Retention(self.database, self.vault, self.trackers, self.log, periods, self.clock)

    def run(self, **how: Any) -> dict[str, int]:
        return self.retention.run(SYSTEM, **how)

    def plant(self, number: int = 1) -> str:
        """A customer who told a home and, in a chat, a name and a password; all that follows from it."""
        conversation_id, now = f"{number:032x}", self.clock()
        with self.database.begin() as tx:
            subject_id = subjects.create(tx, self.ring, now=now)
            tx.execute(
                insert(conversations).values(
                    id=conversation_id, subject_id=subject_id, created_at=now, expires_at=now + 30 * DAY_MS
                )
            )
            writing = Writing("told", now, conversation_id)
            facts.apply(tx, SubjectCipher(self.ring), self.policy, subject_id, {"home": "Porto"}, writing)
            told = [Replacement("PERSON_1", "PERSON", "Ana Lima"), Replacement("SECRET_1", "SECRET", "hunter2")]
            self.vault.keep(tx, conversation_id, subject_id, told)
            for seq in (1, 2):
                tx.execute(
                    insert(messages).values(
                        conversation_id=conversation_id, seq=seq, author="customer", kind="text",
                        status="answered", text="I am PERSON_1", created_at=now,
                    )
                )  # fmt: skip
            for delivered in (None, now):
                tx.execute(
                    insert(outbox).values(
                        conversation_id=conversation_id, kind="turn_answered", payload={},
                        created_at=now, delivered_at=delivered,
                    )
                )  # fmt: skip
            tx.execute(insert(used_tokens).values(token_index=number.to_bytes(32), expires_at=now + 60_000))
            tx.execute(
                insert(requests).values(
                    id=conversation_id, subject_id=subject_id, right="access", via="chat", status="done",
                    asked_at=now, due_at=now + 30 * DAY_MS, done_at=now, steps=[],
                )
            )  # fmt: skip
            self.log.record(tx, Act.PROFILE_READ, actor=SYSTEM, subject_id=subject_id)
        with self.engine.begin() as connection:
            for _ in range(3):
                connection.execute(text("INSERT INTO events VALUES (:id, '{}')"), {"id": conversation_id})
        return conversation_id

    def rows(self) -> dict[str, Any]:
        """Everything there is, the vault's values included."""
        with self.database.read() as tx:
            held: dict[str, Any] = {
                table.name: sorted(map(repr, tx.execute(select(table)).all())) for table in metadata.sorted_tables
            }
        with self.engine.connect() as connection:
            return held | {"events": connection.execute(text("SELECT count(*) FROM events")).scalar_one()}


@pytest.fixture
def kept(
    database: Database, url: str, ring: KeyRing, vault: Vault, policy: Policy, clock: Clock,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> Kept:  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", url)
    return Kept(database, Settings(home=tmp_path), ring, vault, policy, clock)


@pytest.mark.parametrize(
    ("table", "days", "count"),
    [
        ("used_tokens", 60 / 86_400, 1),
        ("vault", 1, 1),  # the password
        ("outbox", 30, 1),  # delivered
        ("facts", 365, 1),
        ("messages", 365, 2),
        ("conversations", 365, 1),
        ("engine_events", 365, 3),
        ("requests", 365, 1),
        ("subjects", 365, 1),
        ("audit", 1095, 1),
    ],
)
def test_each_goes_on_its_end_date_and_not_a_second_before(
    kept: Kept, clock: Clock, table: str, days: float, count: int
) -> None:
    kept.plant()
    clock.forward(days=days, seconds=-1)
    assert kept.run(dry_run=True)[table] == 0
    assert kept.run().get(table, 0) == 0
    clock.forward(seconds=1)
    assert kept.run()[table] == count
    assert kept.run().get(table, 0) == 0


def test_a_value_that_is_gone_leaves_its_number_taken(kept: Kept, clock: Clock) -> None:
    conversation_id = kept.plant()
    clock.forward(days=90)
    assert kept.run()["vault"] == 2
    with kept.database.read() as tx:
        assert kept.vault.entries(tx, conversation_id) == []
        assert tx.execute(select(func.count()).select_from(vault_table)).scalar_one() == 2
        assert tx.execute(select(func.max(vault_table.c.value))).scalar_one() == b""


def test_what_was_never_delivered_has_an_end_date_too(kept: Kept, clock: Clock) -> None:
    kept.plant()
    clock.forward(days=364)
    assert kept.run()["outbox"] == 1
    clock.forward(days=1)
    assert kept.run()["outbox"] == 1


def test_in_the_end_nothing_is_left_but_the_audit_log(kept: Kept, clock: Clock) -> None:
    kept.plant()
    clock.forward(days=365)
    kept.run()
    left = {name for name, rows in kept.rows().items() if rows}
    assert left <= {"audit", "audit_head", "schema_floor"}


def test_a_conversation_with_a_turn_under_way_or_a_younger_message_stays(kept: Kept, clock: Clock) -> None:
    busy, chatty = kept.plant(1), kept.plant(2)
    clock.forward(days=365)
    with kept.database.begin() as tx:
        tx.execute(update(conversations).where(conversations.c.id == busy).values(lease_until=clock() + 1))
        one = messages.c.conversation_id == chatty, messages.c.seq == 2
        tx.execute(update(messages).where(*one).values(created_at=clock() - 1))
    assert kept.run()["conversations"] == 0
    clock.forward(days=1)
    assert kept.run()["conversations"] == 1


def test_what_only_the_engine_still_knows_goes(kept: Kept) -> None:
    kept.plant()
    with kept.engine.begin() as connection:
        connection.execute(text("INSERT INTO events VALUES ('gone', '{}')"))
    assert kept.run(dry_run=True)["engine_events"] == 1
    assert kept.run()["engine_events"] == 1
    assert kept.rows()["events"] == 3


@pytest.mark.parametrize("days", [0, 1, 30, 90, 364, 365, 366, 1095, 1200])
def test_a_dry_run_changes_nothing_and_counts_the_same(kept: Kept, clock: Clock, days: int) -> None:
    for number in range(1, 4):
        kept.plant(number)
    clock.forward(days=days)
    before = kept.rows()
    expected = kept.run(dry_run=True)
    assert kept.rows() == before
    done = kept.run()
    assert {name: n for name, n in done.items() if n} == {name: n for name, n in expected.items() if n}
    assert (kept.rows() != before) == any(done.values())


def test_what_was_deleted_is_audited_by_table_and_nothing_when_there_was_nothing(kept: Kept, clock: Clock) -> None:
    kept.plant()
    kept.run()
    clock.forward(days=1)
    kept.run()
    with kept.database.read() as tx:
        (entry,) = tx.execute(select(audit).where(audit.c.act == Act.RETENTION_RUN)).mappings()
    assert entry["fields"] == "used_tokens=1,vault=1"


def test_a_run_that_is_broken_off_is_audited_and_the_next_goes_on(
    kept: Kept, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(1, 8):
        kept.plant(number)
    clock.forward(days=365)
    expected = kept.run(dry_run=True)

    def stop(table: str, count: int) -> None:
        if table == "messages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.run(told=stop)
    with kept.database.read() as tx:
        before = tx.execute(select(audit.c.fields).where(audit.c.act == Act.RETENTION_RUN)).scalar_one()
    assert f"facts={expected['facts']}" in before
    assert 0 < kept.run()["conversations"] < expected["conversations"]
    assert not any(kept.run(dry_run=True).values())


def test_two_runs_at_once_delete_everything_once(
    kept: Kept, url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(1, 20):
        kept.plant(number)
    clock.forward(days=365)
    expected = kept.run(dry_run=True)
    periods = Periods.of(kept.policy, outbox_days=30, audit_days=1095)
    other = Database(url)
    runs = [kept.retention, Retention(other, kept.vault, kept.trackers, kept.log, periods, clock)]
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda run: run.run(SYSTEM), runs)
    other.close()
    assert not any(kept.run(dry_run=True).values())
    assert {name: one.get(name, 0) + two.get(name, 0) for name in expected} == expected
    with kept.database.read() as tx:
        assert verify(tx, kept.log.key, kept.log.anchors).bad is None


def test_when_the_engines_store_is_away_its_conversations_stay_and_it_is_an_error(
    kept: Kept, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.plant()
    clock.forward(days=365)

    def away(ids: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(kept.trackers, "forget", away)
    with pytest.raises(ConnectionError):
        kept.run()
    assert len(kept.rows()["conversations"]) == 1


def shortened(kept: Kept, clock: Clock) -> Kept:
    """Five old entries are retired, three younger ones stay."""
    for number in range(1, 6):
        kept.plant(number)
    clock.forward(days=1000)
    for number in range(6, 9):
        kept.plant(number)
    clock.forward(days=95)
    with kept.database.read() as tx:
        assert audit_retention.due(tx, clock() - 1095 * DAY_MS) == 5
    assert audit_retention.shorten(kept.database, kept.log, clock() - 1095 * DAY_MS, SYSTEM) == 5
    return kept


def test_a_shortened_chain_is_still_whole_and_says_that_it_was_shortened(kept: Kept, clock: Clock) -> None:
    shortened(kept, clock)
    with kept.database.read() as tx:
        assert verify(tx, kept.log.key, kept.log.anchors) == Verdict(4)
        newest = tx.execute(select(audit).order_by(audit.c.seq.desc())).mappings().first()
    assert newest is not None
    assert (newest["act"], newest["fields"], newest["seq"]) == (Act.AUDIT_SHORTENED, "audit=5", 9)


@pytest.mark.parametrize(
    ("tamper", "bad"),
    [("DELETE FROM audit WHERE seq = 6", 6), ("UPDATE audit SET reason = 'legal' WHERE seq = 7", 7),
     ("UPDATE audit_head SET base_seq = 4", 4)],
)  # fmt: skip
def test_a_shortened_chain_still_shows_tampering(kept: Kept, clock: Clock, tamper: str, bad: int) -> None:
    shortened(kept, clock)
    with kept.database.begin() as tx:
        tx.execute(text(tamper))
        assert verify(tx, kept.log.key, kept.log.anchors).bad == bad


def test_a_chain_that_was_tampered_with_is_not_shortened(kept: Kept, clock: Clock) -> None:
    kept.plant(1)
    kept.plant(2)
    with kept.database.begin() as tx:
        tx.execute(text("UPDATE audit SET reason = 'legal' WHERE seq = 1"))
    clock.forward(days=1095)
    with pytest.raises(AuditBroken, match="Entry 1"):
        kept.run()
    with kept.database.read() as tx:
        assert tx.execute(select(func.min(audit.c.seq))).scalar_one() == 1
