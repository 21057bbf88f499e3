"""`/console/training`: what reviewers settled, what of it may be taught, and the sentences that would change."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from tactful.console.pages.models import Trainer, of_work
from tactful.console.rendering import page
from tactful.learn import reviewed
from tactful.learn.evaluating import provenance
from tactful.learn.teaching import conversations
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/training", include_in_schema=False)

WHY = {
    "personal": "holds something personal: mark it in the conversation first",
    "golden": "stands in the golden set, and must not be learned from",
    "conflict": "was given two intents, here or in the data written by hand",
    "markup": "would be read as Rasa's mark-up",
    "unknown intent": "has an intent that the domain does not know",
}


@router.get("")
async def show(request: Request, tactful: Tactful, staff: Trainer) -> Response:
    """What the newest look or export found, by id and reason, and whether anything taught may not teach any more."""

    def look() -> dict[str, Any]:
        taught = conversations(provenance(tactful.settings.project))
        with tactful.database.read() as tx:
            gone = reviewed.withdrawn(tx, tactful.policy, taught | reviewed.all_learned(tx))
            models = reviewed.models_of(tx, gone)
        last = tactful.training.last_of("look", "export")
        return {"taught": len(taught), "gone": len(gone & taught), "models": models, "last": last, **of_work(tactful)}

    return page(request, "training.html", why=WHY, **await to_thread.run_sync(look))


@router.get("/preview")
async def preview(request: Request, tactful: Tactful, staff: Trainer) -> Response:
    """The sentences that an export would add and take away, of customers who allow it; reading them is audited."""
    found = await to_thread.run_sync(lambda: tactful.training.preview(staff))
    return page(request, "training_preview.html", preview=found)
