"""The audit log: who did what to whose data, when and why, as a chain that shows what was done to it.

Each entry's mac covers its content and the mac before it, under a key derived from the ring's root. An entry holds no
personal value, by construction: roles, acts and reasons are closed sets, names of fields come from privacy.yml, an
actor is a keyed pseudonym, and free text is taken only as a `Redaction`.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Any, get_args

from pydantic_core import to_json
from sqlalchemy import Connection, RowMapping, insert, select, update

from tactful.privacy.placeholders import Redaction
from tactful.privacy.policy import Policy, Purpose
from tactful.store.anchor import Anchors
from tactful.store.crypto import KeyRing
from tactful.store.database import after_commit, check_writing
from tactful.store.tables import audit, audit_head, metadata

GENESIS = bytes(32)  # the mac before the first entry
LONGEST_NOTE = 500  # characters
_SUBJECT = re.compile(r"[0-9a-z]{32}")
_OBJECT = re.compile(r"[0-9a-f-]{1,64}")
OTHER_NAMES = frozenset(
    {"sensitive", "profile", "transcript", "engine_events", "exports", "data_key", "role", "password"}
)


class Role(StrEnum):
    """In what capacity somebody acted."""

    CUSTOMER = "customer"
    AGENT = "agent"
    OPERATOR = "operator"  # on the command line of the installation
    BOT = "bot"
    SYSTEM = "system"  # a schedule or a start


class Act(StrEnum):
    """Everything that is audited."""

    PROFILE_READ = "profile.read"
    PROFILE_CHANGED = "profile.changed"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    EXPORTED = "subject.exported"
    IMPORTED = "subject.imported"
    ERASED = "subject.erased"
    ERASED_AGAIN = "subject.erased_again"  # a restored backup had brought them back
    RESTRICTED = "subject.restricted"
    UNRESTRICTED = "subject.unrestricted"
    OBJECTED = "subject.objected"
    OBJECTION_ENDED = "subject.objection_ended"
    MERGED = "subject.merged"
    RETENTION_RUN = "retention.run"
    KEY_ROTATED = "key.rotated"
    KEY_RETIRED = "key.retired"
    TRANSCRIPT_READ = "transcript.read"
    REVEAL_REQUESTED = "reveal.requested"
    REVEAL_GRANTED = "reveal.granted"
    REVEAL_REFUSED = "reveal.refused"
    REVEAL_USED = "reveal.used"
    MISSED_MARKED = "missed.marked"  # a value that the detector had let through, now hidden where it was seen
    MISSED_SPREAD = "missed.spread"  # and wherever it stood
    FREED_ASKED = "freed.asked"  # hidden words that are said to be not personal wait for a second person
    FREED = "freed.done"
    FREED_REFUSED = "freed.refused"
    CORRECTION_UNDONE = "correction.undone"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_REMOVED = "account.removed"
    SIGNED_IN = "account.signed_in"
    SIGN_IN_REFUSED = "account.sign_in_refused"
    SIGNED_OUT = "account.signed_out"
    MODEL_PROMOTED = "model.promoted"
    MODEL_TRIED = "model.tried"
    MODEL_LISTENED = "model.listened"  # a shadow began, or ended
    MODEL_LISTENED_NO_MORE = "model.listened_no_more"
    MODEL_ROLLED_BACK = "model.rolled_back"
    MODEL_EXPLAINED = "model.explained"  # why somebody went back; it is looked through once that is done
    MODEL_TRAINED = "model.trained"  # begun from the console, as are the next three
    MODEL_EVALUATED = "model.evaluated"
    LEARN_LOOKED = "learn.looked"
    LEARN_EXPORTED = "learn.exported"
    LEARN_CANCELLED = "learn.cancelled"
    MODEL_ASKED = "model.asked"  # a sentence, which is not kept
    LEARN_SELECTED = "learn.selected"  # turns were chosen for review
    AUDIT_SHORTENED = "audit.shortened"  # entries past their own end date went, up to a checkpoint
    ANCHOR_RENEWED = "audit.anchor_renewed"  # after a backup was restored
    BACKED_UP = "backup.made"
    RESTORED = "backup.restored"


class Reason(StrEnum):
    """Why, as a code. What needs more words is a redacted note."""

    REQUEST = "request"  # the customer asked for it
    CONVERSATION = "conversation"  # it was said or chosen in a chat
    CONSENT = "consent"
    REVIEW = "review"
    SUPPORT = "support"
    RETENTION = "retention"
    ROUTINE = "routine"
    RESTORED_BACKUP = "restored_backup"
    SECURITY = "security"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `identity` (an account's id, say) is stored as a keyed pseudonym only; "" for nobody in particular."""

    role: Role
    identity: str = field(default="", repr=False)


