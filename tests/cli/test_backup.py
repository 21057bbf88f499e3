"""`tactful backup` and `restore` as an operator uses them: under load, with the real engine, into an empty place."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.conftest import PATIENT, ROOT, Door, _wait_until_ready, free_port


def tactful(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "TACTFUL_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "tactful.cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


class Talking:
    """A customer over HTTP."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        began = self.client.post("/api/conversations", json={}).json()
        self.id, self.headers = began["conversation_id"], {"Authorization": f"Bearer {began['token']}"}
        self.sent = 0

    def say(self, text: str) -> list[str]:
        self.sent += 1
        path, message = f"/api/conversations/{self.id}/messages", {"client_message_id": f"{id(self)}-{self.sent}"}
        seq = self.client.post(path, json=message | {"text": text}, headers=self.headers).json()["seq"]
        for _ in range(60):
            found = self.client.get(path, params={"after": seq, "wait": 2}, headers=self.headers).json()["messages"]
            if texts := [each["text"] for each in found if each["reply_to"] == seq]:
                return texts
        raise AssertionError("no answer")

    def texts(self) -> list[str]:
        path = f"/api/conversations/{self.id}/messages"
        return [each["text"] for each in self.client.get(path, headers=self.headers).json()["messages"]]


@pytest.mark.engine
def test_a_backup_under_load_goes_on_in_an_empty_place_with_the_real_engine(door: Door, tmp_path: Path) -> None:
    ana, gone = Talking(door.url), Talking(door.url)
    ana.say("my name is Ana Berg")
    gone.say("hello")
    stop = threading.Event()

    def load() -> None:
        other = Talking(door.url)
        while not stop.is_set():
            other.say("what is an api key?")

    loading = threading.Thread(target=load)
    loading.start()
    try:
        made = tactful(door.home, "backup", str(tmp_path))
    finally:
        stop.set()
        loading.join()
    assert made.returncode == 0, made.stderr
    assert "The keys are not in it" in made.stdout
    backup = next(tmp_path.glob("*.backup"))
    assert gone.client.delete("/api/me", headers=gone.headers).status_code == 200

    home, port = tmp_path / "home", free_port()
    home.mkdir(mode=0o700)
    assert "keys.json" in tactful(home, "restore", str(backup)).stderr
    shutil.copy(door.home / "keys.json", home / "keys.json")
    assert "--no-tombstones" in tactful(home, "restore", str(backup)).stderr
    assert tactful(home, "restore", str(backup), "--check").returncode == 0
    restored = tactful(home, "restore", str(backup), "--tombstones", str(door.home / "erased.tombstones"))
    assert restored.returncode == 0, restored.stderr
    assert "erased again" in restored.stdout
    assert "the chain is whole" in tactful(home, "audit", "verify").stdout

    with (home / "up.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tactful.cli.main", "up", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **PATIENT, "TACTFUL_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, home)
        ana.client = gone.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        assert "my name is Ana Berg" in ana.texts()
        assert ana.say("what is an api key?")
        assert gone.client.get("/api/me/profile", headers=gone.headers).status_code == 401
        assert "Tactful runs here" in tactful(home, "restore", str(backup), "--no-tombstones").stderr
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert "the chain is whole" in tactful(home, "audit", "verify").stdout


def test_backup_says_what_it_needs(tmp_path: Path) -> None:
    assert "is no folder" in tactful(tmp_path, "backup", str(tmp_path / "nowhere")).stderr
    assert "make run" in tactful(tmp_path, "backup", str(tmp_path)).stderr
