"""The register's file, written whole or not at all, with a MAC under a key of the ring.

Who can write files can neither slip another model in nor move an alias. Not a table: a model is a file of this machine,
and `tactful up` must be able to check it before there is a database.
"""

import fcntl
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from tactful.errors import TactfulError
from tactful.learn.models import Canary, Model, Move, Shadow, State
from tactful.store.files import exchange


class RegistryBroken(TactfulError):
    code = "registry"
    message = "models.json is not as it was written. Take it from a backup, or remove it and promote a model anew."


class RegisterFile:
    """Read by anybody; changed by one process at a time."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self._key = path, key

    def read(self) -> State:
        """What is registered. Errors: `RegistryBroken`."""
        if not self.path.exists():
            return State()
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            mac = bytes.fromhex(content.pop("mac"))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RegistryBroken from None
        if not hmac.compare_digest(mac, self._mac(content)):
            raise RegistryBroken
        return State(
            {name: Model(**model) for name, model in content["models"].items()},
            content["aliases"],
            tuple(Move(**move) for move in content["moves"]),
            Canary(**content["canary"]) if content.get("canary") else None,
            Shadow(**content["shadow"]) if content.get("shadow") else None,
        )

    @contextmanager
    def changing(self) -> Iterator[Callable[[State], None]]:
        """Alone with the file; what is handed back writes it."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._write

    def _write(self, state: State) -> None:
        content = {
            "models": {name: asdict(model) for name, model in state.models.items()},
            "aliases": dict(state.aliases),
            "moves": [asdict(move) for move in state.moves],
            "canary": asdict(state.canary) if state.canary else None,
            "shadow": asdict(state.shadow) if state.shadow else None,
        }
        content["mac"] = self._mac(content).hex()
        exchange(self.path, json.dumps(content, indent=1, ensure_ascii=False), durable=True)

    def _mac(self, content: Mapping[str, Any]) -> bytes:
        written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        return hmac.digest(self._key, written, sha256)
