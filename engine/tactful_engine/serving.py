"""The server around Rasa's agent: our channel, the same log lines and limits as `rasa run`'s, nothing else."""

import argparse
import logging
from asyncio import AbstractEventLoop

import rasa.core.agent
import rasa.utils.common
import rasa.utils.io
from rasa.core.channels import channel
from rasa.core.constants import DEFAULT_KEEP_ALIVE_TIMEOUT
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

logger = logging.getLogger()

BACKLOG = 100


def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    rasa.utils.common.configure_logging_and_warnings()
    rasa.utils.io.configure_colored_logging(None)
    configure_structlog()
    app = application(options)
    logger.info(f"Starting Rasa server on http://{options.interface}:{options.port}")
    rasa.utils.common.update_sanic_log_level()
    app.run(host=options.interface, port=options.port, backlog=BACKLOG, workers=1)


def application(options: argparse.Namespace) -> Sanic:
    """The channels of the credentials; the model is loaded before it listens."""
    app = Sanic("tactful_engine", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = DEFAULT_KEEP_ALIVE_TIMEOUT
    named = read_config_file(options.credentials)
    channels = [class_from_module_path(name).from_credentials(own) for name, own in named.items()]
    channel.register(channels, app, route="/webhooks/")
    endpoints = AvailableEndpoints.read_endpoints(str(options.endpoints))

    @app.get("/")
    async def here(request: Request) -> HTTPResponse:
        return text("The engine is here.")

    @app.before_server_start
    async def load(app: Sanic, loop: AbstractEventLoop) -> None:
        app.ctx.agent = await rasa.core.agent.load_agent(str(options.model), endpoints=endpoints, loop=loop)
        logger.info("Rasa server is up and running.")

    return app
