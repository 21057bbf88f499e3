"""Engines exchanged under the supervisor: with small programs in the engine's place, and for real, under load."""

import asyncio
import gzip
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tactful.chat.engines import read
from tactful.cli import swapping, warming
from tactful.cli.modelling import ensure_model
from tactful.cli.supervisor import Program, Supervisor
from tactful.cli.swapping import Swapping
from tactful.cli.warming import Serving
from tactful.config import Settings
from tactful.installation import registry as models_of
from tactful.learn.model_files import verify
from tactful.learn.models import Model
from tactful.learn.registry import Registry
from tactful.learn.trial import Arm, arms, table
from tactful.store.database import Database
from tactful.store.tables import conversations, turns
from tests.conftest import PATIENT, ROOT, Clock, _wait_until_ready, free_port

READY = """
import http.server, socketserver, sys
class Engine(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *a): pass
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Engine).serve_forever()
"""


class House:
    """A supervisor with an engine that answers, a register, and how to promote."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.pointer = folder, folder / "run/engine.json"
        self.registry = Registry(folder / "models.json", b"k" * 32, clock)
        self.first = self.model("first")
        self.registry.promote("first", by="ana", reason="")
        self.supervisor = Supervisor([])
        self.programs: list[Program] = []
        now = Serving(self.first, "engine", free_port())
        self.supervisor.programs.append(self.program(self.first, now.name, now.port))
        self.swapping = Swapping(self.supervisor, self.registry, self.pointer, self.program, now)

    def model(self, name: str) -> Model:
        file = self.folder / f"{name}.tar.gz"
        file.write_bytes(name.encode())
        return self.registry.add(file, data="", config="", seed=None, by="ana")

    def program(self, model: Model, name: str, port: int) -> Program:
        code = "raise SystemExit(1)" if model.name == "broken" else READY
        command = [sys.executable, "-c", code, str(port)]
        made = Program(
            name,
            command,
            self.folder,
            {"PATH": os.environ["PATH"], "TACTFUL_ENGINE_SECRET": "s"},
            lambda: verify(model),
        )
        self.programs.append(made)
        return made

    @property
    def answering(self) -> str:
        pointer = read(self.pointer)
        return pointer.model if pointer else ""

    def run(self, course: Callable[[], object]) -> None:
        async def live() -> None:
            running = [asyncio.create_task(self.supervisor.run()), asyncio.create_task(self.swapping.watch())]
            try:
                await asyncio.to_thread(course)
            finally:
                self.supervisor.stop()
                await asyncio.wait_for(running[0], 30)
                running[1].cancel()

        asyncio.run(live())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "YIELD_S", 0.5)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> House:
    return House(tmp_path, clock)


def test_a_new_champion_answers_once_it_is_warm_and_the_old_one_stays_for_an_instant_return(house: House) -> None:
    house.model("second")

    def course() -> None:
        house.registry.promote("second", by="ana", reason="")
        until(lambda: house.answering == "second")
        began, started = time.monotonic(), len(house.programs)
        house.registry.roll_back(by="ana", reason="")
        until(lambda: house.answering == "first")
        assert time.monotonic() - began < 1.5
        assert len(house.programs) == started  # nothing had to be started

    house.run(course)


def test_the_one_before_the_last_is_ended(house: House) -> None:
    house.model("second")
    house.model("third")

    def course() -> None:
        first = swapping_url(house)
        until(lambda: answers(first))
        for name in ("second", "third"):
            house.registry.promote(name, by="ana", reason="")
            until(lambda name=name: house.answering == name)  # type: ignore[misc]
        until(lambda: not answers(first))
        pointer = read(house.pointer)
        assert pointer
        assert answers(pointer.url)
        assert [answers(other) for other in pointer.others] == [True]

    house.run(course)


@pytest.mark.parametrize("name", ["broken", "changed"])
def test_a_champion_that_cannot_start_leaves_the_old_one_answering(house: House, name: str) -> None:
    model = house.model(name)
    if name == "changed":
        model.path.write_bytes(b"something else")

    def course() -> None:
        house.registry.promote(name, by="ana", reason="")
        until(lambda: bool((pointer := read(house.pointer)) and pointer.refusals))
        assert house.answering == "first"

    house.run(course)


def canary_of(house: House) -> str:
    pointer = read(house.pointer)
    return pointer.canary.model if pointer and pointer.canary else ""


def test_a_canary_gets_its_share_once_it_is_warm_and_the_champion_stays(house: House) -> None:
    house.model("second")

    def course() -> None:
        house.registry.try_out("second", 0.1, by="ana", reason="")
        until(lambda: canary_of(house) == "second")
        assert house.answering == "first"
        started = len(house.programs)
        house.registry.try_out("second", 0.3, by="ana", reason="")
        until(lambda: bool((p := read(house.pointer)) and p.canary and p.canary.share == 0.3))
        house.registry.promote("second", by="ana", reason="")
        until(lambda: house.answering == "second")
        assert canary_of(house) == ""
        house.registry.roll_back(by="ana", reason="")
        until(lambda: house.answering == "first")
        assert len(house.programs) == started  # nothing had to be started

    house.run(course)


def test_an_ended_canary_gets_nothing_more_and_is_left_time_for_what_it_began(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "LINGER_S", 3.0)
    house.model("second")

    def course() -> None:
        house.registry.try_out("second", 0.1, by="ana", reason="")
        until(lambda: canary_of(house) == "second")
        pointer = read(house.pointer)
        assert pointer
        assert pointer.canary
        house.registry.try_no_more(by="ana", reason="")
        until(lambda: canary_of(house) == "")
        after = read(house.pointer)
        assert after
        assert after.others == (pointer.canary.url,)
        assert answers(pointer.canary.url)
        until(lambda: bool((p := read(house.pointer)) and not p.others))
        until(lambda: not answers(pointer.canary.url))

    house.run(course)


def test_a_canary_whose_engine_ends_is_tried_no_more(house: House) -> None:
    house.model("second")

    def course() -> None:
        house.registry.try_out("second", 0.1, by="ana", reason="")
        until(lambda: canary_of(house) == "second")
        process = house.supervisor.process_of(house.programs[-1].name)
        assert process
        os.kill(process, signal.SIGKILL)
        until(lambda: canary_of(house) == "")
        assert house.registry.state().canary is None
        assert house.registry.state().moves[-1].reason == "its engine ended"
        assert house.answering == "first"

    house.run(course)


def test_a_canary_that_cannot_start_gets_nothing(house: House) -> None:
    house.model("broken")

    def course() -> None:
        house.registry.try_out("broken", 0.1, by="ana", reason="")
        until(lambda: bool((p := read(house.pointer)) and p.refusals))
        assert (house.answering, canary_of(house)) == ("first", "")

    house.run(course)


def test_a_shadow_is_started_beside_and_never_answers(house: House) -> None:
    house.model("second")

    def course() -> None:
        shadow = house.registry.listen("second", by="ana")
        until(lambda: bool((p := read(house.pointer)) and p.shadow))
        pointer = read(house.pointer)
        assert pointer
        assert pointer.shadow
        assert (pointer.shadow.id, pointer.model, pointer.canary) == (shadow.id, "first", None)
        assert house.programs[-1].yields  # for as long as it listens
        house.registry.listen_no_more()
        until(lambda: bool((p := read(house.pointer)) and p.shadow is None))
        until(lambda: not answers(pointer.shadow.url if pointer.shadow else ""))

    house.run(course)


def swapping_url(house: House) -> str:
    pointer = read(house.pointer)
    assert pointer
    return pointer.url


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Settings]]:
    """A whole Tactful, started as a user does."""
    port = free_port()
    generous = {f"TACTFUL_RATE_{what}": "100000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}
    environment = {**os.environ, **generous, **PATIENT, "TACTFUL_HOME": str(tmp_path), "DATABASE_URL": ""}
    with (tmp_path / "up.log").open("wb") as output:
        command = [sys.executable, "-m", "tactful.cli.main", "up", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, tmp_path)
        yield f"http://127.0.0.1:{port}", Settings(home=tmp_path, port=port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.mark.engine
def test_a_canary_its_promotion_and_rollback_under_load_lose_and_double_no_turn(
    served: tuple[str, Settings], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    url, settings = served
    models = models_of(settings)
    other = tmp_path / "another.tar.gz"  # the same model with other bytes: what is tried is the exchange
    with gzip.open(ensure_model(ROOT)) as packed, gzip.open(other, "wb", compresslevel=1) as again:
        shutil.copyfileobj(packed, again)
    models.add(other, data="", config="", seed=None, by="test")
    pointer = settings.home / "run/engine.json"
    database, served_now = Database(settings.database), ensure_model(ROOT).name.removesuffix(".tar.gz")

    def both() -> list[Arm]:
        with database.read() as tx:
            return arms(tx, ["another", served_now], 0)

    load = Load(url)
    with load:
        time.sleep(5)
        models.try_out("another", 0.5, by="test", reason="")
        until(lambda: (p := read(pointer)) is not None and p.canary is not None, 420)
        until(lambda: all(arm.turns for arm in both()), 120)
        assert models.state().canary
        models.promote("another", by="test", reason="")
        until(lambda: (p := read(pointer)) is not None and p.model == "another", 30)
        time.sleep(4)
        models.roll_back(by="test", reason="")
        until(lambda: (p := read(pointer)) is not None and p.model != "another", 30)
        time.sleep(4)
    assert load.failed == []
    with database.read() as tx:
        theirs = select(turns.c.conversation_id).join(conversations, conversations.c.id == turns.c.conversation_id)
        elsewhere = (turns.c.model != "another") & (turns.c.at < models_moved(models))
        strayed = tx.execute(theirs.where(conversations.c.model == "another", elsewhere)).all()
    found = both()
    database.close()
    assert strayed == []  # who was given to the canary stayed with it until it became the champion's turn to go
    record_property("arms", found)
    print("\n".join(f"{name:18}{cells}" for name, cells in table(found)), f"{load.count} turns")


def models_moved(models: Registry) -> int:
    """When the canary's engine was given everything."""
    return next(move.at for move in models.state().moves if move.act == "promoted")


