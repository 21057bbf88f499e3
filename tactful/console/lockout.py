"""Lock-out after failed sign-ins, per account and per address, for a time that grows.

An attempt is counted before its password is looked at, and taken back when it was right: so that many at once are
many attempts. What is stored is a keyed index of the account's name or of the address, never either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import sign_in_failures as failures
from tactful.web.addresses import network

FIRST_WAIT_S, LONGEST_WAIT_S = 30, 15 * 60
FORGOTTEN_MS = 24 * 3_600_000  # after so long without a failure


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way: the indexes that it counts for, with how many failures each allows before it waits."""

    keys: dict[bytes, int]


class Lockout:
    """One installation's, shared by its doors through the database."""

    ACCOUNT_FAILURES, ADDRESS_FAILURES = 5, 20

    def __init__(self, database: Database, ring: KeyRing, clock: Callable[[], int]) -> None:
        self._database, self._ring, self._clock = database, ring, clock

    def begin(self, login: str, address: str) -> Attempt | int:
        """Count an attempt; or the seconds to wait, when it may not be made."""
        attempt = Attempt({
            self._ring.blind_index("sign-in-account", login): self.ACCOUNT_FAILURES,
            self._ring.blind_index("sign-in-address", network(address)): self.ADDRESS_FAILURES,
        })  # fmt: skip
        now = self._clock()
        with self._database.begin() as tx:
            rows = {key: _row(tx, key, now) for key in sorted(attempt.keys)}
            wait = max(until for _, until in rows.values()) - now
            if wait > 0:
                return ceil(wait / 1000)
            for key, (count, _) in rows.items():
                _store(tx, key, count + 1, now, _until(count + 1 - attempt.keys[key], now))
        return attempt

    def succeeded(self, attempt: Attempt) -> None:
        """Take the attempt back. The account begins anew; the address loses only this one failure.

        Or one account of one's own would clear the way for guessing at others'.
        """
        with self._database.begin() as tx:
            for key, allowed in sorted(attempt.keys.items()):
                if allowed == self.ACCOUNT_FAILURES:
                    tx.execute(delete(failures).where(failures.c.key == key))
                else:
                    tx.execute(
                        update(failures)
                        .where(failures.c.key == key, failures.c.count > 0)
                        .values(count=failures.c.count - 1, locked_until=0)
                    )


def _row(tx: Connection, key: bytes, now: int) -> tuple[int, int]:
    """(failures, locked until), with the row held until the commit."""
    query = select(failures.c.count, failures.c.locked_until, failures.c.last_at).where(failures.c.key == key)
    found = tx.execute(query.with_for_update()).mappings().first()
    if found is None:
        try:
            with tx.begin_nested():
                tx.execute(insert(failures).values(key=key, count=0, last_at=now, locked_until=0))
        except IntegrityError:
            pass  # another door was first
        found = tx.execute(query.with_for_update()).mappings().one()
    if found["last_at"] < now - FORGOTTEN_MS:
        return 0, 0
    return int(found["count"]), int(found["locked_until"])


def _store(tx: Connection, key: bytes, count: int, now: int, until: int) -> None:
    tx.execute(update(failures).where(failures.c.key == key).values(count=count, last_at=now, locked_until=until))


def _until(over: int, now: int) -> int:
    """When the next attempt may be made, after `over` failures more than are free."""
    if over < 0:
        return 0
    return now + 1000 * min(LONGEST_WAIT_S, FIRST_WAIT_S << min(over, 10))
