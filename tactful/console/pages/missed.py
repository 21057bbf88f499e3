"""`/console/missed`: marking what the detector missed, freeing what it hid for nothing, undoing both."""

from collections.abc import Callable
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tactful.bootstrap import Services
from tactful.console.access import allow
from tactful.console.missed import cases, corrections, rate
from tactful.console.missed.corrections import Correction, Scope
from tactful.console.missed.kinds import kinds
from tactful.console.rendering import back, page, say
from tactful.console.reveals import REASONS
from tactful.console.staff import Role, Staff
from tactful.console.transcripts import Run
from tactful.errors import TactfulError
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.profile.transparency import miss_rate
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/missed", include_in_schema=False)
Reviewer = Annotated[Staff, Depends(allow(Role.REVIEWER))]
Reader = Annotated[Staff, Depends(allow(Role.REVIEWER, Role.AUDITOR))]
Id = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]
LIST = "/console/missed"


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Reader) -> Response:
    """What was put right: by whom, when, and how it stands."""
    return page(request, "missed.html", **await to_thread.run_sync(_listed, tactful))


@router.get("/kinds")
async def choose(request: Request, tactful: Tactful, staff: Reviewer) -> Response:
    """The kinds to choose from, for words that are selected."""
    return page(request, "missed/kinds.html", kinds=kinds(tactful.policy))


@router.post("/mark")
async def mark(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    conversation: Id,
    seq: Annotated[int, Form()],
    start: Annotated[int, Form()],
    end: Annotated[int, Form()],
    kind: Annotated[str, Form(max_length=40)],
) -> Response:
    """Hide what is selected, at once; then show where else it stands. Offsets, never words."""
    done = await to_thread.run_sync(tactful.missed.mark, staff.id, conversation, seq, start, end, kind)
    return await _elsewhere(request, tactful, done)


@router.post("/{correction_id}/scope")
async def scope(
    request: Request, tactful: Tactful, staff: Reviewer, correction_id: str, scope: Annotated[Scope, Form()]
) -> Response:
    """The same list for this customer only, or for everyone; nothing is changed."""
    done = await to_thread.run_sync(_one, tactful, correction_id)
    return await _elsewhere(request, tactful, done, scope)


