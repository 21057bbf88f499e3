"""The whole loop as its people go it: customers chat, turns are reviewed, taught, trained, tried, promoted, taken back.

A whole Tactful, the real Rasa, every step a command or what the console's page begins. Some minutes: with
TACTFUL_LONG_TESTS=1.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import select

from tactful.bootstrap import Services, build
from tactful.chat.engines import Pointer, read
from tactful.config import Settings
from tactful.learn.asking import engine
from tactful.learn.models import CANDIDATE
from tactful.store.tables import audit, conversations, messages, turns
from tests.conftest import PATIENT, ROOT, _wait_until_ready, free_port

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif("TACTFUL_LONG_TESTS" not in os.environ, reason="TACTFUL_LONG_TESTS=1"),
]
COPIED = ("config.yml", "domain.yml", "domain", "data", "endpoints.yml", "credentials.yml", "learning.yml",
          "privacy.yml", "actions", "models", "help", "tests/conversations/test_memory.yml")  # fmt: skip
TRAINER = "a" * 32
NEW = "gimme back the dough please"  # the model before does not know what it is about
TAUGHT = (NEW, "the dough back please, says Philippa Quimbleton", "i want my dough back", "dough back now")


@dataclass
class House:
    """An installation that runs: its address, its commands, and its parts as a test sees them."""

    url: str
    services: Services
    environment: dict[str, str]

    def says(self, text: str, *, allows: bool = True) -> str:
        """A new customer says it and is answered; the conversation's id."""
        with httpx.Client(base_url=self.url, timeout=60) as client:
            begun = client.post("/api/conversations", json={}).raise_for_status().json()
            client.headers["authorization"] = f"Bearer {begun['token']}"
            if allows:
                client.put("/api/me/consents", json={"human_review": True, "training": True}).raise_for_status()
            path = f"/api/conversations/{begun['conversation_id']}/messages"
            sent = client.post(path, json={"client_message_id": uuid.uuid4().hex, "text": text}).raise_for_status()
            seq = sent.json()["seq"]
            until(
                lambda: any(
                    each.get("reply_to") == seq
                    for each in client.get(path, params={"after": seq, "wait": 10}).json()["messages"]
                )
            )
        return str(begun["conversation_id"])

    def run(self, *words: str, fails: bool = False, given: str = "") -> str:
        """A command; what it said."""
        return self._run("tactful.cli.main", *words, fails=fails, given=given)

    def begin(self, kind: str, **given: str) -> None:
        """What a button of the console begins."""
        self._run("tactful.cli.background", kind, fails=False, given=json.dumps({"by": TRAINER, **given}))
        name = "return" if kind == "rollback" else "job"
        job = json.loads((self.services.settings.home / "run" / f"{name}.json").read_text())
        assert (job["kind"], job["outcome"], job["why"]) == (kind, "done", "")

    def _run(self, module: str, *words: str, fails: bool, given: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, *words],
            env=self.environment, cwd=ROOT, input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def pointer(self) -> Pointer:
        found = read(self.services.settings.home / "run/engine.json")
        assert found
        return found

    def turn_of(self, conversation: str) -> int:
        with self.services.database.read() as tx:
            return int(tx.execute(select(turns.c.id).where(turns.c.conversation_id == conversation)).scalar_one())

    def model_of(self, conversation: str) -> str:
        with self.services.database.read() as tx:
            found = select(conversations.c.model).where(conversations.c.id == conversation)
            return str(tx.execute(found).scalar_one())


def until(true: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.2)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A project of its own, since what reviewers settled is written into it; the engine is this one's."""
    project, home, port = tmp_path / "project", tmp_path / "home", free_port()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, project / name)
    _some_golden_sentences(project / "tests/nlu")
    for name in ("engine", "widget"):
        (project / name).symlink_to(ROOT / name)
    home.mkdir()
    generous = {f"TACTFUL_RATE_{what}": "100000/minute" for what in ("MESSAGES", "CONVERSATIONS", "REQUESTS")}
    where = {"TACTFUL_HOME": str(home), "TACTFUL_PROJECT": str(project), "TACTFUL_PORT": str(port), "DATABASE_URL": ""}
    # No turn is drawn by chance: those are held back, and each one here is taught.
    environment = {**os.environ, **generous, **PATIENT, **where, "TACTFUL_REVIEW_SAMPLE": "0"}
    with (home / "up.log").open("wb") as output:
        command = [sys.executable, "-m", "tactful.cli.main", "up"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, home)
        services = build(Settings(home=home, project=project, port=port, database_url=""))
        yield House(f"http://127.0.0.1:{port}", services, environment)
        services.database.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _some_golden_sentences(folder: Path) -> None:
    """Two of each intent: here it is judged whether models are judged, not how good one is."""
    content = yaml.safe_load((ROOT / "tests/nlu/test_nlu.yml").read_text())
    for each in content["nlu"]:
        if isinstance(each["examples"], str):
            each["examples"] = "".join(each["examples"].splitlines(keepends=True)[:2])
    folder.mkdir(parents=True)
    (folder / "test_nlu.yml").write_text(yaml.safe_dump(content, allow_unicode=True))


