"""Going back, the part that customers wait for: imports little, so that it begins at once on a busy machine, too."""

from collections.abc import Mapping
from dataclasses import dataclass

import typer

from tactful.cli.following import Following, NotFollowed, followed
from tactful.config import Settings
from tactful.errors import Conflict
from tactful.learn.model_files import verify
from tactful.learn.models import PREVIOUS, Move
from tactful.learn.registry import Registry


@dataclass(frozen=True, slots=True)
class Returning:
    """The register has moved; the engine is about to follow."""

    move: Move
    models: Registry
    following: Following
    aliases: Mapping[str, str] | None  # what they were; None where it is a canary that ends

    def wait(self) -> None:
        """Until the engine follows, and say so. Errors: `Conflict` when it did not."""
        if self.aliases is not None:
            followed(self.models, self.move, self.aliases, self.following)
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
        return Returning(models.try_no_more(by=by, reason=""), models, following, None)
    if before := state.alias(PREVIOUS):
        verify(before)
    return Returning(models.roll_back(by=by, reason=""), models, following, state.aliases)
