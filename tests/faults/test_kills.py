"""`kill -9` of door, engine or both, at every named point and at random, while a crowd talks.

Invariant: no accepted message is lost or answered twice, replies never interleave, nobody sees an error other than
"try again", nothing raw is kept. `make faults` kills a thousand times. The doors are real processes with everything
but the detector (see `doors.py`). The engine that is killed so often is a stand-in (`stand_in.py`), since Rasa takes
ten seconds to start; Rasa itself is killed once, in `tests/dialogues/test_privacy.py`.
"""

import asyncio
import random
import time
from collections import Counter
from itertools import cycle

from tests.faults import points, promises, stand_in
from tests.faults.conftest import NewPair, often
from tests.faults.crowd import Crowd
from tests.faults.pair import Pair
from tests.faults.stalls import Watch

SHORT, LONG = 40, 1000
CUSTOMERS = 30
FATE_S = 60


class Kills:
    """Whoever is started has a fate: a point at which it is killed, or a moment. Then the next one is started."""

    def __init__(self, pair: Pair, crowd: Crowd, wanted: int) -> None:
        self.pair, self._crowd, self._wanted = pair, crowd, wanted
        self.watch, self.late = Watch(pair), 0
        self.done, self.recoveries = Counter[str](), list[float]()
        self._doors = cycle([*points.POINTS, "", "", "both"])
        self._engines = cycle([*stand_in.POINTS, ""])

    async def run(self) -> None:
        """Until so many are done; both work when it returns. Errors: `Stalled`; what a customer found wrong."""
        watching = asyncio.create_task(self.watch.run())
        killing = asyncio.gather(self._kill_doors(), self._kill_engines())
        try:
            await asyncio.wait({watching, killing}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                await watching
            await killing
            await self.pair.gone(door=True)
            self.pair.start_door()
            self.pair.start_engine()
            await self.pair.ready()
        finally:
            watching.cancel()
            killing.cancel()
            await asyncio.gather(watching, killing, return_exceptions=True)
            self.watch.close()

    async def _kill_doors(self) -> None:
        while self.done.total() < self._wanted:
            fate, began = next(self._doors), time.monotonic()
            at_random = fate in ("", "both")
            self.pair.start_door("" if at_random else fate, random.randint(1, 4))
            await self.pair.ready("/healthz", or_gone=True)
            self.recoveries.append(time.monotonic() - began)
            if at_random:
                await asyncio.sleep(random.uniform(0, 0.6))
                self.pair.kill_door()
            if fate == "both":
                self.pair.kill_engine()
            if not at_random and not await self._reached(door=True):
                fate = ""
                self.pair.kill_door()
            await self.pair.gone(door=True)
            self.done[f"door {fate or 'at random'}"] += 1

    async def _reached(self, **who: bool) -> bool:
        """Whether it met its fate by itself: it may wait for a turn while the other one is not there.

        Errors: what a customer found wrong; without customers nobody would ever get anywhere.
        """
        self._crowd.check()
        try:
            await self.pair.gone(**who, seconds=FATE_S)
        except TimeoutError:
            self.late += 1
            print(f"{list(who)} did not get to its point within {FATE_S} s:\n{await self.watch.told()}", flush=True)
            return False
        return True

    async def _kill_engines(self) -> None:
        while self.done.total() < self._wanted:
            fate = next(self._engines)
            self.pair.start_engine(fate, random.randint(1, 12))
            if not fate:
                await asyncio.sleep(random.uniform(0, 2))
                self.pair.kill_engine()
            elif not await self._reached(engine=True):
                fate = ""
                self.pair.kill_engine()
            await self.pair.gone(engine=True)
            self.done[f"engine {fate or 'at random'}"] += 1
            if self.done.total() % 50 == 0:
                print(f"{self.done.total()} kills", flush=True)


def test_killed_at_every_point_and_at_random_each_message_is_answered_once(new_pair: NewPair) -> None:
    pair = new_pair()

    async def story() -> tuple[Crowd, Kills]:
        crowd = Crowd(pair.url, size=CUSTOMERS)
        kills = Kills(pair, crowd, often(SHORT, LONG))
        crowd.start()
        await kills.run()
        await crowd.stop()
        await promises.all_answered(pair.settings)
        return crowd, kills

    crowd, kills = asyncio.run(story())
    promises.kept(pair.settings, crowd, says_back=True)
    assert promises.run_once(pair.home) >= crowd.accepted
    promises.nothing_raw(pair.settings, [customer.name for customer in crowd.customers])
    middle = sorted(kills.recoveries)[len(kills.recoveries) // 2]
    print(f"{kills.done.total()} kills: {dict(kills.done)}")
    print(f"{crowd.accepted:,} messages accepted, each answered once; requests by answer: {dict(crowd.seen)}")
    stood = kills.watch.longest_s
    print(f"{kills.late} were killed late; both lived and nothing was answered for {stood:.0f} s at worst")
    print(f"a killed door serves again after {middle:.1f} s (median), {max(kills.recoveries):.1f} s at worst")
