"""`/console/models`: which models there are, which one answers, and the work on them; a model with its report."""

import platform
from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tactful.bootstrap import Services
from tactful.console.access import allow, local
from tactful.console.next_step import next_step
from tactful.console.rendering import back, page
from tactful.console.shelf import who
from tactful.console.staff import Role, Staff
from tactful.console.training import WORDS
from tactful.errors import BadRequest, Conflict, NotFound, TactfulError, Unavailable
from tactful.learn.model_files import verify
from tactful.learn.models import PREVIOUS
from tactful.store.audit import LONGEST_NOTE
from tactful.store.places import is_sqlite
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/models", include_in_schema=False)
Trainer = Annotated[Staff, Depends(allow(Role.TRAINER))]
Watching = Annotated[Staff, Depends(allow(Role.TRAINER, unattended=True))]
Text = Annotated[str, Form(max_length=4000)]
Short = Annotated[str, Form(max_length=200)]
Began = Annotated[int, Query(ge=0, le=2**62)]
LIST = "/console/models"
FREE = frozenset({"train", "evaluate", "look", "export", "select", "listen", "listen_no_more"})  # what needs no reason
MEDIA = {"json": "application/json", "md": "text/markdown; charset=utf-8"}


@router.get("")
async def models(request: Request, tactful: Tactful, staff: Trainer) -> Response:
    """Every model with its aliases, figures and lineage; what was promoted when, by whom and why."""

    def look() -> dict[str, Any]:
        state = tactful.shelf.state()
        shown, history = tactful.shelf.models(state), list(reversed(state.moves))
        names = tactful.shelf.names(who(shown, history))
        sides, before = tactful.shelf.two(state), state.alias(PREVIOUS)
        told = {
            "models": shown,
            "history": history,
            "sides": sides,
            "can_return": before.name if before else "",
            "canary": state.canary,
            "next": next_step(state, tactful.shelf.passed(state)),
        }
        return told | of_work(tactful, names)

    return page(request, "models.html", **await to_thread.run_sync(look))


@router.get("/work")
async def work(request: Request, tactful: Tactful, staff: Watching, began: Began = 0, seen: Began = 0) -> Response:
    """How far the work is: a part of pages. Once it has ended, the page is loaded anew."""
    told = await to_thread.run_sync(of_work, tactful)
    answer = page(request, "_work.html", seen=seen, **told)
    if began and not (told["job"] and told["job"].running):
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/work")
async def begin(tactful: Tactful, staff: Trainer, kind: Short = "", model: Short = "", then: Short = LIST) -> Response:
    """Train, evaluate, choose, look or export, in a process beside the door."""
    where = local(then)
    if kind not in FREE:
        raise BadRequest("There is no such work.")
    return await _begun(tactful, staff, where, kind, **({"model": model} if model else {}))


@router.post("/work/cancel")
async def cancel(tactful: Tactful, staff: Trainer) -> Response:
    try:
        await to_thread.run_sync(tactful.training.cancel, staff)
    except NotFound as refusal:
        return back(LIST, str(refusal))
    return back(LIST, "It is told to stop.")


@router.get("/try")
async def attempt(request: Request, tactful: Tactful, staff: Trainer) -> Response:
    """A sentence for candidate and champion, side by side."""
    there = await to_thread.run_sync(lambda: tactful.shelf.two(tactful.shelf.state()))
    return page(request, "try.html", two=there, sides=[], text="", refusal="")


@router.post("/try")
async def ask(request: Request, tactful: Tactful, staff: Trainer, text: Text = "") -> Response:
    """What each makes of it. The sentence passes the detector first; one that cannot be checked is asked nobody."""
    there = await to_thread.run_sync(lambda: tactful.shelf.two(tactful.shelf.state()))
    sides, refusal = [], ""
    try:
        paths = [await to_thread.run_sync(verify, model) for _, model in there]
        text, said = await tactful.training.ask(text, paths, staff)
        sides = [(what, model.name, each) for (what, model), each in zip(there, said, strict=True)]
    except TactfulError as error:
        refusal = str(error)
    return page(request, "try.html", two=there, sides=sides, text=text if sides else "", refusal=refusal)


