"""The time of a turn of `rasa init`'s bot, over its REST channel: what there is to beat.

    .venv/bin/python benchmarks/stock_rasa.py --limit 40

The bot is made and trained once, in a cache folder outside the project, and started on loopback.
"""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
from measure import DATA, ROOT, Dialogue, Played, free_port, play_all, read_dialogues, running, summary

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tactful" / "stock_rasa"
RASA = [str(ROOT / "engine/.venv/bin/python"), "-W", "ignore", "-m", "rasa"]
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}
TURN_DEADLINE_S = 30


def ensure_bot() -> Path:
    """`rasa init`'s project with its model; made at the first call, which takes some minutes."""
    if not list(CACHE.glob("models/*.tar.gz")):
        CACHE.mkdir(parents=True, exist_ok=True)
        print("  making and training rasa init's bot, once …", flush=True)
        subprocess.run(
            ["nice", "-n", "15", *RASA, "init", "--no-prompt", "--init-dir", str(CACHE)],
            env={**os.environ, **QUIET},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return CACHE


@contextlib.contextmanager
def stock_bot() -> Iterator[str]:
    """The bot, running; its address."""
    project, port = ensure_bot(), free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text("rest:\n")
        serve = ["run", "--interface", "127.0.0.1", "--port", str(port), "--credentials", str(credentials)]
        with running([*RASA, *serve], project, QUIET, f"{url}/", Path(folder) / "log") as _:
            yield url


class StockCustomer:
    """Plays dialogues over the REST channel."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url, self._client = f"{url}/webhooks/rest/webhook", client

    async def play(self, dialogue: Dialogue) -> list[Played]:
        return [await self._turn(dialogue.id, turn.text) for turn in dialogue.turns]

    async def _turn(self, dialogue: str, text: str) -> Played:
        began = time.perf_counter()
        try:
            answer = await self._client.post(self._url, json={"sender": dialogue, "message": text})
            answer.raise_for_status()
            replies = [message.get("text", "") for message in answer.json()]
        except (httpx.HTTPError, ValueError) as error:
            return Played(dialogue, failure=type(error).__name__)
        took = (time.perf_counter() - began) * 1000
        return Played(dialogue, turn_ms=took, sent_ms=took, replies=replies)


async def measure_stock(url: str, dialogues: list[Dialogue], concurrency: int) -> list[Played]:
    """Play all; the first dialogue once before, unmeasured, so that nothing is loaded while the clock runs."""
    async with httpx.AsyncClient(timeout=TURN_DEADLINE_S) as client:
        customer = StockCustomer(url, client)
        await customer.play(Dialogue("warm-up", dialogues[0].turns))
        return await play_all(dialogues, customer.play, concurrency, "rasa init")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="dialogues, JSON lines")
    parser.add_argument("--concurrency", type=int, default=3, help="dialogues at a time")
    parser.add_argument("--limit", type=int, help="only so many dialogues")
    options = parser.parse_args()
    dialogues = read_dialogues(options.data, options.limit)
    with stock_bot() as url:
        played = asyncio.run(measure_stock(url, dialogues, options.concurrency))
    result = summary(played)
    print(f"rasa init: {result['turns']} turns, p50 {result['turn_ms']['p50']} ms, p95 {result['turn_ms']['p95']} ms")
    print(json.dumps({"stock": result}))


if __name__ == "__main__":
    main()
