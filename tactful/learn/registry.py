"""The models of an installation: which file each is, what it was made of, how it did, and who answers customers.

One JSON file in the installation's folder, written whole or not at all, with a MAC under a key of the ring: who can
write files can neither slip another model in nor move an alias. Not a table: a model is a file of this machine, and
`tactful up` must be able to check it before there is a database.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from tactful.errors import Conflict, NotFound, TactfulError
from tactful.store.files import sync_folder

CHAMPION, CANDIDATE, PREVIOUS = "champion", "candidate", "previous"
SERVED = "served"  # what answers where nobody has promoted any


class RegistryBroken(TactfulError):
    code = "registry"
    message = "models.json is not as it was written. Take it from a backup, or remove it and promote a model anew."


class OneAtATime(Conflict):
    code, message = "one_at_a_time", "Another model is tried already."


class ModelChanged(TactfulError):
    code, message = "model_changed", "The model's file is not the one that was registered."


@dataclass(frozen=True, slots=True)
class Model:
    """A model and where it comes from. `seed`: the config's; None when components have their own."""

    name: str
    file: str
    sha256: str
    data: str  # twelve hex digits over what it learned from
    config: str  # and over pipeline, components and their pinned libraries
    seed: int | None
    at: int  # epoch ms: when it was registered
    by: str
    conversations: int = 0  # how many taught it; which ones: table `model_lineage`
    metrics: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class Move:
    """That an alias was given to another model: when, by whom, why (redacted)."""

    at: int
    act: str  # promoted | rolled back | taken back | tried | tried no more
    model: str
    before: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Canary:
    """A model that answers a share (0 to 1) of the conversations that begin from `since` on (epoch ms)."""

    model: str
    share: float
    since: int
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A model that is asked beside the one that answers, since when (epoch ms). `id`: of what it says, in tables."""

    id: str
    model: str
    since: int
    by: str


@dataclass(frozen=True, slots=True)
class State:
    """The registry as it stands."""

    models: Mapping[str, Model] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    canary: Canary | None = None
    shadow: Shadow | None = None

    def named(self, name: str) -> Model:
        """The model of this name or alias. Errors: `NotFound`."""
        known = self.models.get(self.aliases.get(name, name))
        if known is None:
            raise NotFound(f"No model is called {name}. See: tactful models")
        return known

    def alias(self, alias: str) -> Model | None:
        return self.models.get(self.aliases.get(alias, ""))

    @property
    def answering(self) -> Model | None:
        """What customers are answered with: the champion, or what was served before anybody promoted one."""
        return self.alias(CHAMPION) or self.alias(SERVED)

    @property
    def tried(self) -> Model | None:
        """The canary's model."""
        return self.models.get(self.canary.model) if self.canary else None

    @property
    def asked(self) -> Model | None:
        """The shadow's model."""
        return self.models.get(self.shadow.model) if self.shadow else None


