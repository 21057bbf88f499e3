"""What a door does by itself so that nothing outlives its end date, and nobody who was erased comes back."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from anyio import to_thread

from tactful.errors import TactfulError
from tactful.profile.rights import OPERATOR, Rights
from tactful.store.audit import SYSTEM, Act, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.retention import Retention
from tactful.store.tombstones import Tombstones

log = logging.getLogger(__name__)

FIRST_S = 60.0  # a door that starts has other things to do


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Every door may do it: what two do at once is done once."""

    database: Database
    rights: Rights
    tombstones: Tombstones
    retention: Retention
    audit: AuditLog
    hours: float
    done: Callable[[], None] = lambda: None  # hears of each run that came to its end

    def erase_returned(self) -> list[str]:
        """Erase again whom a restored backup brought back; their ids.

        Errors: those of an erasure. A door must not serve while somebody is back who was erased.
        """
        with self.database.read() as tx:
            returned = self.tombstones.returned(tx)
        for subject_id in returned:
            self.rights.by(OPERATOR).erase(subject_id)
            with self.database.begin() as tx:
                self.audit.record(
                    tx, Act.ERASED_AGAIN, actor=SYSTEM, subject_id=subject_id, reason=Reason.RESTORED_BACKUP
                )
        return returned

    async def keep(self) -> None:
        """Delete what is past its end date, every so many hours, for ever; not at all if they are 0."""
        if self.hours <= 0:
            return
        await asyncio.sleep(min(FIRST_S, self.hours * 3600))
        while True:
            try:
                counts = await to_thread.run_sync(partial(self.retention.run, SYSTEM))
                self.done()
                if any(counts.values()):
                    log.info("retention: %s", ", ".join(f"{table} {count}" for table, count in counts.items() if count))
            except TactfulError as error:
                log.error("retention was put off: %s", error)
            except Exception as error:  # the schedule must survive; a stack trace could quote a row
                log.error("retention failed: %s", type(error).__name__)
            await asyncio.sleep(self.hours * 3600)
