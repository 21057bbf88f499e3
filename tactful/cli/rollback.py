"""`tactful rollback`: the champion before answers again, at once; while a canary runs, the champion answers all."""

import getpass
from importlib import import_module

from tactful.cli.reasons import Reason, said
from tactful.cli.returning import going_back
from tactful.config import Settings
from tactful.installation import RETURNS, jobs, registry

WORKING = "tactful.cli.working"  # seconds to import; customers wait for none of it


def rollback(reason: Reason) -> None:
    """Go back to the champion before; its engine is still alive. Example: tactful rollback --reason "complaints"

    While a canary runs, that is what ends, and the champion stays. The gate is not asked. A second rollback undoes
    the first.
    """
    said(reason)
    settings, who = Settings(), getpass.getuser()
    with jobs(settings, RETURNS).doing("rollback", who):
        begun = going_back(settings, registry(settings), who)
        import_module(WORKING).explained(begun, reason)
