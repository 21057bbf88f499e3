"""What a model of the data as it is now would learn from customers, and what it did learn from."""

from dataclasses import dataclass
from pathlib import Path

from tactful.bootstrap import Services
from tactful.errors import Conflict
from tactful.learn import reviewed
from tactful.learn.exported import PROVENANCE, REVIEWED, SENTENCES
from tactful.learn.models import Model
from tactful.learn.teaching import conversations, without


class Unsourced(Conflict):
    code = "unsourced"
    message = "The reviewed data holds sentences whose source is not known."


@dataclass(frozen=True, slots=True)
class Taught:
    """The conversations that the reviewed data comes from, and what was taken out of it just now."""

    conversations: frozenset[str]
    withdrawn: int = 0  # conversations that may not teach any more
    sentences: int = 0  # that went with them
    flagged: tuple[str, ...] = ()  # models that learned from them


def settled(services: Services) -> Taught:
    """Take out of the reviewed data what may not teach any more, and flag the models that learned from it.

    To be called before each training. Errors: `Unsourced`; `StoreUnavailable` when nobody can tell what may teach.
    """
    folder = services.settings.project / REVIEWED
    nlu, provenance = _text(folder / SENTENCES), _text(folder / PROVENANCE)
    taught = conversations(provenance)
    with services.database.begin() as tx:
        gone = reviewed.withdrawn(tx, services.policy, taught)
        models = reviewed.models_of(tx, gone)
        reviewed.flag(tx, gone, services.clock())
    cleaned = without(nlu, provenance, gone)
    if cleaned.unsourced:
        raise Unsourced(
            f"{REVIEWED}/{SENTENCES} holds {cleaned.unsourced} sentences whose source is not known. "
            "Make it anew: tactful learn export"
        )
    if gone:
        (folder / SENTENCES).write_text(cleaned.nlu, encoding="utf-8")
        (folder / PROVENANCE).write_text(cleaned.provenance, encoding="utf-8")
    return Taught(frozenset(taught - gone), len(gone), cleaned.gone, tuple(models))


def noted(services: Services, model: Model, taught: Taught) -> None:
    """Enter from which conversations a model learned."""
    with services.database.begin() as tx:
        reviewed.learned(tx, model.name, taught.conversations, services.clock())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
