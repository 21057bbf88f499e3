"""The detector crashes, or hangs, on every message that holds something personal.

Invariant: such a message is withheld and its customer told so; nothing raw is kept in any byte of the home, logs
included; harmless messages go on as soon as there is a worker again, and all do once the detector is well.
"""

import asyncio

import httpx
import pytest

from tactful.chat.replies import UNCHECKED
from tests.faults import promises
from tests.faults.conftest import NewPair

RAW = "ZzQuimbletonshire"


@pytest.mark.parametrize("how", ["crash", "hang"])
def test_what_cannot_be_read_is_withheld_and_stands_nowhere(new_pair: NewPair, how: str) -> None:
    pair = new_pair(extra={"TACTFUL_DETECTOR_BUDGET_MS": "400", "TACTFUL_LOG_LEVEL": "DEBUG"})

    async def story() -> None:
        pair.start_engine()
        pair.start_door()
        await pair.ready()
        async with httpx.AsyncClient(base_url=pair.url, timeout=30) as http:
            customer = await _begin(http)
            pair.finding(how)
            sent = await asyncio.gather(*(_send(customer, f"raw{n}", f"I am {RAW} number {n}") for n in range(6)))
            assert {answer.json()["status"] for answer in sent} == {"withheld"}
            shown = await _messages(customer)
            assert [message["text"] for message in shown].count(UNCHECKED) == len(sent)
            assert not any(RAW in message["text"] for message in shown)
            await _accepted(customer, "harmless", "nothing personal here")
            pair.finding("")
            await _accepted(customer, "well", f"I am {RAW}")
            async with asyncio.timeout(60):
                while f"1 of 2: I am {RAW}" not in [message["text"] for message in await _messages(customer)]:
                    await asyncio.sleep(0.05)

    asyncio.run(story())
    promises.whole(pair.settings)
    promises.nothing_raw(pair.settings, [RAW, "Quimbletonshire"])


async def _begin(http: httpx.AsyncClient) -> httpx.AsyncClient:
    begun = (await http.post("/api/conversations", json={})).json()
    http.headers["Authorization"] = f"Bearer {begun['token']}"
    http.base_url = http.base_url.join(f"/api/conversations/{begun['conversation_id']}/")
    return http


async def _send(customer: httpx.AsyncClient, identity: str, text: str) -> httpx.Response:
    return await customer.post("messages", json={"client_message_id": identity, "text": text})


async def _messages(customer: httpx.AsyncClient) -> list[dict]:
    return list((await customer.get("messages")).json()["messages"])


async def _accepted(customer: httpx.AsyncClient, identity: str, text: str) -> None:
    """Say it until there is a worker to read it."""
    async with asyncio.timeout(60):
        for number in range(1000):
            sent = await _send(customer, f"{identity}{number}", text)
            assert sent.status_code == httpx.codes.ACCEPTED
            if sent.json()["status"] == "pending":
                return
            await asyncio.sleep(0.1)
