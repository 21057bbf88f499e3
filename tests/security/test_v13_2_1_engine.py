"""The engine and the actions: reachable from this machine alone, and there only with the secret."""

import os
import re
import socket
from pathlib import Path

import httpx
import pytest

from tactful.privacy.placeholders import PLACEHOLDER
from tactful.store.turn_rows import events_in
from tests.conftest import Door
from tests.dialogues.conftest import Chat, NewChat, new_chat

__all__ = ["new_chat"]

pytestmark = [pytest.mark.asvs("13.2.1", "13.2.2", "8.2.1"), pytest.mark.engine]

LOOPBACK = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
LISTENING = "0A"


def ports(door: Door) -> tuple[int, int]:
    """Of the engine and of the actions."""
    own = int(door.url.rpartition(":")[2])
    return own + 1, own + 2


def listeners(port: int) -> set[str]:
    """The addresses, as the kernel writes them, on which somebody listens at this port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            address, _, state = (line.split()[i] for i in (1, 2, 3))
            host, _, at = address.rpartition(":")
            if state == LISTENING and int(at, 16) == port:
                found.add(host)
    return found


@pytest.mark.asvs("13.2.4")
def test_they_listen_on_loopback_and_nowhere_else(door: Door) -> None:
    for port in ports(door):
        assert listeners(port)
        assert listeners(port) <= LOOPBACK


def test_from_another_address_of_this_machine_nobody_answers(door: Door) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; tells which address would be used
        except OSError:
            pytest.skip("this machine has no address but loopback")
        address = probe.getsockname()[0]
    for port in ports(door):
        with socket.socket() as attempt:
            attempt.settimeout(5)
            assert attempt.connect_ex((address, port)) != 0


ENGINE_PATHS = [
    "/webhooks/rest/webhook", "/webhooks/door/turn", "/webhooks/door/forget", "/webhooks/door/ready",
    "/webhooks/door", "/webhooks/rasa/webhook", "/webhooks/callback/webhook",
    "/socket.io/?EIO=4&transport=polling", "/conversations/x/tracker", "/conversations/x/trigger_intent",
    "/conversations/x/execute", "/model/train", "/model/parse", "/model", "/domain", "/version", "/status",
]  # fmt: skip


@pytest.mark.asvs("15.2.3", "13.4.5")
@pytest.mark.parametrize("path", ENGINE_PATHS)
def test_the_engine_has_one_way_in_and_it_asks_for_the_secret(door: Door, path: str) -> None:
    engine, _ = ports(door)
    turn = {
        "conversation": "x",
        "message_id": "m",
        "text": "/restart",
        "forced": True,
        "sender": "x",
        "message": "/restart",
    }
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"}, {"X-Tactful-Secret": "wrong"}):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = httpx.request(method, f"http://127.0.0.1:{engine}{path}", json=turn, headers=headers, timeout=30)
            assert answer.status_code in (404, 405), f"{method} {path}"


def test_the_actions_need_the_secret(door: Door) -> None:
    _, actions = ports(door)
    call = {"next_action": "action_session_start", "tracker": {}, "domain": {}}
    for headers in ({}, {"X-Tactful-Secret": ""}, {"X-Tactful-Secret": "0" * 64}, {"Authorization": "Bearer x"}):
        for path in ("/actions", "/webhook", "/", "/health"):
            answer = httpx.post(f"http://127.0.0.1:{actions}{path}", json=call, headers=headers, timeout=30)
            assert answer.status_code == 404


def test_the_door_leads_to_neither(door: Door) -> None:
    for path in (
        "/actions",
        "/webhook",
        "/webhooks/door/turn",
        "/webhooks/rest/webhook",
        "/model",
        "/conversations/x/tracker",
    ):
        for method in ("GET", "POST"):
            assert httpx.request(method, door.url + path, timeout=30).status_code in (404, 405)


@pytest.mark.asvs("13.3.1", "13.3.2", "14.2.1")
def test_no_secret_is_on_a_command_line_and_their_files_are_their_owners(door: Door) -> None:
    endpoints = (door.home / "run" / "endpoints.yml").read_text()
    (actions_secret,) = re.findall(r"X-Tactful-Secret: (\w+)", endpoints)
    keys = (door.home / "keys.json").read_text()
    secrets = {actions_secret, *re.findall(r"[A-Za-z0-9+/=]{40,}", keys)}
    assert len(secrets) > 1
    lines = [path.read_bytes().decode(errors="replace") for path in own_processes(door.process.pid)]
    assert len(lines) >= 3
    for secret in secrets:
        assert not any(secret in line for line in lines)
        log = (door.home / "logs" / "tactful.log").read_text(errors="replace")
        assert secret not in log
    for file in ("keys.json", "run/endpoints.yml"):
        assert (door.home / file).stat().st_mode & 0o077 == 0
    assert (door.home / "run").stat().st_mode & 0o077 == 0


def own_processes(supervisor: int) -> list[Path]:
    """Command lines of the supervisor and all that it started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    mine = {supervisor}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return [Path(f"/proc/{pid}/cmdline") for pid in mine]


