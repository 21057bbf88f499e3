"""Reading the audit chain from end to end: what was done to it, and where it begins."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Result, Row, select

from tactful.store.anchor import AnchorDamaged, Anchors
from tactful.store.audit import GENESIS, chain
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
    verdict, last = walk(tx, key, head, anchored)
    if verdict.bad is not None:
        return verdict
    return (
        _tail(verdict, last, head, anchored) or _anchor_gone(verdict, head, [path.name for path in absent]) or verdict
    )


def proof(key: bytes, number: int, mac: bytes) -> bytes:
    """What shows that the entries up to `number` were retired by Tactful itself."""
    return hmac.digest(key, b"checkpoint" + number.to_bytes(8, "big") + bytes(mac), sha256)


def walk(
    tx: Connection, key: bytes, head: Row[Any], anchored: dict[int, str], last: int | None = None
) -> tuple[Verdict, bytes]:
    """Check entries one by one, up to number `last` or to the end; what was found, and the last good mac."""
    number, mac = head.base_seq, bytes(head.base_mac) if head.base_seq else GENESIS
    first, link = number, chain(key)
    query = select(*CONTENT, audit.c.mac).order_by(audit.c.seq).execution_options(yield_per=5000)
    if last is not None:
        query = query.where(audit.c.seq <= last)
    for content, stored in _split(tx.execute(query)):
        number += 1
        if content[0] != number:
            why = (
                f"Entry {number} is missing."
                if content[0] > number
                else f"Entry {content[0]} should have been retired."
            )
            return Verdict(number - 1 - first, min(number, content[0]), why), mac
        mac = link(content, mac)
        if mac != stored:
            why = f"Entry {number} was changed, replaced or put in another place."
            return Verdict(number - 1 - first, number, why), mac
        if anchored.get(number, hexed := mac.hex()) != hexed:
            why = f"Entry {number} is not the one that was anchored: the chain was replaced."
            return Verdict(number - 1 - first, number, why), mac
    return Verdict(number - first), mac


def _split(rows: Result[Any]) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    """Content and mac of each entry. In parts, whose rows are quicker to come by than one row at a time."""
    for part in rows.partitions():
        for row in part:
            yield row[:-1], row[-1]


def _tail(verdict: Verdict, last: bytes, head: Row[Any], anchored: dict[int, str]) -> Verdict | None:
    end = head.base_seq + verdict.checked
    highest = max(anchored, default=0)
    if highest > end:
        return Verdict(verdict.checked, end + 1, f"Entries {end + 1} to {highest} are missing: the anchor knows them.")
    if head.seq > end:
        return Verdict(verdict.checked, end + 1, f"Entries {end + 1} to {head.seq} are missing: the head knows them.")
    if head.seq < end or bytes(head.mac) != last:
        return Verdict(verdict.checked, end, "The head does not fit the last entry.")
    return None


def _anchor_gone(verdict: Verdict, head: Row[Any], absent: list[str]) -> Verdict | None:
    if head.seq and absent:
        return Verdict(verdict.checked, head.seq, f"The anchor is missing: {', '.join(absent)}.")
    return None
