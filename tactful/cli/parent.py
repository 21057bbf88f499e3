"""What this process starts does not outlive it, even when it is killed."""

import ctypes
import ctypes.util
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True) if sys.platform == "linux" else None


def with_parent() -> None:
    """In a new process, before its program begins: the kernel ends it when its parent ends. Linux only."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
