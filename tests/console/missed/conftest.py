"""Conversations in which the detector missed something, on a real database, with Rasa's own store beside it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert, select, text

from tactful.chat.engine_memory import EngineMemory
from tactful.chat.engines import Engines
from tactful.config import Settings
from tactful.console.missed.freeing import NotPersonal
from tactful.console.missed.marking import Missed
from tactful.console.missed.parts import Parts
from tactful.console.missed.undoing import Undoing
from tactful.privacy.placeholders import Replacement, restore
from tactful.privacy.policy import Policy
from tactful.profile import consent, subjects
from tactful.profile.signing import Signer
from tactful.store.anchor import Anchors
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.listed import ListedValues
from tactful.store.places import is_sqlite
from tactful.store.tables import conversations, messages
from tactful.store.trackers import Trackers
from tactful.store.turn_rows import DICTIONARIES, TURN, compressor, number_of, packed
from tactful.store.vault import Vault
from tests.conftest import ROOT, Clock

DICTIONARY = b'[{"user":"","id":"1"},{"slot":"topic","value":""}]'
REVIEWER, COLLEAGUE = "a" * 32, "b" * 32
EVENTS = """CREATE TABLE events (id {key}, sender_id VARCHAR(255), type_name VARCHAR(255), timestamp FLOAT,
    intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"""


@pytest.fixture
def settings(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation of this database; its project is bare but for the policy."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "privacy.yml").symlink_to(ROOT / "privacy.yml")
    monkeypatch.setenv("DATABASE_URL", url)
    return Settings(home=tmp_path, project=project, engine_port=1)  # nobody listens there


@pytest.fixture
def parts(
    settings: Settings,
    database: Database,
    ring: KeyRing,
    cipher: SubjectCipher,
    vault: Vault,
    policy: Policy,
    clock: Clock,
) -> Parts:
    memory = EngineMemory(Trackers(settings), Engines(settings.engine_url), "secret", 1.0)
    listed = ListedValues(database, ring)
    audit = AuditLog(ring, policy, clock, Anchors())
    return Parts(database, ring, cipher, vault, policy, audit, listed, memory, clock)


@pytest.fixture
def missed(parts: Parts) -> Missed:
    return Missed(parts)


@pytest.fixture
def not_personal(parts: Parts) -> NotPersonal:
    return NotPersonal(parts)


@pytest.fixture
def undoing(parts: Parts) -> Undoing:
    return Undoing(parts)


@dataclass
class House:
    """Customers and what they said."""

    parts: Parts
    settings: Settings
    engine: Any
    count: int = 0

    def customer(self, *, reviewed: bool = True) -> str:
        """A new one, who lets people read along or not; the subject's id."""
        with self.parts.database.begin() as tx:
            subject_id = subjects.create(tx, self.parts.ring, now=self.parts.clock())
            consent.put(
                tx, subject_id, "human_review", reviewed,
                policy=self.parts.policy, signer=Signer(bytes(range(32))), now=self.parts.clock(),
            )  # fmt: skip
        return subject_id

    def conversation(
        self, subject_id: str, *said: str | dict[str, Any], values: dict[str, tuple[str, str]] | None = None
    ) -> str:
        """A conversation of turns, here and in the engine's store; its id. `values`: placeholder → (type, value)."""
        self.count += 1
        conversation_id, now = f"{self.count:032x}", self.parts.clock()
        with self.parts.database.begin() as tx:
            tx.execute(
                insert(conversations).values(
                    id=conversation_id, subject_id=subject_id, created_at=now + self.count, expires_at=now + 10**9
                )
            )
            new = [Replacement(name, kind, value) for name, (kind, value) in (values or {}).items()]
            self.parts.vault.keep(tx, conversation_id, subject_id, new)
            for seq, each in enumerate(said, 1):
                row = {"text": each} if isinstance(each, str) else each
                tx.execute(insert(messages).values(**self._row(conversation_id, seq, now) | row))
        self._events(conversation_id, said)
        return conversation_id

    @staticmethod
    def _row(conversation_id: str, seq: int, now: int) -> dict[str, Any]:
        return {
            "conversation_id": conversation_id, "seq": seq, "author": "customer", "kind": "text", "status": "answered",
            "created_at": now, "entity_types": None,
        }  # fmt: skip

    def _events(self, conversation_id: str, said: tuple[str | dict[str, Any], ...]) -> None:
        with self.engine.begin() as connection:
            for seq, each in enumerate(said, 1):
                words = each if isinstance(each, str) else each["text"]
                event = {
                    "event": "user", "text": words, "message_id": f"{conversation_id}:{seq}", "timestamp": float(seq),
                    "parse_data": {"text": words, "intent": {"name": "inform"}, "entities": []},
                }  # fmt: skip
                slot = {"event": "slot", "name": "topic", "value": words, "timestamp": seq + 0.5}
                self._stored(connection, conversation_id, event, slot)

    def _stored(self, connection: Connection, conversation_id: str, *events: dict[str, Any]) -> None:
        """As the engine does it: a turn a row on SQLite, else an event."""
        rows: list[tuple[str, str | bytes]] = [(event["event"], json.dumps(event)) for event in events]
        if is_sqlite(str(self.engine.url)):
            connection.execute(text(DICTIONARIES))
            learn = text("INSERT OR IGNORE INTO dictionaries VALUES (:id, :data)")
            connection.execute(learn, {"id": number_of(DICTIONARY), "data": DICTIONARY})
            rows = [(TURN, compressor(DICTIONARY)(packed(events, conversation_id)))]
        for kind, data in rows:
            connection.execute(
                text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:id, :type, :at, :data)"),
                {"id": conversation_id, "type": kind, "at": events[-1]["timestamp"], "data": data},
            )

    def text(self, conversation_id: str, seq: int = 1) -> str:
        with self.parts.database.read() as tx:
            where = messages.c.conversation_id == conversation_id, messages.c.seq == seq
            return str(tx.execute(select(messages.c.text).where(*where)).scalar_one())

    def seen(self, conversation_id: str, seq: int = 1) -> str:
        """The text as its customer sees it."""
        with self.parts.database.read() as tx:
            values = {entry.placeholder: entry.value for entry in self.parts.vault.entries(tx, conversation_id)}
        return restore(self.text(conversation_id, seq), values)

    def engines(self, conversation_id: str) -> list[dict[str, Any]]:
        """What the engine has stored of a conversation."""
        return [event for _, event in self.parts.memory.events(conversation_id)]

    def place(self, conversation_id: str, words: str, seq: int = 1) -> tuple[int, int]:
        """Where words stand in a message, in code points."""
        start = self.text(conversation_id, seq).index(words)
        return start, start + len(words)


@pytest.fixture
def house(parts: Parts, settings: Settings, url: str) -> Iterator[House]:
    engine = create_engine(f"sqlite:///{settings.home / 'engine.db'}" if is_sqlite(url) else url)
    key = "INTEGER PRIMARY KEY" if is_sqlite(url) else "SERIAL PRIMARY KEY"
    with engine.begin() as connection:
        connection.execute(text(EVENTS.format(key=key)))
    yield House(parts, settings, engine)
    engine.dispose()
