"""`/console/accounts`: administrators add, change, disable and remove accounts."""

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tactful.console.access import allow
from tactful.console.links import PATH
from tactful.console.rendering import back, page
from tactful.console.staff import ABOUT, Role, Staff
from tactful.errors import BadRequest, Conflict
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/accounts", include_in_schema=False)
Administrator = Annotated[Staff, Depends(allow(Role.ADMINISTRATOR))]
LIST = "/console/accounts"


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Administrator) -> Response:
    return await _page(request, tactful)


@router.post("")
async def add(
    request: Request,
    tactful: Tactful,
    staff: Administrator,
    login: Annotated[str, Form(max_length=200)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[list[Role] | None, Form()] = None,
) -> Response:
    """Add an account; the page shows the link for its owner, this once."""
    roles = frozenset(role or ())
    try:
        account, token = await to_thread.run_sync(tactful.accounts.add, login, roles, staff.actor, name)
    except (BadRequest, Conflict) as refusal:
        return await _page(request, tactful, refusal=refusal, entered={"login": login, "name": name, "roles": roles})
    return await _page(request, tactful, link=_link(tactful, token), link_for=account.name)


@router.post("/{staff_id}/roles")
async def set_roles(
    tactful: Tactful, staff: Administrator, staff_id: str, role: Annotated[list[Role] | None, Form()] = None
) -> Response:
    return await _done(
        lambda: tactful.accounts.set_roles(staff_id, frozenset(role or ()), staff.actor),
        "The roles are changed. They hold from the next page on.",
    )


@router.post("/{staff_id}/disable")
async def disable(tactful: Tactful, staff: Administrator, staff_id: str) -> Response:
    return await _done(
        lambda: tactful.accounts.disable(staff_id, staff.actor), "The account is disabled and signed out everywhere."
    )


@router.post("/{staff_id}/enable")
async def enable(tactful: Tactful, staff: Administrator, staff_id: str) -> Response:
    return await _done(lambda: tactful.accounts.enable(staff_id, staff.actor), "The account may sign in again.")


@router.post("/{staff_id}/sign-out")
async def sign_out(tactful: Tactful, staff: Administrator, staff_id: str) -> Response:
    return await _done(
        lambda: tactful.accounts.sign_out_everywhere(staff_id, staff.actor), "The account is signed out everywhere."
    )


@router.post("/{staff_id}/reset")
async def reset(request: Request, tactful: Tactful, staff: Administrator, staff_id: str) -> Response:
    """Take the password away; the page shows a link that sets a new one, this once."""
    account = await to_thread.run_sync(tactful.accounts.get, staff_id)
    token = await to_thread.run_sync(tactful.accounts.reset, staff_id, staff.actor)
    return await _page(request, tactful, link=_link(tactful, token), link_for=account.name)


@router.post("/{staff_id}/remove")
async def remove(tactful: Tactful, staff: Administrator, staff_id: str) -> Response:
    return await _done(lambda: tactful.accounts.remove(staff_id, staff.actor), "The account is removed.")


async def _done(act: Callable[[], object], told: str) -> Response:
    try:
        await to_thread.run_sync(act)
    except (BadRequest, Conflict) as refusal:
        told = str(refusal)
    return back(LIST, told)


def _link(tactful: Tactful, token: str) -> str:
    return tactful.settings.address + PATH + token


async def _page(
    request: Request,
    tactful: Tactful,
    *,
    link: str = "",
    link_for: str = "",
    refusal: BadRequest | Conflict | None = None,
    entered: dict[str, object] | None = None,
) -> Response:
    listed = await to_thread.run_sync(tactful.accounts.listed)
    return page(
        request,
        "accounts.html",
        status=refusal.status if refusal else 200,
        accounts=listed,
        about=ABOUT,
        link=link,
        link_for=link_for,
        hours=tactful.settings.console_link_hours,
        refusal=refusal,
        entered=entered or {"login": "", "name": "", "roles": frozenset()},
    )
