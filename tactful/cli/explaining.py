"""Going back, the part that nobody waits for: the engine follows meanwhile, and why it was done is entered."""

from tactful.bootstrap import Services
from tactful.cli.promote import Whose, recorded, redacted
from tactful.cli.returning import Returning
from tactful.store.audit import Act


def explain(built: Services, begun: Returning, reason: str, whose: Whose) -> None:
    """Wait until the engine follows; then say why, since looking through it for personal values takes longer.

    Errors: as `Returning.wait`.
    """
    try:
        begun.wait()
    finally:
        note = redacted(built, reason)
        recorded(built, Act.MODEL_ROLLED_BACK, begun.move, note, whose.actor)
        built.models.explain(begun.move, note.text)
