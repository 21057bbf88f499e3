"""Old entries leave the audit chain from its beginning; a checkpoint that only the key can make takes their place."""

from sqlalchemy import Connection, delete, func, select, update

from tactful.errors import AuditBroken
from tactful.store.audit import Act, Actor, AuditLog, Reason
from tactful.store.audit_check import proof, walk
from tactful.store.database import Database
from tactful.store.tables import audit, audit_head

BATCH = 1000  # entries in a transaction


def due(tx: Connection, before: int) -> int:
    """How many entries at the chain's beginning are from `before` (epoch milliseconds) or older."""
    head = tx.execute(select(audit_head).where(audit_head.c.id == 1)).one()
    first = tx.execute(select(func.min(audit.c.seq)).where(audit.c.at > before)).scalar_one()
    last = head.seq if first is None else first - 1
    return max(0, int(last) - int(head.base_seq))


def shorten(database: Database, log: AuditLog, before: int, actor: Actor) -> int:
    """Retire those entries; how many. What is retired is checked first.

    Errors: `AuditBroken` when an entry is not as it was written: then it and what follows it stay, as evidence.
    """
    total = 0
    while count := _batch(database, log, before):
        total += count
    if total:
        with database.begin() as tx:
            log.record(tx, Act.AUDIT_SHORTENED, actor=actor, fields={"audit": total}, reason=Reason.RETENTION)
    return total


def _batch(database: Database, log: AuditLog, before: int) -> int:
    with database.begin() as tx:
        head = tx.execute(select(audit_head).where(audit_head.c.id == 1).with_for_update()).one()
        count = min(BATCH, due(tx, before))
        if count == 0:
            return 0
        last = head.base_seq + count
        verdict, mac = walk(tx, log.key, head, {}, last)
        if verdict.bad is not None:
            raise AuditBroken(f"The audit log is not shortened: {verdict.why} See: tactful audit verify")
        tx.execute(delete(audit).where(audit.c.seq <= last))
        tx.execute(
            update(audit_head)
            .where(audit_head.c.id == 1)
            .values(base_seq=last, base_mac=mac, base_proof=proof(log.key, last, mac))
        )
    return count
