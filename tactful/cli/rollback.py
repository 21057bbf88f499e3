"""`tactful rollback`: the champion before answers again, at once; while a canary runs, the champion answers all."""

import getpass

from tactful.bootstrap import Services
from tactful.cli.customer import services
from tactful.cli.promote import Reason, Whose, operator, recorded, redacted, said
from tactful.cli.returning import Returning, going_back
from tactful.installation import RETURNS, jobs
from tactful.learn.models import Move
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


def go_back(built: Services, reason: str, whose: Whose, begun: Returning | None = None) -> None:
    """End the canary, or give the place back to the champion before; wait until the engine follows.

    `begun`: it was begun already. Errors: as `going_back` and `Returning.wait`.
    """
    begun = begun or going_back(built.settings, built.models, whose.name)
    try:
        begun.wait()
    finally:
        _explained(built, begun.move, reason, whose)


def _explained(built: Services, move: Move, reason: str, whose: Whose) -> None:
    """Say why, once it is done: looking through a reason for personal values takes longer than going back."""
    note = redacted(built, reason)
    recorded(built, Act.MODEL_ROLLED_BACK, move, note, whose.actor)
    built.models.explain(move, note.text)