@router.post("/{correction_id}/spread")
async def spread(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    correction_id: str,
    scope: Annotated[Scope, Form()],
    listed: Annotated[list[str] | None, Form()] = None,
    conversation: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Hide it wherever it stands, but for the conversations that were `listed` and not left checked."""
    left = set(listed or ()) - set(conversation or ())
    done = await to_thread.run_sync(tactful.missed.spread, staff.id, correction_id, scope, left)
    return await _done(request, tactful, done, "Hidden wherever it stood. The detector knows it from now on.")


@router.post("/{correction_id}/undo")
async def undo(request: Request, tactful: Tactful, staff: Reviewer, correction_id: str) -> Response:
    """Take a correction back."""
    changed = await to_thread.run_sync(tactful.undoing.messages, correction_id)
    act = lambda: tactful.undoing.undo(staff.id, correction_id)  # noqa: E731
    return await _decided(request, tactful, act, "Undone: it is as it was before.", changed)


@router.post("/placeholder")
async def placeholder(
    request: Request,
    tactful: Tactful,
    staff: Annotated[Staff, Depends(allow(Role.REVIEWER, Role.AGENT))],
    conversation: Id,
    placeholder: Annotated[str, Form(max_length=60)],
) -> Response:
    """What can be done about a hidden value."""
    found = PLACEHOLDER.fullmatch(placeholder)
    entity = tactful.policy.entities.get(found[1]) if found else None
    marked = await to_thread.run_sync(_mark_of, tactful, conversation, placeholder)
    return page(
        request,
        "missed/placeholder.html",
        conversation=conversation,
        placeholder=placeholder if found else "",
        label=entity.label if entity else "value",
        marked=marked,
        may_correct=staff.may(Role.REVIEWER),
        reasons=REASONS,
        minutes=tactful.reveals.minutes,
    )


@router.post("/free")
async def free(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    conversation: Id,
    placeholder: Annotated[str, Form(max_length=60)],
    scope: Annotated[Scope, Form()],
) -> Response:
    """Say that a hidden value is nothing personal."""
    done = await to_thread.run_sync(tactful.not_personal.free, staff.id, conversation, placeholder, scope)
    return await _done(request, tactful, done, "Readable again, and not hidden any more.")


@router.post("/{correction_id}/agree")
async def agree(request: Request, tactful: Tactful, staff: Reviewer, correction_id: str) -> Response:
    """The second person's yes."""
    act = lambda: tactful.not_personal.agree(staff.id, correction_id)  # noqa: E731
    return await _decided(request, tactful, act, "Agreed: the words are readable again.")


@router.post("/{correction_id}/refuse")
async def refuse(request: Request, tactful: Tactful, staff: Reviewer, correction_id: str) -> Response:
    """The second person's no, or the first one's second thought."""
    act = lambda: tactful.not_personal.refuse(staff.id, correction_id)  # noqa: E731
    return await _decided(request, tactful, act, "It stays hidden.")


async def _decided(
    request: Request, tactful: Services, act: Callable[[], Correction], told: str, changed: list[int] | None = None
) -> Response:
    """For htmx the part of the page; else the list, which says what was done or why not."""
    if request.headers.get("hx-request"):
        return await _done(request, tactful, await to_thread.run_sync(act), told, changed)
    try:
        await to_thread.run_sync(act)
    except TactfulError as refusal:
        told = str(refusal)
    return back(LIST, told)


async def _elsewhere(request: Request, tactful: Services, done: Correction, scope: Scope | None = None) -> Response:
    preview = await to_thread.run_sync(tactful.missed.preview, done.id, scope)
    texts = await to_thread.run_sync(_texts, tactful, done, None)
    label = tactful.policy.entities[done.kind].label
    return page(
        request,
        "missed/elsewhere.html",
        done=done,
        preview=preview,
        label=label,
        scope=scope or done.scope,
        texts=texts,
    )


async def _done(
    request: Request, tactful: Services, done: Correction, told: str, changed: list[int] | None = None
) -> Response:
    waits = done.state == corrections.State.WAITING
    told = "This might be somebody's, so a second person has to agree. It is on the list." if waits else told
    texts = await to_thread.run_sync(_texts, tactful, done, changed)
    return say(page(request, "missed/done.html", done=done, told=told, texts=texts), told)


def _texts(tactful: Services, done: Correction, changed: list[int] | None) -> list[tuple[int, list[Run]]]:
    """The messages of its conversation that a correction changed, as they stand now: whoever did it has it open."""
    wanted = tactful.undoing.messages(done.id) if changed is None else changed
    return tactful.transcripts.texts(done.conversation_id, wanted)


def _one(tactful: Services, correction_id: str) -> Correction:
    with tactful.database.read() as tx:
        return corrections.one(tx, correction_id)


def _mark_of(tactful: Services, conversation_id: str, placeholder: str) -> Correction | None:
    """The mark by which words became this placeholder, if it was one."""
    with tactful.database.read() as tx:
        return corrections.mark_of(tx, conversation_id, placeholder)


def _listed(tactful: Services) -> dict[str, Any]:
    with tactful.database.read() as tx:
        rows = corrections.latest(tx)
        sample = rate.sampled(tx)
        seen = {who: corrections.may_be_seen(tx, who, tactful.policy) for who in {row.subject_id for row in rows}}
    rows = [row for row in rows if seen[row.subject_id]]
    return {
        "waiting": [row for row in rows if row.state == corrections.State.WAITING],
        "rows": [row for row in rows if row.state != corrections.State.WAITING],
        "names": tactful.accounts.names(),
        "labels": {kind: entity.label for kind, entity in tactful.policy.entities.items()},
        "rate": miss_rate(*sample) if sample else None,
        "cases": sum(1 for _ in cases.exported(tactful.database)),
    }
