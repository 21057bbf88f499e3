"""An engine that is down, hangs, is slow, breaks off, fails, trickles, or answers garbage or 20 MB.

Invariant: messages are accepted all the while, the customer is told, and each is answered once when the engine is well
again. That one which it never manages stops nobody is tested in `tests/chat/test_turns.py`.
"""

import asyncio
import os
import signal

import httpx

from tactful.chat.engine import EngineFailed
from tests.faults import promises
from tests.faults.conftest import NewPair
from tests.faults.crowd import Crowd
from tests.faults.pair import Pair

# How → for how many seconds after the first customer was told.
WAYS = {
    **{"away": 1, "garbage": 1, "huge": 1, "dropping": 1, "trickle": 2, "slow": 2, "failing": 0},
    **{"down": 1, "hanging": 2},
}


def test_each_message_is_answered_once_the_engine_is_well_again(new_pair: NewPair) -> None:
    pair = new_pair(extra={"TACTFUL_TURN_DEADLINE_S": "1"})

    async def story() -> Crowd:
        pair.start_engine()
        pair.start_door()
        await pair.ready()
        crowd = Crowd(pair.url, size=4)
        crowd.start()
        for how, seconds in WAYS.items():
            before = crowd.accepted
            await _broken(pair, how, seconds)
            assert crowd.accepted > before, "messages are accepted all the while"
            await promises.all_answered(pair.settings, up_to=crowd.accepted)
        await crowd.stop()
        assert set(crowd.seen) <= {"201", "202"}
        await promises.all_answered(pair.settings)
        return crowd

    # On a busy machine an engine that refuses may do so often enough before a customer looks.
    promises.kept(pair.settings, asyncio.run(story()), says_back=True, patience=EngineFailed.patience)


async def _broken(pair: Pair, how: str, seconds: float) -> None:
    """The engine is broken until a customer who asks is told, and for so long after that."""
    assert pair.engine
    if how == "down":
        pair.kill_engine()
    elif how == "hanging":
        os.kill(pair.engine.pid, signal.SIGSTOP)
    else:
        pair.mode(how)
    async with httpx.AsyncClient(base_url=pair.url, timeout=30) as http:
        begun = (await http.post("/api/conversations", json={})).json()
        headers = {"Authorization": f"Bearer {begun['token']}"}
        url = f"/api/conversations/{begun['conversation_id']}/messages"
        told = ""
        async with asyncio.timeout(60):
            while told != "engine_down":
                told = (await http.get(url, headers=headers)).json()["state"]
                await asyncio.sleep(0.05)
    await asyncio.sleep(seconds)
    if how == "down":
        pair.start_engine()
    elif how == "hanging":
        os.kill(pair.engine.pid, signal.SIGCONT)
    else:
        pair.mode("")
