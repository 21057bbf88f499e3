"""What custody costs, on SQLite: audit, encryption, erasure, reading a profile. Prints each figure beside its bound."""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable

from sqlalchemy import insert, update

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.privacy.placeholders import Replacement
from tactful.profile import facts, subjects
from tactful.profile.facts import Writing
from tactful.store.audit import SYSTEM, Act, chain
from tactful.store.audit_check import verify
from tactful.store.tables import audit, audit_head, conversations, messages

DAY_MS = 86_400_000
PLACE = {"table": "facts", "column": "value", "row": "home", "subject": "s"}


def main() -> None:
    """Example: .venv/bin/python benchmarks/custody.py --entries 100000"""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TACTFUL_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        services = build(Settings())
        services.database.migrate()
        told("one field encrypted", encrypting(services), "µs", 50)
        told("one field decrypted", decrypting(services), "µs", 50)
        told("profile of 10 facts read, p50", reading(services), "ms", 1)
        told(f"customer with {given.turns:,} turns erased", erasing(services, given.turns), "s", 2)
        told("one entry recorded and anchored, p50", recording(services), "ms", None)
        fill(services, given.entries)
        told(f"{given.entries:,} audit entries verified", verifying(services), "s", 1)
        services.database.close()


def told(what: str, figure: float, unit: str, bound: float | None) -> None:
    print(f"{what:<48} {figure:8.3f} {unit:<3}" + (f" (bound: {bound} {unit})" if bound else ""), flush=True)


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def median(act: Callable[[], object], rounds: int) -> float:
    """Seconds."""
    return statistics.median(timed(act) for _ in range(rounds))


def encrypting(services: Services) -> float:
    key = services.ring.new_data_key("s")
    return 1e6 * median(lambda: services.cipher.encrypt("Lisbon and around", key, **PLACE), 5_000)


def decrypting(services: Services) -> float:
    key = services.ring.new_data_key("s")
    blob = services.cipher.encrypt("Lisbon and around", key, **PLACE)
    return 1e6 * median(lambda: services.cipher.decrypt(blob, key, **PLACE), 5_000)


def customer(services: Services) -> str:
    """With ten facts."""
    now = services.clock()
    profile = {
        "name": "Ana Lima", "level": "developer", "tone": "developer", "home": "Porto", "budget": 900,
        "pace": "relaxed", "interests": ["hiking", "food"], "companions": "family", "season": "spring",
        "past_trips": ["Lisbon"],
    }  # fmt: skip
    with services.database.begin() as tx:
        subject_id = subjects.create(tx, services.ring, now=now)
        facts.apply(tx, services.cipher, services.policy, subject_id, profile, Writing("told", now))
    return subject_id


def reading(services: Services) -> float:
    subject_id = customer(services)

    def read() -> None:
        with services.database.read() as tx:
            facts.load(tx, services.cipher, subject_id, services.clock())

    return 1e3 * median(read, 2_000)


def erasing(services: Services, turns: int) -> float:
    subject_id, now, conversation_id = customer(services), services.clock(), "c" * 32
    with services.database.begin() as tx:
        tx.execute(
            insert(conversations).values(
                id=conversation_id, subject_id=subject_id, created_at=now, expires_at=now + DAY_MS
            )
        )
        values = [Replacement(f"PERSON_{n}", "PERSON", f"Somebody {n}") for n in range(1, turns + 1)]
        services.vault.keep(tx, conversation_id, subject_id, values)
        rows = [
            {
                "conversation_id": conversation_id, "seq": seq, "author": ("bot", "customer")[seq % 2], "kind": "text",
                "status": "answered", "text": f"I met PERSON_{(seq + 1) // 2} and talked at length", "created_at": now,
            }
            for seq in range(1, 2 * turns + 1)
        ]  # fmt: skip
        tx.execute(insert(messages), rows)
    return timed(lambda: services.rights.erase(subject_id))


def recording(services: Services) -> float:
    def record() -> None:
        with services.database.begin() as tx:
            services.audit.record(tx, Act.PROFILE_READ, actor=SYSTEM, fields=["home"])

    return 1e3 * median(record, 300)


def fill(services: Services, entries: int) -> None:
    """Add entries as `record` makes them, up to so many, each anchored, but in one transaction: it is quicker."""
    now = services.clock()
    with services.database.begin() as tx:
        head = tx.execute(audit_head.select()).one()
        mac, rows, link = bytes(head.mac), [], chain(services.audit.key)
        for seq in range(head.seq + 1, entries + 1):
            content = {
                "seq": seq, "at": now, "act": "profile.read", "role": "customer", "actor": f"{seq:016x}",
                "subject_id": f"{seq:032x}", "object_id": None, "fields": "budget,home,interests", "reason": "request",
                "note": "",
            }  # fmt: skip
            mac = link(tuple(content.values()), mac)
            rows.append(content | {"mac": mac})
        tx.execute(insert(audit), rows)
        tx.execute(update(audit_head).values(seq=entries, mac=mac))
    for path in services.audit.anchors.paths:
        with path.open("ab") as file:
            file.writelines(f"{row['seq']} {row['mac'].hex()}\n".encode() for row in rows)


def verifying(services: Services) -> float:
    def run() -> None:
        with services.database.read() as tx:
            assert verify(tx, services.audit.key, services.audit.anchors).bad is None

    return min(timed(run) for _ in range(3))


if __name__ == "__main__":
    main()