SYSTEM, BOT = Actor(Role.SYSTEM), Actor(Role.BOT)


class AuditLog:
    """Appends within the caller's transaction; after its commit the new head goes to the anchor.

    Appending holds the head's row until the commit, so that any number of processes may append: record last.
    """

    def __init__(self, ring: KeyRing, policy: Policy, clock: Callable[[], int], anchors: Anchors) -> None:
        self._clock, self.anchors = clock, anchors
        self.key = ring.derive("audit-chain")
        self._pseudonyms = ring.derive("audit-actors")
        self._names = OTHER_NAMES | {*policy.attributes, *policy.entities, *get_args(Purpose), *metadata.tables}

    def record(
        self,
        tx: Connection,
        act: Act,
        *,
        actor: Actor,
        subject_id: str | None = None,
        fields: Iterable[str] | Mapping[str, int] = (),
        reason: Reason = Reason.REQUEST,
        note: Redaction | None = None,
        object_id: str | None = None,
    ) -> int:
        """Append an entry; its number.

        `fields`: names of attributes, entity types, purposes or tables, with counts if it is a mapping.
        `object_id`: what else was acted on (a conversation, key or model), in hex.
        Errors: `ValueError` for anything that could hold a value; `RuntimeError` outside of `Database.begin`.
        """
        check_writing(tx)
        head = tx.execute(select(audit_head).where(audit_head.c.id == 1).with_for_update()).one()
        entry: dict[str, Any] = {
            "seq": head.seq + 1,
            "at": self._clock(),
            "act": Act(act).value,
            "role": Role(actor.role).value,
            "actor": self.pseudonym(actor),
            "subject_id": _checked(_SUBJECT, subject_id),
            "object_id": _checked(_OBJECT, object_id),
            "fields": self._listed(fields),
            "reason": Reason(reason).value,
            "note": _text(note),
        }
        mac = chain(self.key)(tuple(entry.values()), bytes(head.mac))
        tx.execute(insert(audit).values(entry | {"mac": mac}))
        tx.execute(update(audit_head).where(audit_head.c.id == 1).values(seq=entry["seq"], mac=mac))
        after_commit(tx, "audit", partial(self.anchors.append, entry["seq"], mac))
        return int(entry["seq"])

    def pseudonym(self, actor: Actor) -> str | None:
        """The same for the same identity in the same role; nobody can tell the identity from it."""
        if not actor.identity:
            return None
        return hmac.digest(self._pseudonyms, f"{actor.role}/{actor.identity}".encode(), sha256)[:8].hex()

    def entries(self, tx: Connection, *, subject_id: str | None = None, since: int = 0) -> Iterable[RowMapping]:
        """Entries from `since` (epoch milliseconds) on, oldest first."""
        query = select(audit).where(audit.c.at >= since).order_by(audit.c.seq)
        if subject_id is not None:
            query = query.where(audit.c.subject_id == subject_id)
        return tx.execute(query.execution_options(yield_per=1000)).mappings()

    @staticmethod
    def last(tx: Connection, act: Act) -> int:
        """When this was last done, in epoch milliseconds; 0 for never."""
        at = tx.execute(select(audit.c.at).where(audit.c.act == act.value).order_by(audit.c.seq.desc()).limit(1))
        return int(at.scalar() or 0)

    def _listed(self, fields: Iterable[str] | Mapping[str, int]) -> str:
        if isinstance(fields, str):
            raise ValueError("fields are a collection of names")
        names = sorted(fields)
        if unknown := [name for name in names if name not in self._names]:
            raise ValueError(f"{len(unknown)} of the fields are not known to privacy.yml")
        if isinstance(fields, Mapping):
            return ",".join(f"{name}={int(fields[name])}" for name in names)
        return ",".join(names)


def chain(key: bytes) -> Callable[[tuple[Any, ...], bytes], bytes]:
    """What makes the mac of an entry from its content and the mac before it: HMAC-SHA256, the content as JSON."""
    ready = hmac.new(key, digestmod=sha256)

    def mac(content: tuple[Any, ...], before: bytes) -> bytes:
        made = ready.copy()
        made.update(before + to_json(content))
        return made.digest()

    return mac


def _checked(pattern: "re.Pattern[str]", value: str | None) -> str | None:
    if value is not None and not pattern.fullmatch(value):
        raise ValueError("an id in the audit log is hexadecimal, so that it cannot be a name")
    return value


def _text(note: Redaction | None) -> str:
    if note is None:
        return ""
    if not isinstance(note, Redaction):
        raise ValueError("a note has to be redacted first")
    return note.text[:LONGEST_NOTE]
