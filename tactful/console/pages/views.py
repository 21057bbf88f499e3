"""`/console/views`: save a filter under a name, take it away again."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from tactful.console.filters import Filter
from tactful.console.pages.queues import Reviewer
from tactful.console.rendering import back
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/views", include_in_schema=False)


@router.post("")
async def save(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    name: Annotated[str, Form(max_length=200)] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """The filter is in the address."""
    asked = Filter.of(request.query_params)
    await tactful.views.save(staff.id, name, asked, shared=shared)
    told = "The view is saved, and everybody sees it." if shared else "The view is saved."
    return back(f"/console/search?{asked.address()}", told)


@router.post("/{view_id}/remove")
async def remove(tactful: Tactful, staff: Reviewer, view_id: str) -> Response:
    view = await to_thread.run_sync(tactful.views.remove, staff.id, view_id)
    return back(f"/console/search?{view.filter.address()}", "The view is removed. Save it again to have it back.")
