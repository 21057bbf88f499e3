"""Accounts of staff: added by a one-time link, changed, disabled, removed. Every change is audited."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tactful.chat.sessions import new_id
from tactful.console import passwords
from tactful.console.links import Link, Links
from tactful.console.sessions import Sessions
from tactful.console.staff import OPERATOR, Role, acting, as_text, from_text
from tactful.errors import BadRequest, Conflict, NotFound
from tactful.store.audit import Act, Actor, AuditLog, Reason
from tactful.store.database import Database
from tactful.store.tables import staff

_LOGIN = re.compile(r"[\w.@+-]{2,80}")
USED_UP = "This link was used already, or is too old. Ask for a new one."
LAST = "This is the last administrator. Make somebody else one first."


@dataclass(frozen=True, slots=True)
class Account:
    """One account, as administrators see it."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    status: str  # active | invited | disabled
    signed_in_at: int | None
    elsewhere: bool  # signs in at the company's own sign-in

    @classmethod
    def of(cls, row: RowMapping) -> "Account":
        status = "active" if row["password"] or row["issuer"] else "invited"
        return cls(
            row["id"],
            row["login"],
            row["name"],
            from_text(row["roles"]),
            "disabled" if row["disabled_at"] else status,
            row["signed_in_at"],
            bool(row["issuer"]),
        )


