"""Accounts of who signs in at the company's own sign-in: found by issuer and subject, made when they first come."""

from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import Connection, insert, select, update

from tactful.chat.sessions import new_id
from tactful.console.accounts import normal, shown
from tactful.console.oidc import Identity
from tactful.console.staff import as_text
from tactful.errors import BadRequest
from tactful.store.audit import Act
from tactful.store.tables import staff


@dataclass(frozen=True, slots=True)
class Linked:
    """The account; `act`: what was done to it just now, for the audit log."""

    id: str
    disabled: bool = False
    act: Act | None = None


def linked(tx: Connection, identity: Identity, now: int) -> Linked | None:
    """The account, with the roles that the provider gives today; None for somebody new without a role.

    An account with a password is never taken over, whatever name the provider says: a new one gets another name.
    """
    row = tx.execute(
        select(staff.c.id, staff.c.roles, staff.c.disabled_at).where(
            staff.c.issuer == identity.issuer, staff.c.issuer_subject == identity.subject
        )
    ).first()
    roles = as_text(identity.roles)
    if row is None:
        return _made(tx, identity, now) if roles else None
    tx.execute(update(staff).where(staff.c.id == row.id).values(roles=roles, name=_name(identity)))
    return Linked(row.id, row.disabled_at is not None, Act.ACCOUNT_CHANGED if roles != row.roles else None)


def _made(tx: Connection, identity: Identity, now: int) -> Linked:
    staff_id = new_id()
    tx.execute(
        insert(staff).values(
            id=staff_id,
            login=_free_login(tx, identity.login),
            name=_name(identity),
            roles=as_text(identity.roles),
            issuer=identity.issuer,
            issuer_subject=identity.subject,
            created_at=now,
        )
    )
    return Linked(staff_id, act=Act.ACCOUNT_ADDED)


def _name(identity: Identity) -> str:
    return shown(identity.name) or "Colleague"


def _free_login(tx: Connection, wanted: str) -> str:
    try:
        login = normal(wanted)
    except BadRequest:
        login = "colleague"
    taken = tx.execute(select(staff.c.id).where(staff.c.login == login)).first()
    return f"{login[:70]}-{token_hex(4)}" if taken else login
