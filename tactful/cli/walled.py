"""A program alone behind the wall: what it prints is read for personal data before it is written.

`tactful engine` becomes this, which imports little: it stays for as long as the engine does. The engine is started
again when it ends or hangs. Run as `python -m tactful.cli.walled NAME URL COMMAND…` with the program's environment;
`URL` is where it is asked whether it hangs, with the secret of TACTFUL_ENGINE_SECRET.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tactful.cli.hanging import Health
from tactful.cli.supervisor import Program, Supervisor
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.logs.passing import Hearing, new_mark
from tactful.logs.setup import standard_output, writing
from tactful.logs.wall import Wall

BUSY_S = 60.0  # beyond two turns' deadlines


def health_of(url: str, secret: str, turn_deadline_s: float) -> Health:
    """How an engine is asked whether it hangs. No turn keeps it busy for longer than a door waits for it."""
    headers = {"Authorization": f"Bearer {secret}"}
    return Health(f"{url}/webhooks/door/alive", headers, BUSY_S + 2 * turn_deadline_s)


def command(name: str, url: str, inner: Sequence[str]) -> list[str]:
    """The command line that runs another one behind the wall."""
    return [sys.executable, "-W", "ignore", "-m", "tactful.cli.walled", name, url, *inner]


async def run(program: Program, wall: Wall) -> None:
    """Keep it running until SIGTERM or SIGINT, which it gets first, to end what it has under way."""
    hearing = Hearing(new_mark())

    def heard(name: str, printed: str) -> None:
        if line := hearing.line(name, printed):
            wall.take(line)

    supervisor = Supervisor([program], heard)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def main(name: str, url: str, *inner: str) -> None:
    settings = Settings()
    os.umask(0o077)
    health = health_of(url, os.environ.get("TACTFUL_ENGINE_SECRET", ""), settings.turn_deadline_s)
    grace_s = settings.turn_deadline_s + 5
    program = Program(name, inner, Path.cwd(), dict(os.environ), health=health, grace_s=grace_s)
    try:
        with writing(settings, [standard_output(settings)]) as wall:
            asyncio.run(run(program, wall))
    except TactfulError as error:
        sys.exit(f"tactful: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
