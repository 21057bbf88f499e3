"""What a placeholder stands for: readable by its own conversation, until its end date, and by nobody from the table."""

import pytest
from sqlalchemy import select, update

from tactful.chat.conversations import Conversations
from tactful.errors import TactfulError
from tactful.privacy.placeholders import Replacement
from tactful.privacy.policy import Policy
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import vault as table
from tactful.store.vault import Vault
from tests.conftest import Clock

ANA = Replacement("PERSON_1", "PERSON", "Ana Lima")
BEN = Replacement("PERSON_2", "PERSON", "Ben Roth")


@pytest.fixture
def opened(database: Database, vault: Vault, clock: Clock, ring: KeyRing) -> tuple[str, str]:
    """(conversation, subject)."""
    with database.begin() as tx:
        subject = subjects.create(tx, ring, now=clock())
        return Conversations(database, vault, clock, 30).open(tx, subject, None), subject


def test_a_value_comes_back_and_does_not_stand_in_the_table(
    database: Database, vault: Vault, opened: tuple[str, str]
) -> None:
    with database.begin() as tx:
        vault.keep(tx, *opened, [ANA])
    with database.read() as tx:
        (entry,) = vault.entries(tx, opened[0])
        row = tx.execute(select(table)).one()
    assert (entry.placeholder, entry.value) == ("PERSON_1", "Ana Lima")
    assert "Ana" not in repr(entry)
    assert b"Ana" not in bytes(row.value)


def test_a_value_that_was_swapped_with_another_row_is_refused(
    database: Database, vault: Vault, opened: tuple[str, str]
) -> None:
    with database.begin() as tx:
        vault.keep(tx, *opened, [ANA, BEN])
        stolen = tx.execute(select(table.c.value).where(table.c.placeholder == "PERSON_2")).scalar_one()
        tx.execute(update(table).where(table.c.placeholder == "PERSON_1").values(value=stolen))
    with database.read() as tx, pytest.raises(TactfulError) as refusal:
        vault.entries(tx, opened[0])
    assert "Ben" not in str(refusal.value)


def test_after_its_end_date_a_value_is_gone_and_its_number_stays_taken(
    database: Database, vault: Vault, clock: Clock, policy: Policy, opened: tuple[str, str]
) -> None:
    with database.begin() as tx:
        vault.keep(tx, *opened, [ANA])
    clock.forward(days=policy.vault_days("PERSON"), seconds=1)
    with database.begin() as tx:
        assert vault.entries(tx, opened[0]) == []
        assert list(vault.numbering(tx, opened[0]).values()) == ["PERSON_1"]
        assert vault.forget_expired(tx, opened[0]) == 1
        assert vault.forget_expired(tx, opened[0]) == 0
        assert tx.execute(select(table.c.value)).scalar_one() == b""


def test_a_value_that_is_said_again_keeps_its_number(database: Database, vault: Vault, opened: tuple[str, str]) -> None:
    with database.begin() as tx:
        vault.keep(tx, *opened, [ANA])
        assert vault.numbering(tx, opened[0])["PERSON", "ana lima"] == "PERSON_1"
