"""Waiting until the engine that runs follows what was entered in the register."""

import time
from collections.abc import Callable, Mapping

import typer

from tactful.chat.engines import Pointer, read
from tactful.cli.up import pointer_file, running
from tactful.config import Settings
from tactful.errors import BadRequest, Conflict
from tactful.learn.models import Move
from tactful.learn.registry import Registry

PATIENCE_S = 330.0
LOOK_S = 0.05


class NotFollowed(Exception):
    """The running engine did not become what was wanted; why."""


class Following:
    """Made before the register is changed, so that what was refused earlier is not taken for an answer."""

    def __init__(self, settings: Settings) -> None:
        self.elsewhere = bool(settings.engines)
        self._pointer, self.running = pointer_file(settings), running(settings)
        before = read(self._pointer)
        self._refusals = before.refusals if before else 0

    def beside(self) -> None:
        """Errors: `BadRequest` where engines are on other machines, since none can be started beside them from here."""
        if self.elsewhere:
            raise BadRequest(
                "The engines are on other machines (TACTFUL_ENGINE_URLS): none can be started beside them from here. "
                "docs/many_machines.md says how they get another model."
            )

    def until(self, done: Callable[[Pointer], bool]) -> float:
        """Seconds until the pointer says so. Errors: `NotFollowed`, when a model did not come up or nobody followed."""
        began = time.monotonic()
        while (taken := time.monotonic() - began) < PATIENCE_S:
            now = read(self._pointer)
            if now and done(now):
                return taken
            if now and now.refusals > self._refusals:
                raise NotFollowed(now.why)
            time.sleep(LOOK_S)
        raise NotFollowed("nobody followed in time")


def followed(models: Registry, move: Move, aliases: Mapping[str, str], following: Following) -> None:
    """Wait until the running engine is the new champion's, and say so. When it does not come up, the aliases go back.

    Errors: `Conflict` then.
    """
    if following.elsewhere:
        typer.echo(f"{move.model} is the champion here. Give it to the engines: docs/many_machines.md")
        return
    if not following.running:
        typer.echo(f"{move.model} is the champion. It answers from the next start on.")
        return
    wanted = models.state().named(move.model).sha256
    try:
        seconds = following.until(lambda now: now.sha256 == wanted)
    except NotFollowed as why:
        models.take_back(move, aliases, str(why))
        raise Conflict(
            f"{move.model} does not answer: {why}. {move.before or 'The model before'} still does."
        ) from None
    typer.echo(f"{move.model} is the champion and answers, {seconds:.1f} s after it was asked to.")
