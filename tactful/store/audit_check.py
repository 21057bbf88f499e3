"""Reading the audit chain from end to end: what was done to it, and where it begins."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, Row, select

from tactful.store.anchor import AnchorDamaged, Anchors
from tactful.store.audit import GENESIS, chained
from tactful.store.tables import audit, audit_head

CONTENT = tuple(column for column in audit.columns if column.name != "mac")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`bad` is the number of the first entry that is not as it was written, None when all are; `why` says how."""

    checked: int
    bad: int | None = None
    why: str = ""


def verify(tx: Connection, key: bytes, anchors: Anchors) -> Verdict:
    """Check every entry against the one before it, the head and the anchors. Read within one transaction."""
    # Anchors before entries: what is anchored is committed, so an append meanwhile raises no false alarm.
    try:
        anchored = anchors.read()
    except AnchorDamaged:
        return Verdict(0, 0, "The anchor is damaged.")
    absent = anchors.missing()
    head = tx.execute(select(audit_head).where(audit_head.c.id == 1)).first()
    if head is None:
        return Verdict(0, 0, "The chain's head is missing.")
    if head.base_seq and not hmac.compare_digest(bytes(head.base_proof), proof(key, head.base_seq, head.base_mac)):
        return Verdict(0, head.base_seq, "The checkpoint below which entries were retired is false.")
    verdict, last = _entries(tx, key, head, anchored)
    if verdict.bad is not None:
        return verdict
    return (
        _tail(verdict, last, head, anchored) or _anchor_gone(verdict, head, [path.name for path in absent]) or verdict
    )


def proof(key: bytes, number: int, mac: bytes) -> bytes:
    """What shows that the entries up to `number` were retired by Tactful itself."""
    return hmac.digest(key, b"checkpoint" + number.to_bytes(8, "big") + bytes(mac), sha256)


def _entries(
    tx: Connection, key: bytes, head: Row[tuple[object, ...]], anchored: dict[int, set[str]]
) -> tuple[Verdict, bytes]:
    number, mac = head.base_seq, bytes(head.base_mac) if head.base_seq else GENESIS
    first = number
    rows = tx.execute(select(*CONTENT, audit.c.mac).order_by(audit.c.seq).execution_options(yield_per=5000))
    for *content, stored in rows:
        number += 1
        if content[0] != number:
            why = (
                f"Entry {number} is missing."
                if content[0] > number
                else f"Entry {content[0]} should have been retired."
            )
            return Verdict(number - 1 - first, min(number, content[0]), why), mac
        mac = chained(key, tuple(content), mac)
        if mac != stored:
            why = f"Entry {number} was changed, replaced or put in another place."
            return Verdict(number - 1 - first, number, why), mac
        if number in anchored and anchored[number] != {mac.hex()}:
            why = f"Entry {number} is not the one that was anchored: the chain was replaced."
            return Verdict(number - 1 - first, number, why), mac
    return Verdict(number - first), mac


def _tail(
    verdict: Verdict, last: bytes, head: Row[tuple[object, ...]], anchored: dict[int, set[str]]
) -> Verdict | None:
    end = head.base_seq + verdict.checked
    highest = max(anchored, default=0)
    if highest > end:
        return Verdict(verdict.checked, end + 1, f"Entries {end + 1} to {highest} are missing: the anchor knows them.")
    if head.seq > end:
        return Verdict(verdict.checked, end + 1, f"Entries {end + 1} to {head.seq} are missing: the head knows them.")
    if head.seq < end or bytes(head.mac) != last:
        return Verdict(verdict.checked, end, "The head does not fit the last entry.")
    return None


def _anchor_gone(verdict: Verdict, head: Row[tuple[object, ...]], absent: list[str]) -> Verdict | None:
    if head.seq and absent:
        return Verdict(verdict.checked, head.seq, f"The anchor is missing: {', '.join(absent)}.")
    return None
