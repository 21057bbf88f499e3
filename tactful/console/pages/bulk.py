"""`/console/bulk`: an act on everything that a filter finds: seen first, then done, then undone if need be."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from tactful.console.bulk import BulkAct
from tactful.console.desk import Row
from tactful.console.filters import Filter
from tactful.console.intents import meant, title_of
from tactful.console.pages.queues import Asked, Reviewer, as_words
from tactful.console.queues import ABOUT
from tactful.console.rendering import back, page
from tactful.errors import BadRequest
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/bulk", include_in_schema=False)
DONE = {
    BulkAct.ACCEPT: "accepted",
    BulkAct.REJECT: "marked as fitting no intent",
    BulkAct.CORRECT: "corrected",
    BulkAct.FLAG: "flagged",
    BulkAct.LABEL: "labelled",
}


@router.get("")
async def preview(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    asked: Asked,
    act: Annotated[BulkAct, Query()],
    value: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """How much it would be, and some of it."""
    value = await _checked(tactful, act, value)

    def look() -> dict[str, Any]:
        seen = tactful.bulk.preview(act, asked, staff.id)
        return {"seen": seen, "sample": [row for row in map(tactful.desk.row, seen.sample) if row is not None]}

    found = await to_thread.run_sync(look)
    rows: list[Row] = found["sample"]
    return page(
        request, "bulk.html", asked=asked, act=act, value=value, words=as_words(asked), done=DONE[act], queues=ABOUT,
        title_of=title_of, entities=tactful.policy.entities, names={}, seen=found["seen"], rows=rows,
    )  # fmt: skip


@router.post("")
async def do(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    act: Annotated[BulkAct, Form()],
    up_to: Annotated[int, Form(ge=0)],
    value: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Do it to what was seen. The filter is in the address."""
    value = await _checked(tactful, act, value)
    asked = Filter.of(request.query_params)
    done = await to_thread.run_sync(lambda: tactful.bulk.do(act, asked, staff.id, up_to, value))
    what = "conversation" if act is BulkAct.LABEL else "message"
    return back("/console/queues#acts", f"{done.count} {what}{'' if done.count == 1 else 's'} {DONE[act]}.")


@router.post("/{bulk_id}/undo")
async def undo(tactful: Tactful, staff: Reviewer, bulk_id: str) -> Response:
    done = await to_thread.run_sync(tactful.bulk.undo, bulk_id, staff.id)
    return back("/console/queues#acts", f"Undone: {done.count} are as they were.")


async def _checked(tactful: Tactful, act: BulkAct, value: str) -> str:
    """The intent or the label that the act is about. Errors: `BadRequest`; `DetectorUnavailable`."""
    if act is BulkAct.LABEL:
        return await tactful.notes.checked_label(value)
    if act is not BulkAct.CORRECT:
        return ""
    if found := meant(tactful.settings.project, value):
        return found
    raise BadRequest("Choose the intent that all of them have.")
