"""What reviewing costs with many conversations: queues, lists, search, facets, one transcript, a verdict, a bulk act.

Pages are asked for over the real application, as a browser would; `DATABASE_URL` names another database than SQLite.
"""

import argparse
import asyncio
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
from sqlalchemy import Connection, insert, select, text

from tactful.bootstrap import Services, build
from tactful.cli.selecting import select_turns
from tactful.config import Settings
from tactful.console.access import COOKIE
from tactful.console.bulk import BulkAct
from tactful.console.filters import Filter
from tactful.console.queues import Queue
from tactful.console.staff import OPERATOR, Role
from tactful.profile.rights.erasure import wipe
from tactful.store.audit import Actor
from tactful.store.audit import Role as Capacity
from tactful.store.tables import consents, conversations, messages, queue_entries, subjects, turns
from tactful.web.app import door_app

BATCH = 5_000
ROUNDS = 40
WORDS = (
    "refund invoice booking flight baggage key webhook error sandbox plan card charge price visa hotel train Lisbon "
    "Porto Tokyo please where when why cannot never again still twice yesterday tomorrow PERSON_1 EMAIL_ADDRESS_1 my"
).split()
INTENTS = ("refund_request", "billing_invoice", "booking_status", "api_key_rotate", "webhook_failure", "nlu_fallback")


def main() -> None:
    """Example: .venv/bin/python benchmarks/review.py --conversations 100000"""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TACTFUL_HOME"] = home
        services = build(Settings())
        services.database.migrate()
        began = time.perf_counter()
        fill(services, given.conversations)
        print(f"{given.conversations:,} conversations made in {time.perf_counter() - began:.0f} s", flush=True)
        asyncio.run(pages(services))
        acts(services)
        selection(services)
        services.database.close()


def fill(services: Services, count: int) -> None:
    """Customers who allow reading (nine of ten), a turn each, queues as chance has it."""
    chance = random.Random(7)
    now = services.clock() - count * 1000
    for start in range(0, count, BATCH):
        with services.database.begin() as tx:
            insert_some(tx, chance, range(start, min(count, start + BATCH)), now)
    with services.database.begin() as tx:
        tx.execute(text("ANALYZE"))


def insert_some(tx: Connection, chance: random.Random, numbers: range, now: int) -> None:
    made: dict[Any, list[dict[str, Any]]] = {
        each: [] for each in (subjects, consents, conversations, messages, turns, queue_entries)
    }
    indexed = []
    for n in numbers:
        whose, which, at, may = f"{n:032x}", f"{n + 2**64:032x}", now + n * 1000, n % 10 != 0
        words = " ".join(chance.choices(WORDS, k=12)) + (f" rare{n}" if n % 100 == 0 else "")
        made[subjects].append({"id": whose, "key_id": "k", "restricted": False, "created_at": at})
        made[consents].append(
            {"subject_id": whose, "purpose": "human_review", "granted": may, "policy_version": "v", "at": at}
        )
        made[conversations].append(
            {"id": which, "subject_id": whose, "created_at": at, "expires_at": at + 10**10, "state": "bot"}
            | {"next_seq": 3, "lease_fence": 0, "lease_until": 0}
        )
        common = {"conversation_id": which, "kind": "text", "created_at": at, "attempts": 0}
        made[messages] += [
            common | {"seq": 1, "author": "customer", "status": "answered", "text": words, "reply_to": None},
            common | {"seq": 2, "author": "bot", "status": "sent", "text": "Here is how.", "reply_to": 1},
        ]
        made[turns].append(turn(chance, n, whose, which, at, may))
        for queue in Queue:
            if chance.random() < 0.1:
                made[queue_entries].append(
                    {"turn_id": n + 1, "queue": queue.value, "open": True, "readable": may, "at": at}
                )
        indexed.append({"id": n + 1, "words": words})
    for table, rows in made.items():
        tx.execute(insert(table), rows)
    statement = (
        "INSERT INTO search_words (rowid, words) VALUES (:id, :words)"
        if tx.dialect.name == "sqlite"
        else "INSERT INTO search_words (id, words) VALUES (:id, to_tsvector('simple', :words))"
    )
    tx.execute(text(statement), indexed)


