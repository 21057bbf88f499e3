"""What the console has done beside the door: the commands' own code, in a process that yields to all others.

    echo '{"by": "…"}' | python -m tactful.cli.background train

Progress, failure and result stand where `tactful.learn.jobs` keeps them; this process says nothing itself.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module

from tactful.cli.returning import going_back
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.installation import RETURNS, jobs, registry
from tactful.learn.jobs import Cancelled
from tactful.priority import LOW, GivingWay

# Its parts take seconds to import, on a busy machine many: whoever pressed the button sees at once that it has begun.
WORKING = "tactful.cli.working"
# Long work of this very process; what the others are long at runs in engines, which give way by themselves.
LONG = frozenset({"train", "look", "export", "select"})


def main() -> None:
    kind, given = sys.argv[1], json.loads(sys.stdin.read())
    settings = Settings()
    doing = jobs(settings, RETURNS if kind == "rollback" else "job").doing(kind, given["by"])
    with contextlib.suppress(TactfulError, Cancelled, KeyboardInterrupt), doing as work:
        if kind == "rollback":  # customers wait for it, and for no import
            work.told("giving the turns back")
            given |= {"begun": going_back(settings, registry(settings), given["by"])}
        working = import_module(WORKING)
        with _giving_way(kind):
            working.do(kind, given, work)


@contextlib.contextmanager
def _giving_way(kind: str) -> Iterator[None]:
    """Turns of customers come first."""
    if kind not in LONG:
        yield
        return
    os.nice(LOW)
    with GivingWay().of(os.getpid()):
        yield


if __name__ == "__main__":
    main()
