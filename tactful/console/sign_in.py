"""Signing in and out. The answer to a wrong name, a wrong password and a disabled account is the same."""

from collections.abc import Callable

from sqlalchemy import Connection, select, update

from tactful.console import passwords
from tactful.console.accounts import normal
from tactful.console.linking import linked
from tactful.console.lockout import Lockout
from tactful.console.oidc import NO_ROLE, Identity
from tactful.console.sessions import Sessions
from tactful.console.staff import acting
from tactful.errors import BadRequest, TooMany, Unauthorised
from tactful.store.audit import Act, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.tables import staff

DISABLED = "Your account here is disabled. Ask an administrator of this console."
REFUSED = "This name and password do not fit together, or the account is disabled."


class SignIn:
    """One installation's."""

    def __init__(
        self, database: Database, sessions: Sessions, lockout: Lockout, audit: AuditLog, clock: Callable[[], int]
    ) -> None:
        self._database, self._sessions, self._lockout = database, sessions, lockout
        self._audit, self._clock = audit, clock

    def with_password(self, login: str, password: str, address: str, replacing: str | None = None) -> str:
        """A new session's token. `replacing`: the session that this browser had.

        Errors: `Unauthorised`; `TooMany` after failures, with the seconds to wait, whether or not the account exists.
        """
        try:
            login = normal(login)
        except BadRequest:
            login = ""  # nobody's; it is refused like any other
        attempt = self._lockout.begin(login, address)
        if isinstance(attempt, int):
            raise TooMany(f"Too many attempts. Try again in {_waiting(attempt)}.", retry_after=attempt)
        with self._database.read() as tx:
            row = tx.execute(select(staff).where(staff.c.login == login)).mappings().first()
        right = passwords.matches(row["password"] if row else None, password)
        if row is None or not right or row["disabled_at"]:
            self._refuse(row["id"] if row else "")
            raise Unauthorised(REFUSED)
        self._lockout.succeeded(attempt)
        renewed = passwords.digest(password) if passwords.is_outdated(row["password"]) else None
        with self._database.begin() as tx:
            if renewed:
                tx.execute(update(staff).where(staff.c.id == row["id"]).values(password=renewed))
            return self.begin(tx, row["id"], replacing)

    def from_elsewhere(self, identity: Identity, replacing: str | None = None) -> str:
        """A session for whom the company's own sign-in names; their account is made or brought up to date.

        Errors: `Unauthorised` when no role is mapped to them, or the account was disabled here.
        """
        with self._database.begin() as tx:
            account = linked(tx, identity, self._clock())
            if account and account.act:
                self._record(tx, account.act, account.id, "role")
            if account and identity.roles and not account.disabled:
                return self.begin(tx, account.id, replacing)
            if account:
                self._sessions.end_all(tx, account.id)
            self._record(tx, Act.SIGN_IN_REFUSED, account.id if account else "")
        raise Unauthorised(DISABLED if identity.roles else NO_ROLE)

    def begin(self, tx: Connection, staff_id: str, replacing: str | None = None) -> str:
        """A session for somebody whose identity was proven; its token."""
        tx.execute(update(staff).where(staff.c.id == staff_id).values(signed_in_at=self._clock()))
        token = self._sessions.begin(tx, staff_id, replacing)
        self._record(tx, Act.SIGNED_IN, staff_id)
        return token

    def fresh(self, staff_id: str, replacing: str | None = None) -> str:
        """As `begin`, in a transaction of its own."""
        with self._database.begin() as tx:
            return self.begin(tx, staff_id, replacing)

    def out(self, token: str) -> None:
        """End the session. Ending one that ended already changes nothing."""
        with self._database.begin() as tx:
            if staff_id := self._sessions.end(tx, token):
                self._record(tx, Act.SIGNED_OUT, staff_id)

    def _refuse(self, staff_id: str) -> None:
        with self._database.begin() as tx:
            self._record(tx, Act.SIGN_IN_REFUSED, staff_id)

    def _record(self, tx: Connection, act: Act, staff_id: str, *fields: str) -> None:
        who, reason = acting(staff_id), Reason.SECURITY
        self._audit.record(tx, act, actor=who, object_id=staff_id or None, fields=fields, reason=reason)


def _waiting(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
