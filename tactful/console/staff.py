"""The people who work in the console, and in which capacities."""

from dataclasses import dataclass
from enum import StrEnum

from tactful.store import audit


class Role(StrEnum):
    """What a member of staff may do. A role says nothing about the others: an administrator reads no transcripts."""

    AGENT = "agent"  # takes conversations over
    REVIEWER = "reviewer"  # reviews redacted transcripts, marks what the detector missed
    TRAINER = "trainer"  # corrects intents, trains and promotes models
    ADMINISTRATOR = "administrator"  # accounts and settings
    AUDITOR = "auditor"  # reads the audit log and the figures


EVERYONE = tuple(Role)

ABOUT = {
    Role.AGENT: "takes conversations over and answers customers",
    Role.REVIEWER: "reads redacted transcripts, marks what was missed",
    Role.TRAINER: "corrects intents, trains and promotes models",
    Role.ADMINISTRATOR: "adds and disables accounts",
    Role.AUDITOR: "reads the audit log and the figures",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in. `id` is 32 hexadecimal characters; `name` is shown to colleagues."""

    id: str
    name: str
    roles: frozenset[Role]

    def may(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def actor(self) -> audit.Actor:
        """As whom the audit log knows them: by a keyed pseudonym."""
        return acting(self.id)


OPERATOR = audit.Actor(audit.Role.OPERATOR)


def acting(staff_id: str) -> audit.Actor:
    """A member of staff as the audit log knows them: by a keyed pseudonym."""
    return audit.Actor(audit.Role.AGENT, staff_id)


def as_text(roles: frozenset[Role]) -> str:
    """As a column holds them."""
    return ",".join(sorted(roles))


def from_text(text: str) -> frozenset[Role]:
    """From a column. A role that this version does not know gives no rights."""
    known = {role.value for role in Role}
    return frozenset(Role(name) for name in text.split(",") if name in known)
