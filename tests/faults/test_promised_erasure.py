"""The door is killed between "it will be gone" and its being gone.

Invariant: what the bot promised in a chat is in the ledger with the turn that says so, and the next door keeps it.
"""

import asyncio

import httpx
from sqlalchemy import select

from tactful.bootstrap import build
from tactful.store.tables import requests, subjects
from tests.faults import promises
from tests.faults.conftest import NewPair

FORGET_ME = {"client_message_id": "m1", "text": "forget me"}


def test_an_erasure_that_was_promised_in_the_chat_outlives_the_door(new_pair: NewPair) -> None:
    pair = new_pair()

    async def story() -> None:
        pair.start_engine()
        pair.start_door("after_turn_commit", 2)  # the first turn is the conversation's start
        await pair.ready()
        async with httpx.AsyncClient(base_url=pair.url, timeout=30) as http:
            begun = (await http.post("/api/conversations", json={})).json()
            headers = {"Authorization": f"Bearer {begun['token']}"}
            url = f"/api/conversations/{begun['conversation_id']}/messages"
            async with asyncio.timeout(60):
                assert (await http.post(url, json=FORGET_ME, headers=headers)).status_code == httpx.codes.ACCEPTED
                await pair.gone(door=True)
                pair.start_door()
                await pair.ready("/healthz")
                while (await http.get("/api/me/profile", headers=headers)).status_code != httpx.codes.UNAUTHORIZED:
                    await asyncio.sleep(0.05)

    asyncio.run(story())
    promises.whole(pair.settings)
    services = build(pair.settings)
    with services.database.read() as tx:
        assert tx.execute(select(subjects.c.erased_at.is_not(None))).scalars().all() == [True]
        assert tx.execute(select(requests.c.right, requests.c.via)).all() == [("erasure", "chat")]
    services.database.close()
