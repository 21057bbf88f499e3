"""Receipts of consent: what was agreed to or withdrawn, when, in which words; signed, and without a person in them."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from tactful.errors import NotFound
from tactful.privacy.policy import Policy
from tactful.profile.signing import Signer
from tactful.store.missing_rows import add_missing
from tactful.store.tables import receipts
from tactful.times import iso

FORMAT = "tactful-receipt/1"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that reads like something else
GROUPS, LETTERS = 4, 4  # 80 bits
_MISREAD = str.maketrans("ILO", "110", " -")


def new_code() -> str:
    """A code that can be read out: "7KQF-2M9D-XW4R-8TBC"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def as_code(typed: str) -> str:
    """A code as it was meant, however it was typed."""
    letters = typed.upper().translate(_MISREAD)
    return "-".join(letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS))


def add(
    tx: Connection,
    subject_id: str,
    purpose: str,
    granted: bool,
    *,
    policy: Policy,
    signer: Signer,
    now: int,
    because: str = "",
) -> dict[str, Any]:
    """Sign and keep a receipt; the receipt."""
    asked, receipt_id = policy.purposes[purpose], secrets.token_hex(16)
    document = signer.signed(
        {
            "format": FORMAT,
            "id": receipt_id,
            "code": new_code(),
            "purpose": purpose,
            "label": asked.label,
            "why": asked.why,
            "granted": granted,
            "at": iso(now),
            "policy_version": policy.version,
        }
        | ({"because": because} if because else {})
    )
    keep(tx, subject_id, document, now)
    return document


def keep(tx: Connection, subject_id: str, document: Mapping[str, Any], at: int) -> None:
    """Keep a signed receipt as it was handed out, unless it is there."""
    row = {
        "id": document["id"],
        "code": document["code"],
        "subject_id": subject_id,
        "purpose": document["purpose"],
        "granted": document["granted"],
        "at": at,
        "document": json.dumps(document, ensure_ascii=False),
    }
    add_missing(tx, receipts, [row])


def newest(tx: Connection, subject_id: str) -> dict[str, str]:
    """Purpose → id of the receipt that stands for it now."""
    # Two answers can fall into one millisecond: the row that was written last counts.
    latest = select(func.max(receipts.c.number)).where(receipts.c.subject_id == subject_id).group_by(receipts.c.purpose)
    rows = tx.execute(select(receipts.c.purpose, receipts.c.id).where(receipts.c.number.in_(latest)))
    return {row.purpose: row.id for row in rows}


def of(tx: Connection, signer: Signer, subject_id: str) -> list[dict[str, Any]]:
    """The subject's receipts, newest first."""
    rows = tx.execute(
        select(receipts).where(receipts.c.subject_id == subject_id).order_by(receipts.c.number.desc())
    ).all()
    current = newest(tx, subject_id).values()
    return [_shown(signer, row, row.id in current) for row in rows]


def one(tx: Connection, signer: Signer, subject_id: str, receipt_id: str) -> dict[str, Any]:
    """One of the subject's receipts. Errors: `NotFound`, for another's too."""
    for receipt in of(tx, signer, subject_id):
        if receipt["receipt"]["id"] == receipt_id:
            return receipt
    raise NotFound("There is no such receipt.")


def by_code(tx: Connection, signer: Signer, code: str) -> dict[str, Any]:
    """The receipt of this code, whoever asks. Errors: `NotFound`."""
    row = tx.execute(select(receipts).where(receipts.c.code == as_code(code))).first()
    if row is None:
        raise NotFound("There is no receipt with this code.")
    current = newest(tx, row.subject_id) if row.subject_id else {}
    return _shown(signer, row, current.get(row.purpose) == row.id)


def _shown(signer: Signer, row: Row[*tuple[Any, ...]], current: bool) -> dict[str, Any]:
    """`stands`: nothing said later, and no erasure, has taken the place of what the receipt says."""
    document = json.loads(row.document)
    return {"receipt": document, "signature_valid": signer.is_valid(document), "stands": current}
