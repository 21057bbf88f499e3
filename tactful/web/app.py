"""The door's web application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from tactful.bootstrap import Services
from tactful.console import app as console
from tactful.console.guard import ConsoleGuard
from tactful.errors import TactfulError
from tactful.logs.line import Place, place_of
from tactful.web import conversations, errors, health, me, pages, receipts
from tactful.web.security import BodyLimit, Observed, RequestLimit, SecurityHeaders

log = logging.getLogger(__name__)


def door_app(services: Services) -> FastAPI:
    """The application over these services; it starts and closes them with itself."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await services.start()
        except Exception as error:
            # uvicorn prints the error's words, which nobody is there to read for personal data: they are withheld.
            code = error.code if isinstance(error, TactfulError) else type(error).__name__
            log.error("the door does not start: %s", Place(f"{code} in {place_of(error)}"))
            raise
        yield
        await services.close()

    app = FastAPI(
        title="Tactful",
        summary="Chat with redaction at the door.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's page loads scripts from elsewhere; ours is /api/docs in pages.py
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    for router in (conversations.router, me.router, receipts.router, health.router, pages.router):
        app.include_router(router)
    pages.mount(app, services.settings.project)
    console.mount(app)
    errors.install(app, {"/console": console.answer_to})
    app.add_middleware(
        BodyLimit,
        largest=services.settings.body_bytes,
        larger={"/api/me/import": services.settings.import_bytes},
    )
    app.add_middleware(RequestLimit, limits=services.limits)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.allowed_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
        max_age=86_400,
    )
    app.add_middleware(ConsoleGuard)
    app.add_middleware(
        SecurityHeaders,
        frame_ancestors=services.settings.frame_ancestors,
        https=services.settings.address.startswith("https://"),
    )
    app.add_middleware(Observed, metrics=services.metrics)
    return app
