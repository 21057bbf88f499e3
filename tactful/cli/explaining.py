"""Going back, the part that nobody waits for: the engine follows meanwhile, and why it was done is entered."""

import logging
from functools import partial

import typer

from tactful.bootstrap import Services
from tactful.cli.audited import audited, taken_back
from tactful.cli.promote import Whose, redacted
from tactful.cli.returning import Returning
from tactful.errors import Conflict
from tactful.learn.models import Move
from tactful.store.audit import Act

log = logging.getLogger(__name__)


def explain(built: Services, begun: Returning, reason: str, whose: Whose) -> None:
    """Enter it, and wait until the engine follows; then say why: looking through a reason takes longer.

    Errors: as `Returning.wait`; `StoreUnavailable` when it cannot be entered, and then it was not done.
    """
    named = begun.move.model or begun.move.before
    audited(built, Act.MODEL_ROLLED_BACK, named, whose.actor, lambda: None, before=begun.before)
    try:
        begun.wait()
    except Conflict:
        if not begun.ends_canary:
            taken_back(built, Act.MODEL_ROLLED_BACK, named)
        raise
    finally:
        _why(built, begun.move, reason, whose)


def _why(built: Services, move: Move, reason: str, whose: Whose) -> None:
    """Enter the reason, too; one that cannot be looked through for personal values is not kept."""
    try:
        note = redacted(built, reason)
        explaining = partial(built.models.explain, move, note.text)
        audited(built, Act.MODEL_EXPLAINED, move.model or move.before, whose.actor, explaining, note)
    except Exception as error:  # its words could quote the reason
        log.error("why somebody went back was not kept: %s", type(error).__name__)
        typer.echo("The reason was not kept: it could not be looked through for personal values.", err=True)
