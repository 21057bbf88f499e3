"""What a process asks of the system about those it starts."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """On Linux, whoever is killed outright takes what it started with it.

    At once: one that hangs would keep its port from its successor, and what a kill can do to data is nothing new.
    """
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass
