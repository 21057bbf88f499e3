"""Power fails, and SQLite's journal is cut at any byte, or ends in nonsense.

Invariant: the database opens and is sound; every message whose transaction was wholly in the journal is there, and no
half of another; the audit log verifies, or says which entries are missing that its anchor knows; a door goes on.
"""

import random
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from tactful.bootstrap import build
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.store import audit_check
from tactful.store.tables import messages
from tests.faults.conftest import often
from tests.faults.mending import GENEROUS, answered, seen, serving, until
from tests.web.conftest import Customer

KEPT = ("tactful.db", "keys.json", "audit.anchor")
MESSAGES = 12


@dataclass
class Life:
    """What a door left behind: its files as they were, and how long the journal was when each message was accepted."""

    home: Path
    journal: bytes
    accepted: dict[str, int]
    customer: Customer


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Life:
    """A door that works, and loses its power: no checkpoint, no farewell."""
    home, after = tmp_path_factory.mktemp("life"), tmp_path_factory.mktemp("after")
    settings = Settings(home=home, engine_port=1, **GENEROUS)
    with serving(settings, policy) as (client, services):
        services.database.clear_journal()
        services.database.engine.dispose()
        event.listen(services.database.engine, "connect", _never_checkpoint)
        customer, accepted = Customer(client), {}
        for number in range(MESSAGES):
            answered(customer, f"m{number}", f"I am Ana, number {number}")
            accepted[f"m{number}"] = (home / "tactful.db-wal").stat().st_size
            given = {"human_review": number % 2 == 0}
            client.put("/api/me/consents", json=given, headers=customer.headers).raise_for_status()
        for name in KEPT:
            shutil.copy(home / name, after / name)
        journal = (home / "tactful.db-wal").read_bytes()
    return Life(after, journal, accepted, customer)


def _never_checkpoint(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA wal_autocheckpoint = 0")


def left(life: Life, home: Path, journal: bytes) -> Settings:
    """A home with the files as the power failure left them."""
    for name in KEPT:
        shutil.copy(life.home / name, home / name)
    (home / "tactful.db-wal").write_bytes(journal)
    (home / "tactful.db-shm").unlink(missing_ok=True)
    return Settings(home=home, engine_port=1, **GENEROUS)


def check(settings: Settings, life: Life, whole: int) -> str:
    """Errors: whatever is not as it must be when so many bytes of the journal are whole. What the audit log says."""
    with closing(build(settings).database) as database, database.read() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        rows = tx.execute(select(messages).order_by(messages.c.seq)).mappings().all()
        services = build(settings)
        verdict = audit_check.verify(tx, services.audit.key, services.audit.anchors)
        services.database.close()
    theirs = {row["client_message_id"]: row for row in rows if row["author"] == "customer"}
    for identity, size in life.accepted.items():
        assert identity in theirs or size > whole, "an acknowledged message is lost, though its frames are whole"
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1)), "half a turn"
    for row in theirs.values():
        assert row["text"].startswith("I am PERSON_1, number ")
        replies = [reply for reply in rows if reply["reply_to"] == row["seq"]]
        assert len(replies) == (row["status"] == "answered"), "half a turn"
    assert verdict.bad is None or "missing: the anchor knows them" in verdict.why, verdict.why
    return verdict.why


def test_cut_at_any_byte_every_whole_turn_is_there(life: Life, tmp_path: Path) -> None:
    told = set()
    for number in range(often(30, 400)):
        end = random.randint(0, len(life.journal)) if number else len(life.journal)
        told.add(check(left(life, tmp_path, life.journal[:end]), life, end)[:7])
    assert told == {"", "Entries"}, "a whole journal verifies, a cut one says what is missing"


def test_what_was_written_over_ends_the_journal_there(life: Life, tmp_path: Path) -> None:
    """A page that the disk never wrote, or wrote badly: what follows it does not count, what precedes it does."""
    for _ in range(often(30, 400)):
        at = random.randint(32, len(life.journal) - 1)
        noise = random.choice([bytes(random.randint(1, 4096)), random.randbytes(random.randint(1, 4096))])
        journal = (life.journal[:at] + noise + life.journal[at + len(noise) :])[: len(life.journal)]
        check(left(life, tmp_path, journal), life, at)


def test_a_door_goes_on_after_it(life: Life, tmp_path: Path, policy: Policy) -> None:
    """The customer's page sends again what was not acknowledged; what waits is answered."""
    end = life.accepted["m6"] - 1
    settings = left(life, tmp_path, life.journal[:end])
    with serving(settings, policy) as (client, _):
        life.customer.client = client
        for number in range(MESSAGES):
            text = f"I am Ana, number {number}"
            sent = life.customer.send(text, client_message_id=f"m{number}")
            assert sent.status_code == 202, sent.text
        for number in range(MESSAGES):
            said = f"You said: I am Ana, number {number}"
            until(lambda said=said: [m["text"] for m in seen(life.customer)].count(said) == 1)
