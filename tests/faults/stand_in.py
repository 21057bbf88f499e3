"""The engine's stand-in: a process of its own that speaks the HTTP of `tactful_engine.channel` and keeps its promises.

It saves a turn whole or not at all, answers a message id that it knows from what it saved, and runs one turn of a
conversation at a time. It starts in a tenth of a second, where Rasa takes ten: so it can be killed a thousand times.
Run as `python stand_in.py PORT FOLDER`. `FOLDER/mode` says how it misbehaves, `FAULT` at which point it is killed.
"""

import faulthandler
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

POINTS = ("before_save", "after_save", "half_answer")
HUGE = b'{"messages": [{"text": "' + b"x" * 20_000_000 + b'"}]}'


class Engine(ThreadingHTTPServer):
    """Turns, in a file that outlives it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), Channel)
        self.folder = folder
        self.authorization = f"Bearer {os.environ['TACTFUL_ENGINE_SECRET']}"
        self.fault = json.loads(os.environ.get("FAULT", "{}"))
        self.locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self.saved = sqlite3.connect(folder / "stand_in.db", check_same_thread=False, isolation_level=None)
        self.saving = threading.Lock()
        self.saved.execute("PRAGMA journal_mode = WAL")
        self.saved.execute("CREATE TABLE IF NOT EXISTS turns (id INTEGER PRIMARY KEY, message_id UNIQUE, text)")

    @property
    def mode(self) -> str:
        try:
            return (self.folder / "mode").read_text()
        except FileNotFoundError:
            return ""

    def reach(self, point: str) -> None:
        """Die here, if this is the point and its turn has come."""
        if self.fault.get("point") == point:
            self.fault["nth"] -= 1
            if self.fault["nth"] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def turn(self, asked: dict[str, str]) -> bytes:
        with self.locks[asked["conversation"]]:
            with self.saving:
                known = self.saved.execute("SELECT text FROM turns WHERE message_id = ?", (asked["message_id"],))
                text = next((row[0] for row in known), None)
            if text is None:
                text = asked["text"]
                time.sleep(0.005)
                self.reach("before_save")
                with self.saving:
                    self.saved.execute(
                        "INSERT INTO turns (message_id, text) VALUES (?, ?)", (asked["message_id"], text)
                    )
            self.reach("after_save")
        if "forget me" in text:
            return json.dumps({"messages": [{"text": "It will be gone.", "custom": {"rights": "erase"}}]}).encode()
        said = [] if text.startswith("/") else [{"text": f"{part} of 2: {text}"} for part in (1, 2)]
        return json.dumps({"messages": said, "intent": {"name": "note", "confidence": 0.9}}).encode()


class Channel(BaseHTTPRequestHandler):
    """`/webhooks/door/turn`, `…/forget`, `…/ready`."""

    protocol_version = "HTTP/1.1"
    server: Engine

    def log_message(self, *_: object) -> None:
        """Nothing: what is asked may not be written down."""

    def do_GET(self) -> None:
        self.answer(b'{"ready": true, "tracker_store": "SQLTrackerStore"}')

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["authorization"] != self.server.authorization:
            return self.answer(b"{}", 404)
        if self.path.endswith("/forget"):
            return self.answer(b'{"forgotten": true}')
        mode = self.server.mode
        if mode == "slow":
            time.sleep(3)
        if mode == "failing":
            return self.answer(b'{"error": "ValueError"}', 500)
        if mode == "away":
            return self.answer(b'{"error": "store"}', 503)
        if mode == "dropping":
            self.close_connection = True
            return None
        answer = self.server.turn(asked)
        if mode in ("garbage", "huge"):
            return self.answer(b"<html>hello" if mode == "garbage" else HUGE)
        if mode == "trickle":
            return self.trickle(answer)
        if self.server.fault.get("point") == "half_answer":
            self.start(answer, 200)
            self.wfile.write(answer[: len(answer) // 2])
            self.wfile.flush()
            self.server.reach("half_answer")
            self.wfile.write(answer[len(answer) // 2 :])
            return None
        return self.answer(answer)

    def answer(self, body: bytes, status: int = 200) -> None:
        try:
            self.start(body, status)
            self.wfile.write(body)
        except OSError:  # whoever asked is gone
            self.close_connection = True

    def trickle(self, body: bytes) -> None:
        """A byte now and then: never silent for long, never done."""
        try:
            self.start(body, 200)
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.3)
        except OSError:
            self.close_connection = True

    def start(self, body: bytes, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)  # for `stalls.py`
    Engine(int(sys.argv[1]), Path(sys.argv[2])).serve_forever()
