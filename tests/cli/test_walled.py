"""What a relay or an engine alone prints is read before it is written: an exception that quotes a customer does not."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tactful.cli import relay as relays
from tactful.cli.main import commands
from tactful.cli.walled import command
from tactful.config import Settings
from tactful.store.database import Database
from tests.cli.test_supervisor import ended
from tests.conftest import ROOT, free_port

EMAIL = "ana.berg@example.com"
FALLING = f"import time; print('ValueError: no room for {EMAIL}', flush=True); time.sleep(600)"


def test_an_exception_of_the_relay_is_told_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(Settings(home=tmp_path).database)
    database.migrate()
    database.close()

    async def falls(*_: object, **__: object) -> None:
        raise ValueError(f"no room for {EMAIL}")

    monkeypatch.setattr(relays.Relay, "run", falls)
    for name, value in (("TACTFUL_HOME", str(tmp_path)), ("TACTFUL_RELAY_URL", "amqp://127.0.0.1:1/")):
        monkeypatch.setenv(name, value)
    told = CliRunner().invoke(commands(["relay"]), ["relay", "--once"])
    assert told.exit_code == 1
    assert "ValueError in " in told.output
    assert "test_walled.py:" in told.output  # where it fell
    assert EMAIL not in told.output + repr(told.exception) + (told.stderr or "")


def test_what_an_engine_alone_prints_is_read_and_it_ends_with_who_reads_it(tmp_path: Path) -> None:
    inner = [sys.executable, "-c", FALLING]
    written = tmp_path / "log"
    with written.open("wb") as output:
        process = subprocess.Popen(
            command("engine", f"http://127.0.0.1:{free_port()}", inner),
            cwd=ROOT, env={**os.environ, "TACTFUL_HOME": str(tmp_path)}, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 180
        while "no room for" not in written.read_text():
            assert process.poll() is None, written.read_text()
            assert time.monotonic() < deadline, written.read_text()
            time.sleep(0.1)
        engine = int(re.findall(r"started \(process (\d+)\)", written.read_text())[0])
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert "no room for [EMAIL_ADDRESS]" in written.read_text()
    assert EMAIL not in written.read_text()
    assert ended(engine)
