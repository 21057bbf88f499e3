"""`/healthz`, `/readyz`, `/metrics`."""

from anyio import to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tactful.errors import TactfulError
from tactful.web.session import Tactful

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(tactful: Tactful) -> Response:
    """Whether each part can do its work now: 200 if all can, else 503. A door that is about to stop is not ready."""
    if tactful.closing.is_set():
        return JSONResponse({"ready": False, "stopping": True}, status_code=503)
    try:
        await to_thread.run_sync(tactful.database.schema_version)
        database = True
    except TactfulError:
        database = False
    parts = {"database": database, "detector": tactful.detector.ready, "engine": await tactful.engine.ready()}
    return JSONResponse({"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503)


@router.get("/metrics")
async def metrics(tactful: Tactful) -> Response:
    """Prometheus metrics; no label holds anything about a person."""
    return Response(generate_latest(tactful.metrics.registry), media_type=CONTENT_TYPE_LATEST)
