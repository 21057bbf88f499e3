"""What a door does by itself so that nothing outlives its end date, and nobody who was erased comes back."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from anyio import to_thread

from tactful.errors import TactfulError
from tactful.profile import subjects
from tactful.profile.rights import OPERATOR, Rights
from tactful.store.audit import SYSTEM, Act, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.refusals import Refusals
from tactful.store.retention import DAY_MS, Retention
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
    refusals: Refusals
    clock: Callable[[], int]
    hours: float
    backup_days: int  # for how long backups are kept at most; 0 is for ever
    done: Callable[[], None] = lambda: None  # hears of each run that came to its end

    def make_good(self) -> list[str]:
        """Do again what a restored backup undid, erasures and refusals; the subjects who had refused something.

        Errors: as `erase_returned`.
        """
        with self.database.read() as tx:
            there = subjects.there(tx)
        erased = set(self.erase_returned(there))
        return self.rights.by(OPERATOR).refuse_again([each for each in there if each not in erased])

    def erase_returned(self, there: Sequence[str] | None = None) -> list[str]:
        """Erase again whom a restored backup brought back; their ids.

        `there`: all who are not erased, if somebody has just read that.
        Errors: those of an erasure. A door must not serve while somebody is back who was erased.
        """
        if there is None:
            with self.database.read() as tx:
                there = subjects.there(tx)
        returned = self.tombstones.named(there)
        for subject_id in returned:
            self.rights.by(OPERATOR).erase(subject_id)
            with self.database.begin() as tx:
                self.audit.record(
                    tx, Act.ERASED_AGAIN, actor=SYSTEM, subject_id=subject_id, reason=Reason.RESTORED_BACKUP
                )
        return returned

    def forget_refusals(self) -> int:
        """Shorten the file of refusals by what no backup can bring back; by how many.

        Those are of who was erased and has a tombstone, and those from before the oldest backup that is kept.
        """
        with self.database.read() as tx:
            gone = {self.refusals.pseudonym(each) for each in self.tombstones.named(subjects.erased(tx))}
        oldest = self.clock() - self.backup_days * DAY_MS if self.backup_days else 0
        return self.refusals.shorten(gone, oldest)

    async def keep(self) -> None:
        """Delete what is past its end date, every so many hours, for ever; not at all if they are 0.

        The file of refusals is left alone at first: doors of the version before, which may still run, know no lock.
        """
        if self.hours <= 0:
            return
        await asyncio.sleep(min(FIRST_S, self.hours * 3600))
        for run in count():
            try:
                counts = await to_thread.run_sync(partial(self.retention.run, SYSTEM))
                if run:
                    counts |= {"refusals": await to_thread.run_sync(self.forget_refusals)}
                self.done()
                if any(counts.values()):
                    log.info("retention: %s", ", ".join(f"{table} {gone}" for table, gone in counts.items() if gone))
            except TactfulError as error:
                log.error("retention was put off: %s", error)
            except Exception as error:  # the schedule must survive; a stack trace could quote a row
                log.error("retention failed: %s", type(error).__name__)
            await asyncio.sleep(self.hours * 3600)