class Load:
    """Customers who write one message after the other, and count what comes back."""

    def __init__(self, url: str, customers: int = 3) -> None:
        self._url, self._over = url, threading.Event()
        self.count = 0
        self.failed: list[str] = []
        self._threads = [threading.Thread(target=self._chat) for _ in range(customers)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _chat(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._over.is_set() and not self.failed:
                session = client.post("/api/conversations").json()
                client.headers["authorization"] = f"Bearer {session['token']}"
                path = f"/api/conversations/{session['conversation_id']}/messages"
                for n in range(5):
                    try:
                        self._turn(client, path, n)
                    except (httpx.HTTPError, KeyError, AssertionError) as error:
                        self.failed.append(f"turn {n}: {error!r}")

    def _turn(self, client: httpx.Client, path: str, n: int) -> None:
        began = time.monotonic()
        sent = client.post(path, json={"client_message_id": f"m{n}", "text": "where is my invoice"})
        assert sent.status_code == httpx.codes.ACCEPTED, sent.status_code
        seq = sent.json()["seq"]
        while time.monotonic() - began < 60:
            shown = client.get(path, params={"after": seq, "wait": 10}).json()["messages"]
            if any(message.get("reply_to") == seq for message in shown):
                self.count += 1
                self._once(client, path, seq)
                return
            time.sleep(0.01)  # what came was the answer to something else
        raise AssertionError("no answer")

    def _once(self, client: httpx.Client, path: str, seq: int) -> None:
        """Nothing is said twice: the texts that answer the message are different ones."""
        shown = client.get(path, params={"after": seq}).json()["messages"]
        texts = [message["text"] for message in shown if message.get("reply_to") == seq]
        assert len(texts) == len(set(texts)), "answered twice"
