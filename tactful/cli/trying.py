"""How a canary does beside the champion, for `tactful promote --status` and `tactful models`."""

from collections.abc import Iterator

from tactful.bootstrap import Services
from tactful.errors import NotFound
from tactful.learn.models import Canary, State
from tactful.learn.trial import Arm, arms, table
from tactful.times import iso


def found(built: Services, canary: Canary, state: State) -> list[Arm]:
    """Champion and canary, in this order, in the conversations that began since the canary did."""
    champion = state.answering
    with built.database.read() as tx:
        return arms(tx, [champion.name if champion else "", canary.model], canary.since)


def status_lines(built: Services) -> Iterator[str]:
    """Both side by side. Errors: `NotFound` when no model is tried."""
    state = built.models.state()
    if state.canary is None:
        raise NotFound("No model is tried. Begin: tactful promote --share 10% --reason …")
    yield line(state.canary)
    both = found(built, state.canary, state)
    yield f"{'':18}{'champion':36}canary"
    yield f"{'':18}{both[0].model:36}{both[1].model}"
    for name, cells in table(both):
        yield f"{name:18}{cells[0]:36}{cells[1]}"


def line(canary: Canary) -> str:
    """Who gets which share since when."""
    return f"{canary.model} answers {canary.share:.0%} of the conversations that began since {iso(canary.since)}."