class Registry:
    """Reads and changes the file; any number of processes may."""

    def __init__(self, path: Path, key: bytes, clock: Callable[[], int]) -> None:
        self._path, self._key, self._clock = path, key, clock

    @property
    def path(self) -> Path:
        return self._path

    def state(self) -> State:
        """What is registered. Errors: `RegistryBroken`."""
        if not self._path.exists():
            return State()
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
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

    def add(self, path: Path, **about: Any) -> Model:
        """Register a model's file, by its name without `.tar.gz`; one that is registered stays as it is.

        Errors: `ModelChanged` when that name is known with another content.
        """
        name = name_of(path)
        with self._changing() as keep:
            state = self.state()
            digest = hash_of(path)
            if known := state.models.get(name):
                if known.sha256 != digest:
                    raise ModelChanged(f"{name} is registered with another content. See: tactful models forget {name}")
                return known
            new = Model(name, str(path.resolve()), digest, at=self._clock(), **about)
            keep(replace(state, models={**state.models, name: new}))
            return new

    def forget(self, name: str) -> None:
        """Take a model off the register; its file stays. Errors: `NotFound`; `ModelChanged` while an alias names it."""
        with self._changing() as keep:
            state = self.state()
            gone = state.named(name).name
            used = [alias for alias, model in state.aliases.items() if model == gone and alias != SERVED]
            trials = {"canary": state.canary, "shadow": state.shadow}
            used += [what for what, trial in trials.items() if trial and trial.model == gone]
            if used:
                raise ModelChanged(f"{gone} is the {used[0]}; it cannot be forgotten.")
            keep(replace(state, models={known: model for known, model in state.models.items() if known != gone}))

    def settle(self, files: Mapping[str, Path]) -> None:
        """After the register came to another place: where the models' files lie there; others are forgotten."""
        with self._changing() as keep:
            state = self.state()
            models = {
                name: replace(model, file=str(files[name].resolve()))
                for name, model in state.models.items()
                if name in files
            }
            keep(replace(state, models=models, aliases={a: m for a, m in state.aliases.items() if m in models}))

    def measured(self, name: str, metrics: Mapping[str, Any]) -> None:
        """Keep a model's figures. Errors: `NotFound`."""
        with self._changing() as keep:
            state = self.state()
            model = replace(state.named(name), metrics=metrics)
            keep(replace(state, models={**state.models, model.name: model}))

    def stand(self, name: str) -> Model:
        """Make a model the candidate. Errors: `NotFound`."""
        with self._changing() as keep:
            state = self.state()
            model = state.named(name)
            keep(replace(state, aliases={**state.aliases, CANDIDATE: model.name}))
            return model

    def serve(self, name: str) -> None:
        """Note that a model answers though nobody promoted it. Errors: `NotFound`."""
        with self._changing() as keep:
            state = self.state()
            keep(replace(state, aliases={**state.aliases, SERVED: state.named(name).name}))

    def take_back(self, move: Move, aliases: Mapping[str, str], why: str) -> None:
        """Undo a move whose model did not come up: the aliases are again what they were."""
        with self._changing() as keep:
            back = Move(self._clock(), "taken back", move.before, move.model, move.by, why)
            state = self.state()
            keep(replace(state, aliases=aliases, moves=(*state.moves, back)))

    def try_out(self, name: str, share: float, *, by: str, reason: str) -> Move:
        """Give a model a share of the new conversations, or another share than it has.

        Errors: `NotFound`; `OneAtATime` while another one is the canary.
        """
        with self._changing() as keep:
            state = self.state()
            model, now = state.named(name), self._clock()
            _alone(state, model)
            since = state.canary.since if state.canary else now
            move = Move(
                now, f"tried with {share:.0%} of new conversations", model.name, _name(state.answering), by, reason
            )
            canary = Canary(model.name, share, since, by, reason)
            keep(replace(state, canary=canary, shadow=None, moves=(*state.moves, move)))
            return move

    def try_no_more(self, *, by: str, reason: str) -> Move:
        """End the canary; its conversations go on with the champion. Errors: `NotFound` when there is none."""
        with self._changing() as keep:
            state = self.state()
            if state.canary is None:
                raise NotFound("No model is tried with a share of the conversations.")
            move = Move(self._clock(), "tried no more", _name(state.answering), state.canary.model, by, reason)
            keep(replace(state, canary=None, moves=(*state.moves, move)))
            return move

    def listen(self, name: str, *, by: str) -> Shadow:
        """Ask a model beside the one that answers; it ends with the next promotion, canary or rollback.

        Errors: `NotFound`; `OneAtATime` while a canary or another shadow runs.
        """
        with self._changing() as keep:
            state = self.state()
            model = state.named(name)
            if state.canary or state.shadow:
                raise OneAtATime("A canary runs." if state.canary else f"{_name(state.asked)} is the shadow already.")
            shadow = Shadow(token_hex(16), model.name, self._clock(), by)
            keep(replace(state, shadow=shadow))
            return shadow

    def listen_no_more(self) -> Shadow:
        """End the shadow. Errors: `NotFound` when there is none."""
        with self._changing() as keep:
            state = self.state()
            if state.shadow is None:
                raise NotFound("No model is asked beside the champion. Begin: tactful shadow start")
            keep(replace(state, shadow=None))
            return state.shadow

    def promote(self, name: str, *, by: str, reason: str) -> Move:
        """Make a model the champion; the one before stays at hand, and a canary ends.

        Errors: `NotFound`; `OneAtATime` while another one is the canary.
        """
        with self._changing() as keep:
            state = self.state()
            _alone(state, state.named(name))
            return self._moved(keep, state, state.named(name), "promoted", by, reason)

    def roll_back(self, *, by: str, reason: str) -> Move:
        """Give the place back to the champion before. Errors: `NotFound` when there is none."""
        with self._changing() as keep:
            state = self.state()
            before = state.alias(PREVIOUS)
            if before is None:
                raise NotFound("There was no champion before this one.")
            return self._moved(keep, state, before, "rolled back", by, reason)

    def _moved(
        self, keep: Callable[[State], None], state: State, new: Model, act: str, by: str, reason: str
    ) -> Move:  # fmt: skip
        old = state.answering.name if state.answering else ""
        move = Move(self._clock(), act, new.name, old, by, reason)
        aliases = {alias: model for alias, model in state.aliases.items() if (alias, model) != (CANDIDATE, new.name)}
        aliases |= {CHAMPION: new.name} | ({PREVIOUS: old} if old and old != new.name else {})
        keep(replace(state, aliases=aliases, moves=(*state.moves, move), canary=None, shadow=None))
        return move

    @contextmanager
    def _changing(self) -> Iterator[Callable[[State], None]]:
        """Alone with the file; what is handed back writes it."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.with_suffix(".lock").open("w") as lock:
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
        new = self._path.with_suffix(".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        sync_folder(self._path.parent)

    def _mac(self, content: Mapping[str, Any]) -> bytes:
        written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        return hmac.digest(self._key, written, sha256)


def _alone(state: State, model: Model) -> None:
    """Errors: `OneAtATime` while another model is the canary."""
    if state.canary and state.canary.model != model.name:
        raise OneAtATime(f"{state.canary.model} is the canary. Promote it, or end it: tactful rollback --reason …")


def _name(model: Model | None) -> str:
    return model.name if model else ""


def name_of(path: Path) -> str:
    """What a model's file is called in the register."""
    return path.name.removesuffix(".tar.gz")


def hash_of(path: Path) -> str:
    """SHA-256 of a file. Errors: `NotFound`."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise NotFound(f"{path.name} is not there any more.") from None


def verify(model: Model) -> Path:
    """The model's file, if it is the one that was registered. Errors: `ModelChanged`, `NotFound`."""
    if hash_of(model.path) != model.sha256:
        raise ModelChanged(f"{model.path.name} is not the file that was registered as {model.name}. It is not loaded.")
    return model.path