@pytest.mark.asvs("13.3.2")
def test_the_engine_has_neither_the_master_key_nor_the_customers_database(door: Door) -> None:
    engines = [path for path in own_processes(door.process.pid) if b"tactful_engine" in path.read_bytes()]
    assert engines
    for path in engines:
        environment = (path.parent / "environ").read_bytes().decode(errors="replace")
        for withheld in ("TACTFUL_MASTER_KEY", "DATABASE_URL", "TACTFUL_CUSTOMER_JWT_KEY"):
            assert f"{withheld}=" not in environment
        files = {os.readlink(link) for link in (path.parent / "fd").iterdir() if os.path.lexists(link)}
        assert not any(name.endswith("tactful.db") for name in files)


COMMANDS = [
    "/delete_my_data{}", "  /delete_my_data", '/profile_changed{"a": 1}', "//delete_my_data", "\u00a0/restart",
    "/restart", '/say_developer{"level": "x"}', "/session_start", "/EXTERNAL: restart", "/ /restart", "/back",
]  # fmt: skip


@pytest.mark.asvs("2.3.1", "1.3.2", "1.3.7")
def test_the_real_engine_takes_a_command_for_the_words_in_it(new_chat: NewChat) -> None:
    """A slash changes nothing: what follows it is read as if it had been typed without."""
    commanding, speaking = new_chat(), new_chat()
    for command in COMMANDS:
        replies = [chat.say(said) for chat, said in ((commanding, command), (speaking, command.strip(" /\u00a0")))]
        assert replies[0] == replies[1], command
    shown = commanding.messages()
    assert [m["text"] for m in shown if m["author"] == "customer"] == COMMANDS, "the conversation was not begun anew"


@pytest.mark.asvs("1.3.7", "1.3.10", "8.2.2")
def test_the_real_engine_fills_in_nothing_of_what_a_name_looks_like(new_chat: NewChat, door: Door) -> None:
    """A name that is a template, a command, or somebody's placeholder, in a bot that says it back."""
    chat = new_chat()
    for name in ("{name}", "{0.__class__}", '/restart{"x":1}', "PERSON_2", "{{7*7}}"):
        chat.http.patch("/api/me/profile", json={"name": name}, headers=chat.headers).raise_for_status()
        again = new_chat(chat)
        told = again.text + again.say("what do you know about me?")
        assert "49" not in told or "{{7*7}}" in told
        assert "__class__" not in told or "{0.__class__}" in told
        assert "<class" not in told
        assert again.profile["name"] == name
    assert kept_by_the_engine(door, chat)


def kept_by_the_engine(door: Door, chat: Chat) -> bool:
    """That its store has the conversation, and no raw name in it."""
    rows = [str(event) for event in events_in(str(door.home / "engine.db"))]
    assert not any("{0.__class__}" in row for row in rows)
    return any(PLACEHOLDER.search(row) for row in rows)