def test_what_customers_said_becomes_a_model_that_is_tried_promoted_and_taken_back(house: House) -> None:
    champion = house.services.models.state().answering
    assert champion
    taught(house)
    candidate = trained(house, champion.path)
    refused(house)
    listened(house, candidate)
    tried(house, candidate, champion.name)
    with house.services.database.read() as tx:
        acts = list(tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars())
        said = list(tx.execute(select(messages.c.text)).scalars())
    models = [act for act in acts if act.startswith("model.")]
    assert models == [
        "model.listened", "model.listened_no_more", "model.tried", "model.tried", "model.promoted",
        "model.rolled_back", "model.explained", "model.rolled_back", "model.explained",
    ]  # fmt: skip
    assert not any("Quimbleton" in text for text in said)
    assert "Quimbleton" not in (house.services.settings.home / "models.json").read_text()


def taught(house: House) -> None:
    """Turns are reviewed and exported; those of who allows nothing are not even offered."""
    house.says("nobody may learn from this dough", allows=False)
    for text in TAUGHT:
        house.services.reviews.judge(house.turn_of(house.says(text)), "b" * 32, "refund_request")
    assert "4 sentences are in" in house.run("learn", "export")
    written = (house.services.settings.project / "data/nlu/reviewed/reviewed.yml").read_text()
    assert NEW in written
    assert "says PERSON_1" in written
    assert "nobody may learn" not in written


def trained(house: House, champion: Path) -> str:
    """A candidate of them; it knows what it was taught, which the model before did not."""
    assert "The candidate is" in house.run("train")
    made = house.services.models.state().alias(CANDIDATE)
    assert made
    assert made.conversations == len(TAUGHT)
    asking = engine(house.services.settings.project)
    before, after = (asking.predict(model, [NEW]).predictions[0] for model in (champion, made.path))
    assert (before.intent != "refund_request") or before.fallback
    assert (after.intent, after.fallback) == ("refund_request", False)
    return made.name


def refused(house: House) -> None:
    """The gate holds, and nothing has moved."""
    limits = house.services.settings.project / "learning.yml"
    usual = limits.read_text()
    limits.write_text(usual.replace("peak_mb: 1200", "peak_mb: 1"))
    before = house.pointer
    assert "is not promoted." in house.run("promote", "--reason", "in a hurry", fails=True)
    assert house.pointer == before
    assert house.services.models.state().moves == ()
    limits.write_text(usual)


def listened(house: House, candidate: str) -> None:
    """It hears those who allow it, says what it would change, and answers nobody."""
    house.begin("listen", model=candidate)
    heard, not_heard = house.says(NEW), house.says(NEW, allows=False)

    def found() -> Any:
        return json.loads(house.run("shadow", "status", "--json"))

    until(lambda: (found()["compared"], found()["refused"]) == (1, 1))
    (flip,) = found()["flips"]
    assert flip["shadow"] == "refund_request"
    assert [conversation for conversation, _ in flip["examples"]] == [heard]
    for conversation in (heard, not_heard):
        with house.services.database.read() as tx:
            said = tx.execute(select(turns.c.model).where(turns.c.conversation_id == conversation)).scalar_one()
        assert said != candidate
    house.run("shadow", "stop")


def tried(house: House, candidate: str, champion: str) -> None:
    """A share, a greater one from the page, everything, and back; again from the page."""
    house.run("promote", "--share", "30%", "--reason", "refunds, asked by Philippa Quimbleton")
    assert house.services.models.state().moves[-1].reason == "refunds, asked by PERSON_1"
    assert house.pointer.model == champion
    house.begin("canary", model=candidate, reason="goes well", share="90%")
    assert house.pointer.canary
    assert house.pointer.canary.share == 0.9
    until(lambda: house.model_of(house.says(NEW)) == candidate)
    assert "turns" in house.run("promote", "--status")
    house.run("promote", "--all", "--reason", "goes well")
    now = house.pointer
    assert now.model == candidate
    assert now.canary is None
    house.says(NEW)
    house.begin("rollback", reason="complaints")
    assert house.pointer.model == champion
    assert house.services.models.state().moves[-1].reason == "complaints"
    house.run("rollback", "--reason", "none of them was about it")
    assert house.pointer.model == candidate
