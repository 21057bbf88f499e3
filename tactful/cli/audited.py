"""What changes which model answers: it is in the audit log, or it was not done."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from tactful.bootstrap import Services
from tactful.errors import TactfulError
from tactful.learn.models import State
from tactful.privacy.placeholders import Redaction
from tactful.store.audit import SYSTEM, Act, Actor
from tactful.store.audit import Reason as Why

log = logging.getLogger(__name__)

Done = TypeVar("Done")


def audited(
    built: Services,
    act: Act,
    model: str,
    actor: Actor,
    do: Callable[[], Done],
    note: Redaction | None = None,
    before: State | None = None,
) -> Done:
    """Do something with a model, with its entry in the audit log: neither without the other.

    The entry is written first and committed last, so what `do` refuses leaves none; when the commit fails, the register
    is again what it was. `before`: what it was, where it has moved already. Errors: those of `do`; `StoreUnavailable`,
    `NotFound`.
    """
    was = before or built.models.state()
    done: list[Done] = []
    try:
        sha256 = built.models.state().named(model).sha256
        with built.database.begin() as tx:
            built.audit.record(tx, act, actor=actor, reason=Why.ROUTINE, note=note, object_id=sha256)
            done.append(do())
    except BaseException:
        if done or before:
            built.models.put_back(was)
        raise
    return done[0]


def taken_back(built: Services, act: Act, model: str) -> None:
    """Enter that something with a model came to nothing, since its engine did not come up: it was undone already."""
    with suppress(TactfulError), built.database.begin() as tx:
        sha256 = built.models.state().named(model).sha256
        built.audit.record(tx, act, actor=SYSTEM, reason=Why.ROUTINE, object_id=sha256)
        return
    log.error("the audit log lacks that a model was taken back: the store is away")
