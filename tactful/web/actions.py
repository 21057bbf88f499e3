"""Rasa's custom actions, served by the door on a loopback port of its own, for the bearer of the secret."""

import hmac
import logging
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tactful.errors import Unavailable
from tactful.telemetry.traces import HEADER, NO_TRACES, Traces

log = logging.getLogger(__name__)

SHOWN = "x-tactful-secret"


def rasa_domain(project: Path) -> dict[str, Any]:
    """Slots, forms and so on of the assistant, without its texts: what an action may ask of the domain.

    Rasa would send all of it with every call; here it is read once.
    """
    domain: dict[str, Any] = {}
    for file in [project / "domain.yml", *sorted((project / "domain").rglob("*.yml"))]:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for section in ("slots", "forms"):
            domain.setdefault(section, {}).update(content.get(section) or {})
    return domain


def actions_app(secret: str, domain: dict[str, Any], package: str = "actions", traces: Traces = NO_TRACES) -> Starlette:
    """An ASGI app that answers `POST /actions` as Rasa's action server would."""
    executor = ActionExecutor()
    executor.register_package(package)

    async def run(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SHOWN, "").encode(), secret.encode()):
            return JSONResponse({"error": "not found"}, status_code=404)
        try:
            call = {"domain": domain} | await request.json()
        except ClientDisconnect:  # the engine was killed, or gave the turn up; nobody hears the answer
            return Response(status_code=400)
        name = call.get("next_action")
        try:
            # The engine hands the turn's context on; whoever has the secret is not a customer.
            with traces.span("action", request.headers.get(HEADER, "")):
                result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return JSONResponse({"error": "rejected", "action_name": rejection.action_name}, status_code=400)
        except ActionNotFoundException:
            log.error("there is no action %s", name)
            return JSONResponse({"error": "no such action", "action_name": name}, status_code=404)
        except Unavailable as error:
            log.warning("action %s is put off: %s", name, error.code)
            return JSONResponse({"error": error.code, "action_name": name}, status_code=503)
        except Exception as error:
            # The tracker is in scope: neither it nor the error's text may reach the log.
            log.error("action %s failed: %s", name, type(error).__name__)
            return JSONResponse({"error": "failed", "action_name": name}, status_code=500)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    return Starlette(routes=[Route("/actions", run, methods=["POST"])])
