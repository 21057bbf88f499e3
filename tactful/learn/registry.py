"""The models of an installation: which file each is, what it was made of, how it did, and who answers customers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from tactful.errors import Conflict, NotFound
from tactful.learn.model_files import ModelChanged, hash_of, name_of
from tactful.learn.models import CANDIDATE, CHAMPION, PREVIOUS, SERVED, Canary, Model, Move, Shadow, State
from tactful.learn.register_file import RegisterFile


class OneAtATime(Conflict):
    code, message = "one_at_a_time", "Another model is tried already."


class Registry:
    """Reads and changes the file; any number of processes may."""

    def __init__(self, path: Path, key: bytes, clock: Callable[[], int]) -> None:
        self._file, self._clock = RegisterFile(path, key), clock

    @property
    def path(self) -> Path:
        return self._file.path

    def state(self) -> State:
        """What is registered. Errors: `RegistryBroken`."""
        return self._file.read()

    def add(self, path: Path, **about: Any) -> Model:
        """Register a model's file, by its name without `.tar.gz`; one that is registered stays as it is.

        Errors: `ModelChanged` when that name is known with another content.
        """
        name = name_of(path)
        with self._file.changing() as keep:
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
        with self._file.changing() as keep:
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
        with self._file.changing() as keep:
            state = self.state()
            models = {
                name: replace(model, file=str(files[name].resolve()))
                for name, model in state.models.items()
                if name in files
            }
            keep(replace(state, models=models, aliases={a: m for a, m in state.aliases.items() if m in models}))

    def measured(self, name: str, metrics: Mapping[str, Any]) -> None:
        """Keep a model's figures. Errors: `NotFound`."""
        with self._file.changing() as keep:
            state = self.state()
            model = replace(state.named(name), metrics=metrics)
            keep(replace(state, models={**state.models, model.name: model}))

    def stand(self, name: str) -> Model:
        """Make a model the candidate. Errors: `NotFound`."""
        with self._file.changing() as keep:
            state = self.state()
            model = state.named(name)
            keep(replace(state, aliases={**state.aliases, CANDIDATE: model.name}))
            return model

    def serve(self, name: str) -> None:
        """Note that a model answers though nobody promoted it. Errors: `NotFound`."""
        with self._file.changing() as keep:
            state = self.state()
            keep(replace(state, aliases={**state.aliases, SERVED: state.named(name).name}))

    def take_back(self, move: Move, aliases: Mapping[str, str], why: str) -> None:
        """Undo a move whose model did not come up: the aliases are again what they were."""
        with self._file.changing() as keep:
            back = Move(self._clock(), "taken back", move.before, move.model, move.by, why)
            state = self.state()
            keep(replace(state, aliases=aliases, moves=(*state.moves, back)))

    def put_back(self, before: State) -> None:
        """What was just done with models counts as not done: who answers, is tried or asked, and the moves."""
        with self._file.changing() as keep:
            was = {"aliases": before.aliases, "moves": before.moves, "canary": before.canary, "shadow": before.shadow}
            keep(replace(self.state(), **was))  # type: ignore[arg-type]

    def try_out(self, name: str, share: float, *, by: str, reason: str) -> Move:
        """Give a model a share of the new conversations, or another share than it has.

        What answers is the champion from then on: or the next start would serve the model of the data as it is now,
        which may be the one that is tried, or was.

        Errors: `NotFound`; `OneAtATime` while another one is the canary.
        """
        with self._file.changing() as keep:
            state = self.state()
            model, now = state.named(name), self._clock()
            _alone(state, model)
            since = state.canary.since if state.canary else now
            move = Move(
                now, f"tried with {share:.0%} of new conversations", model.name, _name(state.answering), by, reason
            )
            canary = Canary(model.name, share, since, by, reason)
            champion = {CHAMPION: state.answering.name} if state.answering else {}
            aliases = {**state.aliases, **champion}
            keep(replace(state, aliases=aliases, canary=canary, shadow=None, moves=(*state.moves, move)))
            return move

    def try_no_more(self, *, by: str, reason: str) -> Move:
        """End the canary; its conversations go on with the champion. Errors: `NotFound` when there is none."""
        with self._file.changing() as keep:
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
        with self._file.changing() as keep:
            state = self.state()
            model = state.named(name)
            if state.canary or state.shadow:
                raise OneAtATime("A canary runs." if state.canary else f"{_name(state.asked)} is the shadow already.")
            shadow = Shadow(token_hex(16), model.name, self._clock(), by)
            keep(replace(state, shadow=shadow))
            return shadow

    def listen_no_more(self) -> Shadow:
        """End the shadow. Errors: `NotFound` when there is none."""
        with self._file.changing() as keep:
            state = self.state()
            if state.shadow is None:
                raise NotFound("No model is asked beside the champion. Begin: tactful shadow start")
            keep(replace(state, shadow=None))
            return state.shadow

    def promote(self, name: str, *, by: str, reason: str) -> Move:
        """Make a model the champion; the one before stays at hand, and a canary ends.

        Errors: `NotFound`; `OneAtATime` while another one is the canary.
        """
        with self._file.changing() as keep:
            state = self.state()
            _alone(state, state.named(name))
            return self._moved(keep, state, state.named(name), "promoted", by, reason)

    def roll_back(self, *, by: str, reason: str) -> Move:
        """Give the place back to the champion before. Errors: `NotFound` when there is none."""
        with self._file.changing() as keep:
            state = self.state()
            before = state.alias(PREVIOUS)
            if before is None:
                raise NotFound("There was no champion before this one.")
            return self._moved(keep, state, before, "rolled back", by, reason)

    def explain(self, move: Move, reason: str) -> None:
        """Enter why a move was made, where that could not be said at once; one that is unknown stays so."""
        with self._file.changing() as keep:
            state = self.state()
            moves = (replace(each, reason=reason) if each == move else each for each in state.moves)
            keep(replace(state, moves=tuple(moves)))

    def _moved(
        self, keep: Callable[[State], None], state: State, new: Model, act: str, by: str, reason: str
    ) -> Move:  # fmt: skip
        old = state.answering.name if state.answering else ""
        move = Move(self._clock(), act, new.name, old, by, reason)
        aliases = {alias: model for alias, model in state.aliases.items() if (alias, model) != (CANDIDATE, new.name)}
        aliases |= {CHAMPION: new.name} | ({PREVIOUS: old} if old and old != new.name else {})
        keep(replace(state, aliases=aliases, moves=(*state.moves, move), canary=None, shadow=None))
        return move


def _alone(state: State, model: Model) -> None:
    """Errors: `OneAtATime` while another model is the canary."""
    if state.canary and state.canary.model != model.name:
        raise OneAtATime(f"{state.canary.model} is the canary. Promote it, or end it: tactful rollback --reason …")


def _name(model: Model | None) -> str:
    return model.name if model else ""
