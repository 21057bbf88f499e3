"""`tactful rollback`: the champion before answers again, at once; while a canary runs, the champion answers all."""

import getpass

import typer

from tactful.bootstrap import RETURNS, Services
from tactful.cli.customer import services
from tactful.cli.following import Following, NotFollowed
from tactful.cli.promote import Reason, Whose, followed, operator, recorded, redacted, said
from tactful.errors import Conflict
from tactful.installation import jobs
from tactful.learn.model_files import verify
from tactful.learn.models import PREVIOUS, Move
from tactful.store.audit import Act


def rollback(reason: Reason) -> None:
    """Go back to the champion before; its engine is still alive. Example: tactful rollback --reason "complaints"

    While a canary runs, that is what ends, and the champion stays. The gate is not asked. A second rollback undoes
    the first.
    """
    said(reason)
    built = services()
    with jobs(built.settings, RETURNS).doing("rollback", getpass.getuser()):
        go_back(built, reason, operator())


def go_back(built: Services, reason: str, whose: Whose) -> None:
    """End the canary, or give the place back to the champion before; wait until the engine follows.

    Errors: `NotFound` when there is nothing to go back to; `ModelChanged`; `Conflict` when the engine did not follow.
    """
    state, following = built.models.state(), Following(built.settings)
    if state.canary:
        return _canary_ended(built, reason, whose, following)
    if before := state.alias(PREVIOUS):
        verify(before)
    move = built.models.roll_back(by=whose.name, reason="")
    try:
        followed(built, move, state.aliases, following)
    finally:
        _explained(built, move, reason, whose)


def _canary_ended(built: Services, reason: str, whose: Whose, following: Following) -> None:
    move = built.models.try_no_more(by=whose.name, reason="")
    try:
        if following.running:
            following.until(lambda now: now.canary is None)
    except NotFollowed as why:
        raise Conflict(f"{move.before} is no canary any more, and still gets turns: {why}.") from None
    finally:
        _explained(built, move, reason, whose)
    typer.echo(f"{move.before} is tried no more. {move.model or 'The champion'} answers all; nobody lost a message.")


def _explained(built: Services, move: Move, reason: str, whose: Whose) -> None:
    """Say why, once it is done: looking through a reason for personal values takes longer than going back."""
    note = redacted(built, reason)
    recorded(built, Act.MODEL_ROLLED_BACK, move, note, whose.actor)
    built.models.explain(move, note.text)