class Accounts:
    """One installation's accounts. `by` is who acts, for the audit log."""

    def __init__(
        self, database: Database, sessions: Sessions, links: Links, audit: AuditLog, clock: Callable[[], int]
    ) -> None:
        self._database, self._sessions, self._links = database, sessions, links
        self._audit, self._clock = audit, clock

    def listed(self) -> list[Account]:
        """Every account, by name."""
        with self._database.read() as tx:
            return [Account.of(row) for row in tx.execute(select(staff).order_by(staff.c.name)).mappings()]

    def names(self, ids: Collection[str] | None = None) -> dict[str, str]:
        """Id → name, of everybody or of these; who was removed is not in it."""
        query = select(staff.c.id, staff.c.name)
        with self._database.read() as tx:
            rows = tx.execute(query if ids is None else query.where(staff.c.id.in_(ids)))
            return {row.id: row.name for row in rows}

    def get(self, staff_id: str) -> Account:
        """Errors: `NotFound`."""
        with self._database.read() as tx:
            return Account.of(_row(tx, staff_id))

    def named(self, login: str) -> Account:
        """Errors: `NotFound`."""
        with self._database.read() as tx:
            row = tx.execute(select(staff).where(staff.c.login == normal(login))).mappings().first()
        if row is None:
            raise NotFound("There is no account of this name. See: tactful user list")
        return Account.of(row)

    def first_link(self) -> str | None:
        """A link for the first administrator; None once there is an account."""
        with self._database.begin() as tx:
            return self._links.first(tx)

    def add(self, login: str, roles: frozenset[Role], by: Actor, name: str = "") -> tuple[Account, str]:
        """A new account, and the token of the link with which its owner chooses a password.

        Errors: `BadRequest` for a name that cannot be used or no role, `Conflict` for one that is taken.
        """
        with self._database.begin() as tx:
            staff_id = self._insert(tx, login, name, roles, by)
            token = self._links.make(tx, staff_id)
        return self.get(staff_id), token

    def look(self, token: str) -> tuple[Link, Account | None]:
        """What a link is good for, and for whom. Errors: `NotFound` when it is used up."""
        with self._database.read() as tx:
            link = self._links.look(tx, token)
            if link is None:
                raise NotFound(USED_UP)
            return link, Account.of(_row(tx, link.staff_id)) if link.staff_id else None

    def accept(self, token: str, *, password: str, login: str = "", name: str = "") -> str:
        """Use a link: set the password, and for the first administrator make the account; its id.

        Sessions from before the link end. Errors: `NotFound` when it is used up, `BadRequest` for what cannot be used.
        """
        account = self.look(token)[1]
        passwords.check(password, *((account.login, account.name) if account else (login, name)))
        digest = passwords.digest(password)
        with self._database.begin() as tx:
            link = self._links.use(tx, token)
            if link is None:
                raise NotFound(USED_UP)
            staff_id = link.staff_id or self._first(tx, login, name)
            values: dict[str, Any] = {"password": digest} | ({"name": shown(name)} if name else {})
            tx.execute(update(staff).where(staff.c.id == staff_id).values(values))
            self._sessions.end_all(tx, staff_id)
            self._changed(tx, staff_id, acting(staff_id), "password")
        return staff_id

    def change_password(self, staff_id: str, old: str, new: str) -> None:
        """Set one's own password; every session ends. Errors: `BadRequest`."""
        with self._database.read() as tx:
            row = _row(tx, staff_id)
        if not passwords.matches(row["password"], old):
            raise BadRequest("The present password is not right.")
        passwords.check(new, row["login"], row["name"])
        digest = passwords.digest(new)
        with self._database.begin() as tx:
            tx.execute(update(staff).where(staff.c.id == staff_id).values(password=digest))
            self._sessions.end_all(tx, staff_id)
            self._changed(tx, staff_id, acting(staff_id), "password")

    def set_roles(self, staff_id: str, roles: frozenset[Role], by: Actor) -> None:
        """Effective with the next request. Errors: `NotFound`, `BadRequest`, `Conflict` (the last one)."""
        _check_roles(roles)
        with self._database.begin() as tx:
            before = from_text(_row(tx, staff_id)["roles"])
            if before == roles:
                return
            tx.execute(update(staff).where(staff.c.id == staff_id).values(roles=as_text(roles)))
            _check_administrators(tx)
            self._changed(tx, staff_id, by, "role")

    def disable(self, staff_id: str, by: Actor) -> None:
        """Nobody signs in with it any more, and whoever is signed in is out. Errors: `NotFound`, `Conflict`."""
        with self._database.begin() as tx:
            _row(tx, staff_id)
            tx.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=self._clock()))
            _check_administrators(tx)
            self._sessions.end_all(tx, staff_id)
            self._changed(tx, staff_id, by)

    def enable(self, staff_id: str, by: Actor) -> None:
        """Undo `disable`. Errors: `NotFound`."""
        with self._database.begin() as tx:
            _row(tx, staff_id)
            tx.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=None))
            self._changed(tx, staff_id, by)

    def reset(self, staff_id: str, by: Actor) -> str:
        """Take the password away, end every session; the token of a link that sets a new one.

        Errors: `NotFound`; `Conflict` for who signs in elsewhere.
        """
        with self._database.begin() as tx:
            if _row(tx, staff_id)["issuer"]:
                raise Conflict("This account signs in with the company's own sign-in; its password is changed there.")
            tx.execute(update(staff).where(staff.c.id == staff_id).values(password=None))
            self._sessions.end_all(tx, staff_id)
            self._changed(tx, staff_id, by, "password")
            return self._links.make(tx, staff_id)

    def sign_out_everywhere(self, staff_id: str, by: Actor) -> int:
        """End every session; how many there were. Errors: `NotFound`."""
        with self._database.begin() as tx:
            _row(tx, staff_id)
            ended = self._sessions.end_all(tx, staff_id)
            self._audit.record(tx, Act.SIGNED_OUT, actor=by, object_id=staff_id, reason=Reason.SECURITY)
        return ended

    def remove(self, staff_id: str, by: Actor) -> None:
        """Delete the account. What they did stays, under a pseudonym. Errors: `NotFound`, `Conflict`."""
        with self._database.begin() as tx:
            _row(tx, staff_id)
            tx.execute(staff.delete().where(staff.c.id == staff_id))
            _check_administrators(tx)
            self._audit.record(tx, Act.ACCOUNT_REMOVED, actor=by, object_id=staff_id, reason=Reason.SECURITY)

    def _first(self, tx: Connection, login: str, name: str) -> str:
        if tx.execute(select(func.count()).select_from(staff)).scalar_one():
            raise NotFound(USED_UP)  # somebody was added on the command line meanwhile
        return self._insert(tx, login, name, frozenset(Role), OPERATOR)

    def _insert(self, tx: Connection, login: str, name: str, roles: frozenset[Role], by: Actor) -> str:
        _check_roles(roles)
        staff_id, login = new_id(), normal(login)
        values = {
            "id": staff_id,
            "login": login,
            "name": shown(name) or login,
            "roles": as_text(roles),
            "created_at": self._clock(),
        }
        try:
            with tx.begin_nested():
                tx.execute(insert(staff).values(values))
        except IntegrityError:
            raise Conflict("There is an account of this name already.") from None
        self._audit.record(
            tx, Act.ACCOUNT_ADDED, actor=by, object_id=staff_id, fields=["role"], reason=Reason.SECURITY
        )  # fmt: skip
        return staff_id

    def _changed(self, tx: Connection, staff_id: str, by: Actor, *fields: str) -> None:
        self._audit.record(
            tx, Act.ACCOUNT_CHANGED, actor=by, object_id=staff_id, fields=fields, reason=Reason.SECURITY
        )  # fmt: skip


def normal(login: str) -> str:
    """A sign-in name as it is kept: one form, no case. Errors: `BadRequest`."""
    plain = unicodedata.normalize("NFKC", login).strip().casefold()
    if not _LOGIN.fullmatch(plain):
        raise BadRequest("A sign-in name has 2 to 80 letters, digits or . @ + - _")
    return plain


def shown(name: str) -> str:
    """A name as colleagues see it: one line, nothing invisible."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")[:80]


def _row(tx: Connection, staff_id: str) -> RowMapping:
    row = tx.execute(select(staff).where(staff.c.id == staff_id)).mappings().first()
    if row is None:
        raise NotFound
    return row


def _check_roles(roles: frozenset[Role]) -> None:
    if not roles:
        raise BadRequest(f"Choose at least one role: {', '.join(Role)}.")


def _check_administrators(tx: Connection) -> None:
    """Errors: `Conflict` when nobody could manage accounts any more."""
    roles = tx.execute(select(staff.c.roles).where(staff.c.disabled_at.is_(None)).with_for_update()).scalars()
    if not any(Role.ADMINISTRATOR in from_text(each) for each in roles):
        raise Conflict(LAST)
