"""A trainer's pages through nginx come from one door, since models are files of its machine; others from any."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.machines.conftest import free_ports
from tests.machines.installation import NGINX, Machine, proxy

DOOR = """
import http.server, sys
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = sys.argv[1].encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()
"""


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[tuple[str, dict[str, Machine]]]:
    """nginx with the shipped configuration, and two doors that tell their ports, by these."""
    if not NGINX:
        pytest.skip("nginx is not installed; scripts/nginx installs Debian's")
    *ports, front = free_ports(3)
    machines = {
        str(port): Machine("door", [sys.executable, "-c", DOOR, str(port)], tmp_path / str(port), port, {}, "/")
        for port in ports
    }
    machines["nginx"] = proxy(tmp_path / "proxy", front, ports)
    try:
        for machine in machines.values():
            machine.start()
        for machine in machines.values():
            machine.wait()
        yield machines["nginx"].url, machines
    finally:
        for machine in machines.values():
            if machine.process and machine.process.poll() is None:
                machine.stop()


def test_a_trainer_has_one_door_and_the_next_when_it_is_gone(doors: tuple[str, dict[str, Machine]]) -> None:
    url, machines = doors
    pages = ("models", "models/work?began=1", "models/a-model/promote", "training", "training/preview", "selection")

    def seen(*paths: str) -> set[str]:
        return {httpx.get(f"{url}/console/{path}", timeout=30).text for path in paths for _ in range(4)}

    (one,) = seen(*pages)
    other = next(name for name in machines if name not in (one, "nginx"))
    assert seen("queues") == {one, other}
    machines[one].kill()
    assert seen(*pages) == {other}