def turn(chance: random.Random, n: int, whose: str, which: str, at: int, may: bool) -> dict[str, Any]:
    intent = chance.choice(INTENTS)
    return {
        "id": n + 1, "conversation_id": which, "seq": 1, "subject_id": whose, "readable": may, "at": at,
        "state": "open", "intent": intent, "confidence": chance.random(),
        "ranking": [{"name": name, "confidence": 0.2} for name in INTENTS], "model": f"m{n % 3}",
        "tone": chance.choice(["plain", "developer", ""]), "language": chance.choice(["en", "de"]),
        "channel": "widget", "length": 60, "kinds": chance.choice(["", " PERSON ", " EMAIL_ADDRESS PERSON "]),
        "facts": "home level", "doubts": {},
    }  # fmt: skip


def selection(services: Services) -> None:
    """`tactful learn select` over everything, the engine's part included."""
    began = time.perf_counter()
    found = select_turns(services, Actor(Capacity.OPERATOR), lambda step: None, {})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'a choice of what to review':<36} {time.perf_counter() - began:8.1f} s of {found.choice.weighed:,} turns")
    print(f"{'memory at most, so far':<36} {peak:8.0f} MB; the engine's part beside it", flush=True)


async def pages(services: Services) -> None:
    account, _ = services.accounts.add("bench", frozenset(Role), OPERATOR)
    cookies = {COOKIE: services.sign_in.fresh(account.id)}
    transport = httpx.ASGITransport(door_app(services))
    with services.database.read() as tx:
        middle = (
            tx.execute(select(turns.c.id).where(turns.c.readable).order_by(turns.c.id).offset(40_000)).scalar() or 10
        )
    asked = {
        "the queues": "/console/queues",
        "a queue's first page": "/console/search?queue=low_confidence",
        "a queue's page in the middle": f"/console/search?queue=low_confidence&below={middle}",
        "all messages, first page": "/console/search",
        "filtered by intent, kind and tone": "/console/search?intent=refund_request&kind=PERSON&tone=plain",
        "search for a rare word": "/console/search?q=rare4",
        "search for a common word": "/console/search?q=refund",
        "search for two words in a queue": "/console/search?queue=missed&q=refund+lisbon",
        "next to review": "/console/review?queue=low_confidence",
        "one conversation": f"/console/turns/{middle}?queue=low_confidence",
        "facets of a queue (after the page)": "/console/search/facets?queue=low_confidence",
        "facets of everything (after the page)": "/console/search/facets",
    }
    async with httpx.AsyncClient(transport=transport, base_url="https://bench", cookies=cookies) as client:
        for what, path in asked.items():
            await told(what, lambda path=path: client.get(path))  # type: ignore[misc]


async def told(what: str, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = await ask()
        took.append(time.perf_counter() - began)
        assert answer.status_code in (200, 303), answer.status_code
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"{what:<40} p50 {statistics.median(took) * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms", flush=True)


def acts(services: Services) -> None:
    """What changes something: once each, but for the verdict."""
    asked, staff = Filter(queue="low_confidence"), "b" * 32

    def once(what: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = act()
        print(f"{what:<40} {(time.perf_counter() - began) * 1000:11.1f} ms", flush=True)
        return result

    for turn_id in taken(services, 2):
        once("one verdict", lambda turn_id=turn_id: services.reviews.judge(turn_id, staff, "refund_request"))
    seen = once("preview of a bulk act", lambda: services.bulk.preview(BulkAct.ACCEPT, asked, staff))
    done = once(f"{seen.count:,} accepted at once", lambda: services.bulk.do(BulkAct.ACCEPT, asked, staff, seen.up_to))
    once("the same undone", lambda: services.bulk.undo(done.id, staff))
    once("one customer's rows erased", lambda: erase(services))


def erase(services: Services) -> None:
    with services.database.begin() as tx:
        wipe(tx, f"{77:032x}")


def taken(services: Services, count: int) -> Iterator[int]:
    with services.database.read() as tx:
        yield from tx.execute(select(turns.c.id).where(turns.c.readable).limit(count)).scalars().all()


if __name__ == "__main__":
    main()
