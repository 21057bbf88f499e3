"""`tactful rollback`: the champion before answers again, at once."""

import getpass

from tactful.cli.customer import services
from tactful.cli.promote import Reason, followed, recorded, redacted, said
from tactful.learn.registry import PREVIOUS, verify
from tactful.store.audit import Act


def rollback(reason: Reason) -> None:
    """Go back to the champion before; its engine is still alive. Example: tactful rollback --reason "complaints"

    The gate is not asked. A second rollback undoes the first.
    """
    said(reason)
    built = services()
    state = built.models.state()
    if before := state.alias(PREVIOUS):
        verify(before)
    move = built.models.roll_back(by=getpass.getuser(), reason="see the audit log")
    try:
        followed(built, move, state.aliases)
    finally:
        # Not before: looking through the reason for personal values takes longer than going back.
        recorded(built, Act.MODEL_ROLLED_BACK, move, redacted(built, reason))
