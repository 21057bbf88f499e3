"""`/console/selection`: what to review next, each turn with its reason, and what may be a new intent."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from tactful.console.desk import Row
from tactful.console.intents import title_of
from tactful.console.pages.models import of_work
from tactful.console.pages.queues import Reviewer
from tactful.console.queues import ABOUT, Queue
from tactful.console.rendering import page
from tactful.console.staff import Role
from tactful.learn.choice import Why
from tactful.learn.evaluating import taught_by_hand
from tactful.learn.gate import load
from tactful.learn.naming import rarity
from tactful.learn.selection import Kept, kept, suggestions
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/selection", include_in_schema=False)

KINDS = {
    Why.UNCERTAIN: ("The model was torn", "Two intents were nearly as likely. A verdict draws the line between them."),
    Why.FREQUENT: ("Many customers ask", "One of what many customers are about. A verdict counts for all of them."),
    Why.OUTSIDE: ("No intent is for it", "Many customers are about something that the assistant has no answer to."),
    Why.MISLABEL: ("Reviewed, and in doubt", "The others contradict the verdict. Reopen it, or leave it as it is."),
    Why.RANDOM: ("By chance", "Drawn from all, so that nothing is overlooked because no rule asks for it."),
}


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Reviewer) -> Response:
    """The choice in force. Words only where several customers said them."""

    def look() -> dict[str, Any]:
        project = tactful.settings.project
        settings = load(project / "learning.yml").select
        with tactful.database.read() as tx:
            chosen = kept(tx, tactful.policy)
            rare = rarity(taught_by_hand(project)) if chosen else {"": 1.0}
            found = suggestions(tx, tactful.policy, rare, settings.customers_to_name)
        rows = tactful.desk.rows([each.turn for each in chosen], staff.id)
        people = {row.reserved_by for row in rows} | {row.assignee for row in rows}
        last = tactful.training.last_of("select")
        return of_work(tactful, tactful.accounts.names([each for each in people if each])) | {
            "doubted": last.result.get("doubted", ()) if last and staff.may(Role.TRAINER) else (),
            "kinds": _divided(chosen, rows),
            "suggestions": found,
            "at": chosen[0].at if chosen else 0,
        }

    return page(
        request,
        "selection.html",
        queues={queue.value: about for queue, about in ABOUT.items()},
        queue=Queue.SELECTED.value,
        entities=tactful.policy.entities,
        **await to_thread.run_sync(look),
    )


def _divided(chosen: list[Kept], rows: list[Row]) -> list[tuple[str, str, list[tuple[Row, str]]]]:
    """(title, why, [(turn, its reason)]) of each kind that has any."""
    found = {row.turn["id"]: row for row in rows}
    divided = []
    for why, (title, about) in KINDS.items():
        these = [(found[each.turn], reason(each)) for each in chosen if each.why is why and each.turn in found]
        if these:
            divided.append((title, about, these))
    return divided


def reason(each: Kept) -> str:
    """What is particular about one turn, in a few words."""
    told = {
        Why.UNCERTAIN: f"the best two {1 - each.score:.0%} apart",
        Why.FREQUENT: f"{each.score:.0f} customers",
        Why.OUTSIDE: f"{each.score:.0f} customers",
        Why.MISLABEL: f"rather {title_of(each.said)}, {each.score:.0%}",
        Why.RANDOM: "",
    }[each.why]
    like = f"and {each.like} like it" if each.like else ""
    return ", ".join(part for part in (told, like) if part)
