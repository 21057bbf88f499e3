"""Looks for everybody who listens at this door whether something changed that nobody rang the bell for.

Other doors and commands change conversations, too. One look for all who listen costs less than one for each.
"""

import asyncio
from collections.abc import Iterable, Sequence

from anyio import to_thread
from sqlalchemy import Connection, String, bindparam, func, select

from tactful.chat.bell import Bell
from tactful.errors import TactfulError
from tactful.store.database import Database
from tactful.store.tables import PENDING, conversations, messages

AT_ONCE = 500  # conversations in a statement

_THESE = bindparam("these", expanding=True, type_=String)
_STANDS = select(conversations.c.id, conversations.c.state, conversations.c.next_seq).where(
    conversations.c.id.in_(_THESE)
)
_WAITS = (
    select(messages.c.conversation_id, func.count(), func.max(messages.c.attempts))
    .where(messages.c.status == PENDING, messages.c.conversation_id.in_(_THESE))
    .group_by(messages.c.conversation_id)
)

Mark = tuple[object, ...]  # what a customer sees depends on it
GONE: Mark = ()


class Watch:
    """One door's."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database, self._bell = database, bell
        self._known: dict[str, Mark] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(self._bell.look_s)
            await self.look()

    async def look(self) -> None:
        """Wake whose conversation has changed since the last look. Without a database everybody finds out himself."""
        listened = self._bell.listened()
        try:
            marks = await to_thread.run_sync(self._marks, listened) if listened else {}
        except TactfulError:
            return self._bell.wake_all()
        for conversation_id in listened:
            mark = marks.get(conversation_id, GONE)
            # How long a person types is told by the clock alone.
            if mark != self._known.get(conversation_id) or "agent" in mark:
                self._bell.heard(conversation_id)
        self._known = {conversation_id: marks.get(conversation_id, GONE) for conversation_id in listened}

    def _marks(self, listened: Sequence[str]) -> dict[str, Mark]:
        with self._database.read() as tx:
            return {conversation_id: mark for these in _parts(listened) for conversation_id, mark in _marks(tx, these)}


def _marks(tx: Connection, these: Sequence[str]) -> Iterable[tuple[str, Mark]]:
    waits = {row[0]: tuple(row[1:]) for row in tx.execute(_WAITS, {"these": these})}
    for conversation_id, state, next_seq in tx.execute(_STANDS, {"these": these}):
        yield conversation_id, (state, next_seq, waits.get(conversation_id))


def _parts(listened: Sequence[str]) -> Iterable[Sequence[str]]:
    return (listened[start : start + AT_ONCE] for start in range(0, len(listened), AT_ONCE))
