"""Going back, the part that customers wait for: imports little, so that it begins at once on a busy machine, too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import typer

from tactful.cli.following import Following, NotFollowed, followed
from tactful.config import Settings
from tactful.errors import Conflict
from tactful.learn.model_files import verify
from tactful.learn.models import PREVIOUS, Move, State
from tactful.learn.registry import Registry

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Returning:
    """The register has moved; the engine is about to follow."""

    move: Move
    models: Registry
    following: Following
    before: State
    ends_canary: bool

    def unless_undone(self, make: Callable[[], Made]) -> Made:
        """What it is entered in the audit log with. Errors: those of making it, and then it was not done."""
        try:
            return make()
        except BaseException:
            self.models.put_back(self.before)
            raise

    def wait(self) -> None:
        """Until the engine follows, and say so. Errors: `Conflict` when it did not."""
        if not self.ends_canary:
            followed(self.models, self.move, self.before.aliases, self.following)
            return
        move = self.move
        try:
            if self.following.running:
                self.following.until(lambda now: now.canary is None)
        except NotFollowed as why:
            raise Conflict(f"{move.before} is no canary any more, and still gets turns: {why}.") from None
        typer.echo(
            f"{move.before} is tried no more. {move.model or 'The champion'} answers all; nobody lost a message."
        )


def going_back(settings: Settings, models: Registry, by: str) -> Returning:
    """End the canary, or give the place back to the champion before.

    Errors: `NotFound` when there is nothing to go back to; `ModelChanged`.
    """
    state, following = models.state(), Following(settings)
    if state.canary:
        return Returning(models.try_no_more(by=by, reason=""), models, following, state, ends_canary=True)
    if before := state.alias(PREVIOUS):
        verify(before)
    return Returning(models.roll_back(by=by, reason=""), models, following, state, ends_canary=False)
