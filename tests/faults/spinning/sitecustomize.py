"""Python reads this at its start where the folder is on PYTHONPATH: whoever gets SIGUSR2 spins for ever."""

import signal


def spin(*_: object) -> None:
    while True:
        pass


signal.signal(signal.SIGUSR2, spin)
