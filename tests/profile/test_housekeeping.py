"""The door's own schedule: it goes on whatever happens, and says what happened without quoting it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tactful.errors import StoreUnavailable
from tactful.profile.housekeeping import Housekeeping
from tactful.profile.rights import Rights
from tactful.store.audit import AuditLog
from tactful.store.database import Database
from tactful.store.refusals import Refusals
from tactful.store.tombstones import Tombstones


@dataclass
class Scripted:
    """Retention's place in a test: does what it is told, in order, then nothing."""

    outcomes: list[object]
    runs: int = 0

    def run(self, actor: object) -> dict[str, int]:
        outcome = self.outcomes[self.runs] if self.runs < len(self.outcomes) else {}
        self.runs += 1
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, dict)
        return outcome


def housekeeping(
    database: Database, rights: Rights, audit: AuditLog, retention: Scripted, hours: float
) -> Housekeeping:
    tombstones = Tombstones(Path("/nonexistent"), b"k" * 32, lambda: 1)
    return Housekeeping(
        database,
        rights,
        tombstones,
        retention,
        audit,
        Refusals.nowhere(),
        lambda: 1,
        hours,
        0,  # type: ignore[arg-type]
    )


def test_a_run_that_fails_is_logged_and_the_next_is_made(
    database: Database, rights: Rights, audit: AuditLog, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    retention = Scripted([StoreUnavailable(), ValueError("Ana Lima"), {"facts": 2, "vault": 0}])

    async def for_a_while() -> None:
        task = asyncio.create_task(housekeeping(database, rights, audit, retention, 0.00001).keep())
        while retention.runs < 4:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(for_a_while(), 20))
    assert "put off" in caplog.text
    assert "retention failed: ValueError" in caplog.text
    assert "retention: facts 2" in caplog.text
    assert "Ana" not in caplog.text


def test_no_hours_is_never(database: Database, rights: Rights, audit: AuditLog) -> None:
    retention = Scripted([])
    asyncio.run(asyncio.wait_for(housekeeping(database, rights, audit, retention, 0).keep(), 5))
    assert retention.runs == 0


def test_without_tombstones_nobody_is_erased_again(database: Database, rights: Rights, audit: AuditLog) -> None:
    assert housekeeping(database, rights, audit, Scripted([]), 1).erase_returned() == []
