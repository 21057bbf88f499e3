"""`/console/queues` and `/console/search`: what waits for review, and any list of turns that a filter finds."""

from dataclasses import replace
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from tactful.console.access import allow
from tactful.console.bulk import BulkAct
from tactful.console.filters import LENGTHS, STATES, SURENESS, Filter
from tactful.console.intents import intents, title_of
from tactful.console.queues import ABOUT, Queue
from tactful.console.rendering import page
from tactful.console.staff import Role, Staff
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)
Reviewer = Annotated[Staff, Depends(allow(Role.REVIEWER, Role.TRAINER))]
Watching = Annotated[Staff, Depends(allow(Role.REVIEWER, Role.TRAINER, unattended=True))]
Number = Annotated[int | None, Query(ge=0, le=2**62)]

FACETS = {
    "intent": "Intent",
    "kind": "Hidden in it",
    "tone": "Tone",
    "language": "Browser's language",
    "channel": "Channel",
    "model": "Model",
}


def asked(request: Request) -> Filter:
    """The filter in the page's address."""
    return Filter.of(request.query_params)


Asked = Annotated[Filter, Depends(asked)]


@router.get("/queues")
async def queues(request: Request, tactful: Tactful, staff: Reviewer) -> Response:
    """Every queue with how much waits in it, saved views, and what one did to many at once."""

    def look() -> dict[str, Any]:
        return {
            "counts": tactful.desk.counts(),
            "unreadable": tactful.desk.unreadable(),
            "views": tactful.views.of(staff.id),
            "acts": tactful.bulk.recent(staff.id, 5),
        }

    return page(request, "queues.html", about=ABOUT, resolves=resolver(staff), **await to_thread.run_sync(look))


@router.get("/search")
async def search(request: Request, tactful: Tactful, staff: Reviewer, asked: Asked, below: Number = None) -> Response:
    """A page of the turns that the filter finds."""

    def look() -> dict[str, Any]:
        found = tactful.desk.page(asked, staff.id, below)
        people = {row.reserved_by for row in found.rows} | {row.assignee for row in found.rows}
        return {
            "found": found,
            "names": tactful.accounts.names([each for each in people if each]),
            "views": tactful.views.of(staff.id),
            "labels": tactful.notes.known_labels(),
            "unreadable": tactful.desk.unreadable(),
        }

    return page(
        request,
        "search.html",
        asked=asked,
        below=below,
        queue=ABOUT.get(Queue(asked.queue)) if asked.queue else None,
        queues={queue.value: about for queue, about in ABOUT.items()},
        entities=tactful.policy.entities,
        intents=intents(tactful.settings.project),
        lengths=LENGTHS,
        sureness=SURENESS,
        states=STATES,
        acts=BulkAct,
        **await to_thread.run_sync(look),
    )


@router.get("/search/facets")
async def facets(request: Request, tactful: Tactful, staff: Reviewer, asked: Asked) -> Response:
    """How what the filter finds divides: a part of the page that comes after it, since it counts everything."""
    total, found = await to_thread.run_sync(
        lambda: (tactful.desk.count(asked, staff.id), tactful.desk.facets(asked, staff.id))
    )
    return page(
        request, "_facets.html", asked=asked, total=total, facets=found, titles=FACETS, entities=tactful.policy.entities
    )


@router.get("/search/newer")
async def newer(request: Request, tactful: Tactful, staff: Watching, asked: Asked, than: Number = 0) -> Response:
    """How many came since the page was made; they are not put in under the reader's eye."""
    count = await to_thread.run_sync(tactful.desk.newer, asked, staff.id, than or 0)
    return page(request, "_newer.html", asked=asked, count=count, than=than)


def resolver(staff: Staff) -> bool:
    """Whether somebody decides where reviewers disagree."""
    return staff.may(Role.TRAINER)


def open_again(asked: Filter) -> Filter:
    """The same filter for what is still to be reviewed."""
    return replace(asked, state="open")


def as_words(asked: Filter) -> str:
    """A filter in words, for a heading: `Likely missed, intent Get a refund`."""
    words = [ABOUT[Queue(asked.queue)].title] if asked.queue else []
    for name, value in asked.narrowing.items():
        words.append(f'"{value}"' if name == "q" else f"{name} {title_of(value) if name == 'intent' else value}")
    return ", ".join(words) or "all messages"
