"""What a line of the log belongs to: the request and the turn under way. Ids drawn by chance; no one's name."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request", default="")
TURN: ContextVar[str] = ContextVar("turn", default="")  # conversation:seq
TRACE: ContextVar[str] = ContextVar("trace", default="")  # where traces are made


@contextmanager
def belonging(where: ContextVar[str], id: str) -> Iterator[None]:
    """What is logged within the block belongs to this request or turn."""
    token = where.set(id)
    try:
        yield
    finally:
        where.reset(token)


def now() -> dict[str, str]:
    """The ids that hold here, by their names in the log."""
    found = {"request": REQUEST.get(), "turn": TURN.get(), "trace": TRACE.get()}
    return {name: each for name, each in found.items() if each}
