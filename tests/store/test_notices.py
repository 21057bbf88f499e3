"""Doors tell each other through PostgreSQL in which conversations there is something new."""

import asyncio
import threading
from collections.abc import Callable

from sqlalchemy import create_engine, text

from tactful.chat.bell import LOOK_S, SELDOM_S, Bell
from tactful.store.notices import LARGEST, Notices, payloads


def test_ids_travel_together_as_far_as_they_fit() -> None:
    ids = [f"{number:032x}" for number in range(500)]
    pieces = list(payloads(ids))
    assert [id_ for piece in pieces for id_ in piece.split()] == ids
    assert len(pieces) == 3
    assert all(len(piece) <= LARGEST for piece in pieces)
    assert list(payloads([])) == []


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not seen():
            await asyncio.sleep(0.01)


def test_what_one_door_says_the_other_hears_and_itself_not_again(postgres: str) -> None:
    async def story() -> None:
        bells = [Bell(), Bell()]
        told: list[list[str]] = [[], []]
        notices = [Notices(postgres, told[i].append) for i in range(2)]
        running = [asyncio.create_task(each.run()) for each in notices]
        for bell, each in zip(bells, notices, strict=True):
            bell.others = each
        await until(lambda: all(each.connected for each in notices))
        assert bells[0].look_s == SELDOM_S
        for name in ("a", "b", "a"):
            bells[0].ring(name)
        bells[1].ring("c")
        await until(lambda: told == [["c"], ["a", "b"]])
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    asyncio.run(story())


def test_a_door_that_lost_the_database_looks_more_often_and_connects_again(postgres: str) -> None:
    async def story() -> None:
        heard: list[str] = []
        bell = Bell()
        bell.others = Notices(postgres, heard.append)
        running = asyncio.create_task(bell.others.run())
        await until(lambda: bell.others is not None and bell.others.connected)
        threading.Thread(target=_cut, args=(postgres,)).start()
        await until(lambda: bell.look_s == LOOK_S)
        bell.ring("dropped, and no reason to fail")
        await until(lambda: bell.look_s == SELDOM_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(story())


def _cut(postgres: str) -> None:
    with create_engine(postgres).connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))
