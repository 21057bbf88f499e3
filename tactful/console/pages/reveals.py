"""`/console/reveals`: asking for a hidden value, agreeing or not, and the one answer that holds it."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tactful.bootstrap import Services
from tactful.console.access import allow
from tactful.console.rendering import back, page, say
from tactful.console.reveals import REASONS
from tactful.console.staff import Role, Staff
from tactful.errors import TactfulError
from tactful.privacy.placeholders import Redaction, redact
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/reveals", include_in_schema=False)
Asker = Annotated[Staff, Depends(allow(Role.AGENT, Role.REVIEWER))]
Decider = Annotated[Staff, Depends(allow(Role.AGENT, Role.REVIEWER, Role.ADMINISTRATOR))]
Second = Annotated[Staff, Depends(allow(Role.REVIEWER, Role.ADMINISTRATOR))]
LIST = "/console/reveals"


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Decider) -> Response:
    """What was asked for: by whom, why, and how it stands. No values."""
    return page(request, "reveals.html", **await to_thread.run_sync(_listed, tactful, staff))


@router.post("")
async def ask(
    request: Request,
    tactful: Tactful,
    staff: Asker,
    conversation: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
    placeholder: Annotated[str, Form(max_length=60)],
    reason: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Ask to see a value. What is written down about why passes the detector first."""
    words = await _redacted(tactful, note)
    asked = await to_thread.run_sync(tactful.reveals.ask, staff.id, conversation, placeholder, reason, words)
    told = "Asked. A second person finds it under Reveals, and so will you once they agreed."
    return say(page(request, "reveals/asked.html", asked=asked, told=told), told)


@router.post("/{reveal_id}/agree")
async def agree(tactful: Tactful, staff: Second, reveal_id: str) -> Response:
    """The second person's yes."""
    return await _decided(tactful, staff, reveal_id, "Agreed. It can be looked at for a few minutes.", yes=True)


@router.post("/{reveal_id}/refuse")
async def refuse(tactful: Tactful, staff: Decider, reveal_id: str) -> Response:
    """The second person's no, or the first one's second thought."""
    return await _decided(tactful, staff, reveal_id, "It stays hidden.", yes=False)


@router.post("/{reveal_id}/look")
async def look(request: Request, tactful: Tactful, staff: Asker, reveal_id: str) -> Response:
    """The value, in this answer only: nothing may keep it, and the page lets go of it when the time is over."""
    try:
        shown = await to_thread.run_sync(tactful.reveals.look, staff.id, reveal_id)
    except TactfulError as refusal:
        if refusal.status == 404:
            raise
        return back(LIST, str(refusal))
    label = tactful.policy.entities[shown.reveal.kind].label
    answer = page(request, "reveals/shown.html", shown=shown, label=label, minutes=max(1, shown.seconds // 60))
    answer.headers["cache-control"] = "no-store"
    answer.headers["refresh"] = f"{shown.seconds};url={LIST}"  # without scripts, too
    return answer


async def _decided(tactful: Services, staff: Staff, reveal_id: str, told: str, *, yes: bool) -> Response:
    try:
        await to_thread.run_sync(lambda: tactful.reveals.decide(staff.id, reveal_id, yes=yes))
    except TactfulError as refusal:
        if refusal.status == 404:
            raise
        told = str(refusal)
    return back(LIST, told)


async def _redacted(tactful: Services, note: str) -> Redaction:
    return redact(note, await tactful.detector.detect(note), {}) if note.strip() else Redaction("", [], [])


def _listed(tactful: Services, staff: Staff) -> dict[str, Any]:
    now = tactful.clock()
    rows = tactful.reveals.latest()
    return {
        "open": [row for row in rows if row.is_open(now)],
        "mine": [row for row in rows if row.asked_by == staff.id and row.may_be_used(now)],
        "rows": [row for row in rows if not row.is_open(now)],
        "now": now,
        "names": tactful.accounts.names(),
        "labels": {kind: entity.label for kind, entity in tactful.policy.entities.items()},
        "reasons": {reason.value: words for reason, words in REASONS.items()},
        "minutes": tactful.reveals.minutes,
        "may_agree": staff.may(Role.REVIEWER, Role.ADMINISTRATOR),
    }
