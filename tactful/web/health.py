"""`/healthz`, `/readyz`, `/metrics`."""

import shutil

from anyio import to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tactful import restarts
from tactful.bootstrap import Services
from tactful.chat import backlog
from tactful.errors import TactfulError
from tactful.store.audit import Act
from tactful.web.session import Tactful

router = APIRouter(tags=["operations"])

UNKNOWN = float("nan")


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(tactful: Tactful) -> Response:
    """Whether each part can do its work now: 200 if all can, else 503 with the reasons. One that stops is not ready."""
    if tactful.closing.is_set():
        return JSONResponse({"ready": False, "stopping": True, "reasons": {}}, status_code=503)
    found = await tactful.readiness.look()
    reasons = {part: why for part, why in found.items() if why}
    parts = {part: not why for part, why in found.items()}
    return JSONResponse(
        {"ready": not reasons, **parts, "reasons": reasons},
        status_code=503 if reasons else 200,
        headers={"Cache-Control": "no-store"},
    )


@router.get("/metrics")
async def metrics(tactful: Tactful) -> Response:
    """Prometheus metrics; no label holds anything about a person."""
    reasons = await tactful.readiness.look()
    if reasons["database"]:
        _unknown(tactful)
    else:
        await to_thread.run_sync(_look, tactful)
    for program, why, count in restarts.read(restarts.file_of(tactful.settings.home)):
        tactful.metrics.restarts.labels(program, why).set(count)
    tactful.metrics.disk_free.set(shutil.disk_usage(tactful.settings.home).free)
    return Response(generate_latest(tactful.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _look(tactful: Services) -> None:
    """What only the database knows."""
    shown = tactful.metrics
    try:
        with tactful.database.read() as tx:
            waiting = backlog.of(tx, tactful.clock())
            made = tactful.audit.last(tx, Act.BACKED_UP)
    except TactfulError:
        return _unknown(tactful)
    shown.queue_messages.set(waiting.messages)
    shown.queue_age.set(waiting.oldest_ms / 1000)
    shown.backup_made.set(made / 1000)


def _unknown(tactful: Services) -> None:
    """Not zero: nobody knows."""
    for gauge in (tactful.metrics.queue_messages, tactful.metrics.queue_age, tactful.metrics.backup_made):
        gauge.set(UNKNOWN)