@router.post("/rollback")
async def roll_back(tactful: Tactful, staff: Trainer, reason: Text = "", then: Short = LIST) -> Response:
    """End the canary, or give the place back to the champion before."""
    return await _begun(tactful, staff, local(then), "rollback", reason=_said(reason))


@router.get("/{name}")
async def model(request: Request, tactful: Tactful, staff: Trainer, name: str) -> Response:
    """One model: where it comes from, its report, and how it gets to answer."""

    def look() -> dict[str, Any]:
        state = tactful.shelf.state()
        shown = tactful.shelf.model(state, name)
        canary, champion = state.canary, state.answering
        trials = [each.by for each in (canary, state.shadow) if each]
        names = tactful.shelf.names([shown.model.by, *trials])
        told = {"shown": shown, "report": tactful.shelf.report(name), "canary": canary, "champion": champion,
                "shadow": state.shadow, "heard": tactful.shelf.heard(state, name)}  # fmt: skip
        mine = canary is not None and canary.model == name
        return told | {"trial": tactful.shelf.trial(state) if mine else ()} | of_work(tactful, names)

    return page(request, "model.html", **await to_thread.run_sync(look))


@router.get("/{name}/report.{ending}")
async def report(tactful: Tactful, staff: Trainer, name: str, ending: str) -> Response:
    """The kept report as JSON, or as Markdown for a pull request."""
    if ending not in MEDIA:
        raise NotFound
    await to_thread.run_sync(lambda: tactful.shelf.model(tactful.shelf.state(), name))
    content = await to_thread.run_sync(tactful.shelf.file, name, ending)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, media_type=MEDIA[ending], headers=headers)


@router.post("/{name}/promote")
async def promote(
    tactful: Tactful, staff: Trainer, name: str, reason: Text = "", to: Short = "all", share: Short = ""
) -> Response:
    """Evaluate it once more, and let it answer customers if the gate lets it pass: all, or first a share of them.

    A canary is not evaluated again: it gets everything, or another share.
    """
    await to_thread.run_sync(lambda: tactful.shelf.model(tactful.shelf.state(), name))
    given = {"model": name, "reason": _said(reason)}
    if to != "share":
        return await _begun(tactful, staff, f"{LIST}/{name}", "promote", **given)
    return await _begun(tactful, staff, f"{LIST}/{name}", "canary", **given, share=_percent(share))


async def _begun(tactful: Tactful, staff: Staff, where: str, kind: str, **given: str) -> Response:
    try:
        await to_thread.run_sync(lambda: tactful.training.begin(kind, staff, **given))
    except (BadRequest, Conflict, Unavailable) as refusal:
        return back(where, str(refusal))
    return back(where)


def _said(reason: str) -> str:
    """Errors: `BadRequest` for a reason that is empty or too long."""
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise BadRequest(f"Say why, in 1 to {LONGEST_NOTE} characters.")
    return reason


def where(tactful: Services) -> dict[str, str]:
    """The machine that a page is about, where there may be several; and whether engines are on others."""
    given = tactful.settings
    several = bool(given.engines) or not is_sqlite(given.database)
    return {"machine": platform.node() if several else "", "elsewhere": "yes" if given.engines else ""}


def _percent(share: str) -> str:
    """Errors: `BadRequest` for what is no whole number from 1 to 99."""
    if not (share.isascii() and share.isdecimal() and 1 <= int(share) <= 99):
        raise BadRequest("A share is a whole number of percent, from 1 to 99.")
    return f"{int(share)}%"


def of_work(tactful: Services, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the part of a page needs that tells how far the work is."""
    job = tactful.training.now()
    known = dict(names or {}) | (tactful.shelf.names({job.by}) if job else {})
    busy = tactful.training.busy()
    return where(tactful) | {"job": job, "running": busy, "words": WORDS, "names": known, "now": tactful.clock()}
