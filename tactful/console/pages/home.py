"""`/console`: where somebody starts: what waits for them, how the last day was, and everything else that is here."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tactful.bootstrap import Services
from tactful.console.access import ANYBODY
from tactful.console.next_step import Step, next_step
from tactful.console.rendering import page
from tactful.console.staff import ABOUT, Role, Staff
from tactful.console.training import WORDS
from tactful.errors import TactfulError
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)
AILING = {
    "engine": "The assistant does not answer now. What customers write is kept, and answered once it is back.",
    "detector": "Messages cannot be checked for personal data now, so none is taken. Customers are asked to try again.",
}


@router.get("")
async def home(request: Request, tactful: Tactful, staff: Annotated[Staff, Depends(ANYBODY)]) -> Response:
    """What this member of staff can do here, and what waits for them."""

    def look() -> dict[str, Any]:
        counts = staff.may(Role.REVIEWER, Role.TRAINER, Role.AUDITOR, Role.ADMINISTRATOR)
        return {
            "waits": tactful.morning.waits(staff),
            "days": tactful.figures.days() if counts else (),
            "step": _step(tactful) if staff.may(Role.TRAINER) else None,
        }

    ailing = [AILING[name] for name, why in (await tactful.readiness.look()).items() if why and name in AILING]
    return page(request, "home.html", about=ABOUT, ailing=ailing, **await to_thread.run_sync(look))


def _step(tactful: Services) -> Step | None:
    """What a trainer would do next, or what is being done; None where the register cannot be read."""
    if (job := tactful.training.now()) and job.running:
        return Step(f"{WORDS[job.kind]} is under way: {job.stage}.", "/console/models", "Watch it")
    try:
        state = tactful.shelf.state()
        return next_step(state, tactful.shelf.passed(state))
    except TactfulError as error:
        return Step(str(error), "/console/models", "Open the models")
